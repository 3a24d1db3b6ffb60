// Search through all papers in the readers' query language. It finds what a keyword of that text would bring by mail.

import { listInOrder, type Place } from '../papers/browse-store.ts';
import type { Paper } from '../papers/paper.ts';
import { breathe } from '../platform/breathe.ts';
import type { Db } from '../platform/postgres/db.ts';
import { stopIfGone } from '../platform/postgres/shared-pool.ts';
import { listCandidates } from './browse-store.ts';
import { indexNeeded, needStems } from './index-paper.ts';
import type { QueryMatch } from './match.ts';
import { hasPhrase, listStems, type Query } from './query/query.ts';
import { matchCandidate } from './query/query-matcher.ts';
import { toWordCondition } from './words/word-numbers.ts';

export type SearchResult = {
  /** The newest day's first. */
  found: { paper: Paper; match: QueryMatch }[];
  /** Where to go on; null when everything was looked at. */
  next: Place | null;
};

/** A query that words and neighbours decide badly, as most exclusions are, looks at no more papers than that in one go. */
const usualSteps = { papers: 50, most: 2 };
/** Of a phrase so long most candidates have its words elsewhere, and to look them up again costs more than to read them. */
const longPhrase = 4;
const longStep = { papers: 75, most: 1 };

/** At most `limit` papers that come after `after`, which is null for the newest. Fewer, with a `next`, after much looking. */
export async function searchPapers(
  db: Db,
  { query, after, limit }: { query: Query; after: Place | null; limit: number },
): Promise<SearchResult> {
  const condition = toWordCondition(query.root);
  const needed = needStems(listStems(query.root));
  const matches = new Map<number, QueryMatch>();
  const stopAt = async (next: Place | null): Promise<SearchResult> => {
    const papers = await listInOrder(
      db,
      Array.from(matches.keys(), (seq) => ({ seq })),
    );
    const found = papers.flatMap((paper) => {
      const match = matches.get(paper.seq);
      return match === undefined ? [] : [{ paper, match }];
    });
    return { found, next };
  };

  const steps = hasPhrase(query.root, longPhrase) ? longStep : usualSteps;
  let place = after;
  for (let step = 0; step < steps.most; step += 1) {
    const candidates = await listCandidates(db, { condition, after: place, limit: steps.papers });
    for (const candidate of candidates) {
      if (matches.size === limit) return stopAt(place);
      place = { day: candidate.day, seq: candidate.seq };
      await breathe();
      stopIfGone();
      const match = matchCandidate(query, indexNeeded(candidate, needed));
      if (match !== null) matches.set(candidate.seq, match);
    }
    if (candidates.length < steps.papers) return stopAt(null);
    if (matches.size === limit) return stopAt(place);
  }
  return stopAt(place);
}
