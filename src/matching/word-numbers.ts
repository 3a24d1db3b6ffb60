// What search looks papers up by: every word stem of a paper as a number, and which of them a query needs. A prefilter:
// the matcher has the last word on what is found.
import { indexPaper } from './index-paper.ts';
import type { MatchablePaper } from './match.ts';
import { isCommonWord, type Node, type Term } from './query.ts';

/** What a paper must have: any of some words, none of some, or all or any of such conditions. */
export type WordCondition =
  | { type: 'some'; of: number[] }
  | { type: 'none'; of: number[] }
  | { type: 'all' | 'any'; conditions: WordCondition[] };

/** Each once, in order. Two stems share a number once in billions: then a search may miss a paper, and mail none. */
export function listWordNumbers(paper: MatchablePaper): number[] {
  const numbers = new Set(Array.from(indexPaper(paper).places.keys(), toNumber));
  return [...numbers].sort((one, other) => one - other);
}

/** True of every paper that answers the query, and of few others. A common word outside a phrase asks for nothing. */
export function toWordCondition(node: Node): WordCondition {
  if (node.type === 'term') return conditionOfTerm(node);
  const conditions = node.alternatives.map(
    (nodes): WordCondition => ({
      type: 'all',
      conditions: nodes.filter((one) => !isCommonWord(one)).map(toWordCondition),
    }),
  );
  const excluded = node.without.flatMap(conditionOfExclusion);
  const any: WordCondition = { type: 'any', conditions };
  return excluded.length === 0 ? any : { type: 'all', conditions: [any, ...excluded] };
}

/** Only a single word, wherever it stands, is excluded here: whether a paper has a whole phrase, its words alone do not say. */
function conditionOfExclusion(node: Node): WordCondition[] {
  if (node.type !== 'term' || node.field !== undefined || node.phrase.stems.length > 1) return [];
  return [{ type: 'none', of: [...node.phrase.stems, ...node.joined].map(toNumber) }];
}

/** Each word of a phrase is there by itself or written as one with a neighbour; or the term with its neighbour is. */
function conditionOfTerm({ phrase, joined }: Term): WordCondition {
  const conditions = phrase.stems.map((stem, i): WordCondition => {
    const spellings = [stem, phrase.joined[i - 1], phrase.joined[i], ...joined];
    return { type: 'some', of: spellings.flatMap((text) => (text === undefined ? [] : toNumber(text))) };
  });
  return { type: 'all', conditions };
}

/** FNV-1a, as PostgreSQL's integer holds it (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv). */
function toNumber(stem: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < stem.length; i += 1) hash = Math.imul(hash ^ stem.charCodeAt(i), 0x01000193);
  return hash | 0;
}
