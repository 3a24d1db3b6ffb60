// Which digest a reader gets for an edition: what matched, or where nothing did and they want it, the top papers; and what they
// would get now.

import { lastReadySeq } from '../papers/store.ts';
import { type Db, Prisma } from '../platform/postgres/db.ts';
import { newsDays } from '../subscribers/preferences/schedule.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { addDays } from '../text/days.ts';
import { listTopicNames } from '../topics/store.ts';
import type { Digest } from './digest.ts';
import { exclusionsOf, questionOf, readInterests } from './interests.ts';
import { findLiking } from './liking.ts';
import type { MatchFinder, Window } from './match-finder.ts';
import { selectTop } from './reader-papers.ts';
import { selectDigest } from './select.ts';

export type ChosenDigest =
  | { type: 'digest'; digest: Digest; holds: 'matches' | 'top' }
  | { type: 'nothing'; code: 'no_papers' | 'no_match' };

export async function chooseDigest(
  deps: { matches: MatchFinder; topicNames: ReadonlyMap<string, string> },
  {
    subscriber: { id, preferences, votes },
    edition,
    window,
  }: { subscriber: Pick<Subscriber, 'id' | 'preferences' | 'votes'>; edition: string; window: Window },
): Promise<ChosenDigest> {
  if (window.through <= window.after) return { type: 'nothing', code: 'no_papers' };
  const { maxPapers } = preferences;
  const interests = readInterests(preferences, { topicNames: deps.topicNames, votes });
  const papers = await deps.matches.findMatches({ ...window, ...questionOf(interests) });
  const liking = await findLiking(deps.matches.nearness, {
    reader: { id, preferences, votes },
    listAll: () => deps.matches.findAll({ ...window, ...exclusionsOf(interests) }),
    matched: papers,
    most: preferences.maxAlike,
  });
  const matching = selectDigest({ edition, papers, interests, maxPapers, liking });
  if (matching.picks.length > 0) return { type: 'digest', digest: matching, holds: 'matches' };
  const top =
    preferences.whenEmpty === 'top3'
      ? await selectTop(deps, { edition, window, interests, maxPapers })
      : null;
  return top === null || top.picks.length === 0
    ? { type: 'nothing', code: 'no_match' }
    : { type: 'digest', digest: top, holds: 'top' };
}

/** As if it were planned now, for `day` in the reader's time zone. */
export async function chooseNextDigest(
  { db, matches }: { db: Db; matches: MatchFinder },
  { subscriber, day }: { subscriber: Subscriber; day: string },
): Promise<ChosenDigest> {
  const [row] = await db.$queryRaw<{ through: number }[]>(Prisma.sql`SELECT ${lastReadySeq}::int AS through`);
  const window = {
    after: subscriber.servedThrough,
    through: row?.through ?? 0,
    listedFrom: addDays(day, -newsDays),
  };
  const topicNames = await listTopicNames(db);
  return chooseDigest({ matches, topicNames }, { subscriber, edition: day, window });
}
