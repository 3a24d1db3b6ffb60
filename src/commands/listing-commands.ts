// Commands that look at a listing and need no database.

import type { Config } from '../config/config.ts';
import { sayInEnglish } from '../languages/words.ts';
import { indexPaper } from '../matching/index-paper.ts';
import type { TopicMatch } from '../matching/match.ts';
import { parseQuery, type Query } from '../matching/query/query.ts';
import { findQueryHint } from '../matching/query/query-hints.ts';
import { matchQuery } from '../matching/query/query-matcher.ts';
import { ConfigError } from '../platform/errors.ts';
import { compileTopics } from '../topics/topic-matcher.ts';
import { readTopics } from '../topics/topics-file.ts';
import type { Listing } from './read-listing.ts';

export type AssignedPaper = { title: string; topics: TopicMatch[] };

export async function assignTopics(
  config: Pick<Config, 'topicsFile'>,
  { papers }: Listing,
): Promise<AssignedPaper[]> {
  const matcher = compileTopics((await readTopics(config)).topics, papers);
  return papers.map((paper) => ({ title: paper.title, topics: matcher.assign(paper) }));
}

/**
 * The papers that match, best first. `hint`: what to write instead, where the query may mean something else. Throws ConfigError when
 * the query cannot be understood.
 */
export function matchPapers(
  { papers }: Listing,
  text: string,
): { matched: { title: string; because: string[] }[]; hint: string | null } {
  const query = readQuery(text);
  const hint = findQueryHint(text, query);
  const matched = papers
    .flatMap((paper) => {
      const match = matchQuery(query, indexPaper(paper));
      return match === null ? [] : [{ title: paper.title, score: match.score, because: match.because }];
    })
    .sort((one, other) => other.score - one.score)
    .map(({ title, because }) => ({ title, because }));
  return { matched, hint: hint && sayInEnglish(hint) };
}

/** Throws ConfigError with the reason. */
export function readQuery(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid')
    throw new ConfigError(`The keyword query “${text}” is not understood: ${parsed.reason}`);
  return parsed.query;
}
