// Search through all papers in the readers' query language. It finds what a keyword of that text would bring by mail.

import type { Place } from '../papers/browse-store.ts';
import type { Paper } from '../papers/paper.ts';
import type { DbOrTransaction } from '../platform/db.ts';
import { listPapersWithWords } from './browse-store.ts';
import { indexPaper } from './index-paper.ts';
import type { QueryMatch } from './match.ts';
import type { Query } from './query.ts';
import { matchCandidate } from './query-matcher.ts';
import { toWordCondition } from './word-numbers.ts';

export type SearchResult = {
  /** The newest day's first. */
  found: { paper: Paper; match: QueryMatch }[];
  /** Where to go on; null when everything was looked at. */
  next: Place | null;
};

const papersPerStep = 60;
/** A query that the words alone decide badly, as most exclusions are, looks at no more papers than that in one go. */
const mostSteps = 5;

/** At most `limit` papers that come after `after`, which is null for the newest. Fewer, with a `next`, after much looking. */
export async function searchPapers(
  db: DbOrTransaction,
  { query, after, limit }: { query: Query; after: Place | null; limit: number },
): Promise<SearchResult> {
  const condition = toWordCondition(query.root);
  const found: SearchResult['found'] = [];
  let place = after;
  for (let step = 0; step < mostSteps; step += 1) {
    const candidates = await listPapersWithWords(db, { condition, after: place, limit: papersPerStep });
    for (const paper of candidates) {
      if (found.length === limit) return { found, next: place };
      place = { day: paper.firstListedOn, seq: paper.seq };
      const match = matchCandidate(query, indexPaper(paper));
      if (match !== null) found.push({ paper, match });
    }
    if (candidates.length < papersPerStep) return { found, next: null };
  }
  return { found, next: place };
}
