// What a paper can be wanted for, as one text: `topic:moe`, `query:kv cache`, `organization:gensyn`. Votes are kept
// with these, and weights are looked up by them.

export type InterestType = 'topic' | 'query' | 'organization' | 'author';

/** `name` is a topic's id, a query's text, the key of an organisation, or an author as the reader wrote it. */
export type Interest = { type: InterestType; name: string };

export function writeInterest(type: InterestType, name: string): string {
  return `${type}:${name}`;
}

/** Null for a text that `writeInterest` never wrote. */
export function readInterest(text: string): Interest | null {
  const [, type, name] = /^(topic|query|organization|author):(.+)$/s.exec(text) ?? [];
  if (name === undefined) return null;
  return { type: type as InterestType, name };
}
