// What somebody's digest would hold today, without anybody being subscribed or mailed.
import type { Db } from '../db.ts';
import type { MatchFinder } from '../matching/match-finder.ts';
import { listTopics } from '../matching/store.ts';
import { findLatestListingDate } from '../papers/store.ts';
import type { Digest } from './digest.ts';
import { selectDigest } from './select.ts';

/** Picks from the latest day's listing. `date` is null before the first import, and then there is no digest. */
export async function previewDigest(
  { db, matches }: { db: Db; matches: MatchFinder },
  { topics, keywords, maxPapers }: { topics: string[]; keywords: string[]; maxPapers: number },
): Promise<{ date: string; digest: Digest } | { date: null; digest: null }> {
  const date = await findLatestListingDate(db);
  if (date === null) return { date: null, digest: null };

  const names = new Map((await listTopics(db)).map(({ id, name }) => [id, name]));
  const digest = selectDigest({
    edition: date,
    papers: await matches.findMatchesOfDay({ date, topics, queries: keywords }),
    topics: new Map(topics.map((id) => [id, names.get(id) ?? id])),
    queries: new Set(keywords),
    maxPapers,
  });
  return { date, digest };
}
