// The newest papers that a reader's wishes match: all of them, not only those of one day or those that fit a digest.

import type { MatchFinder } from '../digests/match-finder.ts';
import { comparePlaces } from '../papers/browse-store.ts';
import type { Paper } from '../papers/paper.ts';
import type { Db } from '../platform/db.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { listTopicNames } from '../topics/store.ts';
import { questionOf, readWishes } from './interests.ts';
import { selectDigest } from './select.ts';

/** Among so many of the newest days' papers is looked. */
const papersLookedAt = 300;

/** The newest day's first; at most `limit`. */
export async function listWantedPapers(
  { db, matches }: { db: Db; matches: MatchFinder },
  { preferences, votes }: Pick<Subscriber, 'preferences' | 'votes'>,
  limit: number,
): Promise<Paper[]> {
  const wishes = readWishes(preferences, { topicNames: await listTopicNames(db), votes });
  const matched = await matches.findMatchesOfNewest({ count: papersLookedAt, ...questionOf(wishes) });
  const { picks } = selectDigest({
    edition: '',
    papers: matched,
    wishes,
    maxPapers: matched.length,
  });
  return picks
    .map(({ paper }) => paper)
    .sort(comparePlaces)
    .slice(0, limit);
}
