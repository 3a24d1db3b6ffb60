// What somebody's digest would hold today, without anybody being subscribed or mailed.
import type { Db } from '../db.ts';
import type { MatchFinder } from '../matching/match-finder.ts';
import { listTopics } from '../matching/store.ts';
import { findLatestListingDate, listPapersOfDay } from '../papers/store.ts';
import type { Digest } from './digest.ts';
import { selectDigest } from './select.ts';

/** Picks from the latest day's listing. `date` is null before the first import, and then there is no digest. */
export async function previewDigest(
  { db, matches }: { db: Db; matches: MatchFinder },
  { topics, keywords, maxPapers }: { topics: string[]; keywords: string[]; maxPapers: number },
): Promise<{ date: string; digest: Digest } | { date: null; digest: null }> {
  const date = await findLatestListingDate(db);
  if (date === null) return { date: null, digest: null };

  const papersOfDay = new Set((await listPapersOfDay(db, date)).map(({ seq }) => seq));
  const window = { after: Math.min(...papersOfDay) - 1, through: Math.max(...papersOfDay) };
  const found =
    papersOfDay.size === 0 ? [] : await matches.findMatches({ ...window, topics, queries: keywords });
  const names = new Map((await listTopics(db)).map(({ id, name }) => [id, name]));
  const digest = selectDigest({
    edition: date,
    papers: found.filter(({ paper }) => papersOfDay.has(paper.seq)),
    topics: new Map(topics.map((id) => [id, names.get(id) ?? id])),
    queries: new Set(keywords),
    maxPapers,
  });
  return { date, digest };
}
