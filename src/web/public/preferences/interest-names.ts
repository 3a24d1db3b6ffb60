// What votes speak about, in words: names of topics, queries in quotation marks, organisations as papers have them.

import type { Words } from '../../../languages/words.ts';
import { readInterest } from '../../../matching/interest.ts';
import { organizationKey } from '../../../papers/organizations.ts';

export type NameInterest = (interest: string) => string;

/** `organizations` are names, in any spelling, among which those of the interests are looked for. */
export function createInterestNames(
  { words: { t }, topicNames }: { words: Words; topicNames: ReadonlyMap<string, string> },
  organizations: string[],
): NameInterest {
  const names = new Map(organizations.map((name) => [organizationKey(name), name]));
  return (text) => {
    const interest = readInterest(text);
    switch (interest?.type) {
      case 'topic':
        return topicNames.get(interest.name) ?? interest.name;
      case 'query':
        return t('reason.quoted', { query: interest.name.replaceAll('"', '') });
      case 'organization':
        return names.get(interest.name) ?? interest.name;
      case 'author':
        return interest.name;
      case undefined:
        return text;
    }
  };
}
