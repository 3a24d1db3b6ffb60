// What a reader gets of the papers, besides what matched since their last digest: of one day, of the newest, and the top
// where nothing matched.

import { comparePlaces } from '../papers/browse-store.ts';
import type { Paper } from '../papers/paper.ts';
import { findLatestListingDate } from '../papers/store.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Preferences } from '../subscribers/preferences/preferences.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { listTopicNames } from '../topics/store.ts';
import type { Digest } from './digest.ts';
import { exclusionsOf, type Interests, questionOf, readInterests } from './interests.ts';
import { findLiking } from './liking.ts';
import type { MatchFinder, Window } from './match-finder.ts';
import { selectDigest } from './select.ts';

/** Picks from the latest day's listing. `date` is null before the first import, and then there is no digest. */
export async function previewDigest(
  { db, matches, topicNames }: { db: Db; matches: MatchFinder; topicNames: ReadonlyMap<string, string> },
  preferences: Preferences,
): Promise<{ date: string; digest: Digest } | { date: null; digest: null }> {
  const date = await findLatestListingDate(db);
  if (date === null) return { date: null, digest: null };

  const interests = readInterests(preferences, { topicNames, votes: [] });
  const papers = await matches.findMatchesOfDay({ date, ...questionOf(interests) });
  const { maxPapers } = preferences;
  const liking = await findLiking(matches.nearness, {
    reader: { id: null, preferences, votes: [] },
    listAll: () => matches.findAllOfDay({ date, ...exclusionsOf(interests) }),
    matched: papers,
    most: preferences.maxAlike,
  });
  return { date, digest: selectDigest({ edition: date, papers, interests, maxPapers, liking }) };
}

/** Among so many of the newest days' papers is looked. */
const papersLookedAt = 300;

/** The newest day's first; at most `limit`. */
export async function listWantedPapers(
  { db, matches }: { db: Db; matches: MatchFinder },
  { preferences, votes }: Pick<Subscriber, 'preferences' | 'votes'>,
  limit: number,
): Promise<Paper[]> {
  const interests = readInterests(preferences, { topicNames: await listTopicNames(db), votes });
  const matched = await matches.findMatchesOfNewest({ count: papersLookedAt, ...questionOf(interests) });
  const { picks } = selectDigest({
    edition: '',
    papers: matched,
    interests,
    maxPapers: matched.length,
  });
  return picks
    .map(({ paper }) => paper)
    .sort(comparePlaces)
    .slice(0, limit);
}

const topPapers = 3;

/** Without reasons: nothing that the reader follows speaks for these papers. Empty when there are none. */
export async function selectTop(
  { matches }: { matches: MatchFinder },
  {
    edition,
    window,
    interests: { excludedTopics, excludedQueries },
    maxPapers,
  }: { edition: string; window: Window; interests: Interests; maxPapers: number },
): Promise<Digest> {
  const count = Math.min(topPapers, maxPapers);
  const papers = await matches.findTop({ ...window, excludedTopics, excludedQueries, count });
  return {
    edition,
    picks: papers.map((paper) => ({ paper, score: 0, reasons: [] })),
    matched: papers.length,
  };
}
