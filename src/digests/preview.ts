// What somebody's digest would hold today, without anybody being subscribed or mailed.

import type { MatchFinder } from '../digests/match-finder.ts';
import { findLatestListingDate } from '../papers/store.ts';
import type { Db } from '../platform/db.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import type { Digest } from './digest.ts';
import { questionOf, readWishes } from './interests.ts';
import { selectDigest } from './select.ts';

/** Picks from the latest day's listing. `date` is null before the first import, and then there is no digest. */
export async function previewDigest(
  { db, matches, topicNames }: { db: Db; matches: MatchFinder; topicNames: ReadonlyMap<string, string> },
  preferences: Preferences,
): Promise<{ date: string; digest: Digest } | { date: null; digest: null }> {
  const date = await findLatestListingDate(db);
  if (date === null) return { date: null, digest: null };

  const wishes = readWishes(preferences, { topicNames, votes: [] });
  const papers = await matches.findMatchesOfDay({ date, ...questionOf(wishes) });
  const { maxPapers } = preferences;
  return { date, digest: selectDigest({ edition: date, papers, wishes, maxPapers }) };
}
