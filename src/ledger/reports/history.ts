// A reader's digests as the ledger has them: what became of each day and why, never a silent day; and what a digest held.
import { DateTime } from 'luxon';
import { listPicks, type StoredPick } from '../../papers/pick-store.ts';
import {
  type DbOrTransaction,
  fromDateColumn,
  type Prisma,
  toDateColumn,
} from '../../platform/postgres/db.ts';
import type { DayOutcome } from '../../sources/fetch-store.ts';
import type { Preferences } from '../../subscribers/preferences/preferences.ts';
import { readDays, weekdayOf } from '../../subscribers/preferences/schedule.ts';
import type { PastSchedule } from '../../subscribers/preferences/schedule-store.ts';
import { findOutcomeCode } from '../outcome-codes.ts';
import type { DeliveryState } from '../states.ts';

export type DayStory =
  | { type: 'sent' | 'unknown'; papers: number }
  /** Planned, being sent, or to be tried again: with what the server said. */
  | { type: 'under-way'; reply: string | null }
  | { type: 'rejected'; reply: string }
  /** Taken, and sent back later; null: without a word why. */
  | { type: 'bounced'; reply: string | null }
  | { type: 'nothing-matched' }
  /** Nothing new was listed: the sources were asked, and had nothing. */
  | { type: 'source-empty' }
  /** Nothing new was there, since these sources could not be read. */
  | { type: 'source-failed'; sources: string[] }
  /** Nothing new was there by the hour of the digest. */
  | { type: 'nothing-new' }
  | { type: 'paused' | 'other-day' | 'to-come' }
  /** A later digest brought its papers. */
  | { type: 'carried' }
  | { type: 'held' | 'suppressed' };

export type DayFacts = {
  /** YYYY-MM-DD in the reader's time zone. */
  day: string;
  edition: Omit<PastEdition, 'id' | 'createdAt'> | undefined;
  /** Of the days whose papers this day's digest would have brought. */
  outcomes: readonly DayOutcome[];
  preferences: Pick<Preferences, 'days' | 'pausedUntil' | 'hour' | 'timeZone'>;
  /** The first that ended comes first. */
  pastSchedules: readonly PastSchedule[];
  now: Date;
};

export function explainDay(facts: DayFacts): DayStory {
  return facts.edition === undefined ? explainSilence(facts) : explainEdition(facts.edition, facts.outcomes);
}

function explainEdition(
  { state, reasonCode, replyText, detail, papers, bounce }: NonNullable<DayFacts['edition']>,
  outcomes: readonly DayOutcome[],
): DayStory {
  if (bounce !== null && state !== 'rejected')
    return { type: 'bounced', reply: bounce.diagnostic ?? bounce.status };
  switch (state) {
    case 'accepted':
      return { type: 'sent', papers };
    case 'unknown':
      return { type: 'unknown', papers };
    case 'rejected':
      return { type: 'rejected', reply: sayWords({ detail, replyText }) ?? '' };
    case 'planned':
    case 'claimed':
    case 'data_started':
      return { type: 'under-way', reply: null };
    case 'deferred':
      return { type: 'under-way', reply: sayWords({ detail, replyText }) };
    case 'nothing':
    case 'cancelled':
      return explainUnsent({ state, reasonCode }, outcomes);
  }
}

function explainUnsent(
  { state, reasonCode }: Pick<PastEdition, 'state' | 'reasonCode'>,
  outcomes: readonly DayOutcome[],
): DayStory {
  const story = findOutcomeCode(reasonCode)?.story ?? (state === 'nothing' ? 'nothing-new' : 'carried');
  return story === 'nothing-new' ? explainEmptiness(outcomes) : { type: story };
}

/** Null: there are none. */
function sayWords({ detail, replyText }: Pick<PastEdition, 'detail' | 'replyText'>): string | null {
  return [detail, replyText].filter((words) => words !== null).join(': ') || null;
}

function explainEmptiness(outcomes: readonly DayOutcome[]): DayStory {
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed').map(({ source }) => source);
  if (failed.length > 0) return { type: 'source-failed', sources: [...new Set(failed)] };
  const isEmpty =
    outcomes.length > 0 && outcomes.every(({ outcome }) => outcome === 'empty' || outcome === 'stale');
  return { type: isEmpty ? 'source-empty' : 'nothing-new' };
}

/** There is no row in the ledger: it was not wanted, is still to come, or nobody was there to make it. */
function explainSilence({ day, preferences, pastSchedules, now }: DayFacts): DayStory {
  const { hour, timeZone } = preferences;
  const dueAt = DateTime.fromISO(day, { zone: timeZone }).set({ hour }).toJSDate();
  const past = dueAt > now ? undefined : pastSchedules.find(({ endedAt }) => endedAt > dueAt);
  const { days, pausedUntil } =
    past === undefined ? preferences : { days: readDays(past.days), pausedUntil: past.pausedUntil };
  if (pausedUntil !== null && day < pausedUntil) return { type: 'paused' };
  if (!days.includes(weekdayOf(day))) return { type: 'other-day' };
  return { type: dueAt > now ? 'to-come' : 'carried' };
}

export type PastEdition = {
  /** Of its delivery. */
  id: bigint;
  createdAt: Date;
  /** YYYY-MM-DD */
  edition: string;
  state: DeliveryState;
  /** One of outcome-codes.ts. */
  reasonCode: string | null;
  /** What the server answered last. */
  replyText: string | null;
  /** What else went wrong, in words. */
  detail: string | null;
  /** How many papers it held. */
  papers: number;
  /** It did not arrive: what came back, with what their server said. Null: nothing. */
  bounce: { status: string | null; diagnostic: string | null } | null;
};

/** Both ends included; by day. */
export async function listEditions(
  db: DbOrTransaction,
  { subscriberId, from, to }: { subscriberId: string; from: string; to: string },
): Promise<Map<string, PastEdition>> {
  const rows = await db.delivery.findMany({
    where: { subscriberId, kind: 'digest', day: { gte: toDateColumn(from), lte: toDateColumn(to) } },
    select: {
      id: true,
      createdAt: true,
      edition: true,
      state: true,
      reasonCode: true,
      replyText: true,
      detail: true,
      picks: true,
    },
  });
  // A reader who complained has got it.
  const bounces = await db.bounce.findMany({
    where: {
      subscriberId,
      kind: { not: 'complaint' },
      day: { gte: toDateColumn(from), lte: toDateColumn(to) },
    },
    orderBy: { receivedAt: 'asc' },
    select: { deliveryId: true, status: true, diagnostic: true },
  });
  const lastBounces = new Map(bounces.map(({ deliveryId, ...bounce }) => [deliveryId, bounce]));
  const held = await listPicks(
    db,
    rows.map(({ picks }) => picks),
  );
  return new Map(
    rows.flatMap(({ edition, picks: _, ...row }, index): [string, PastEdition][] => {
      if (edition === null) return [];
      const day = fromDateColumn(edition);
      const bounce = lastBounces.get(row.id) ?? null;
      return [[day, { ...row, edition: day, papers: held[index]?.length ?? 0, bounce }]];
    }),
  );
}

export type SentDigest = {
  /** Of its delivery. */
  id: bigint;
  subscriberId: string;
  createdAt: Date;
  /** YYYY-MM-DD */
  edition: string;
  /** In the order of the mail. */
  picks: StoredPick[];
};

/** One that may or may not have arrived counts. */
const isSent: Prisma.DeliveryWhereInput = {
  kind: 'digest',
  state: { in: ['accepted', 'unknown', 'data_started'] },
};

/** Of one delivery. Null when it is none that was sent. */
export function findDigestOf(db: DbOrTransaction, id: bigint): Promise<SentDigest | null> {
  return findDigest(db, { id });
}

/**
 * The one of a day; else the one whose mail was planned in the second of `issuedAt`, which the links of old mails carry;
 * else the last one. Null when there is none.
 */
export async function findSentDigest(
  db: DbOrTransaction,
  { subscriberId, edition, issuedAt }: { subscriberId: string; edition: string | null; issuedAt: Date },
): Promise<SentDigest | null> {
  if (edition !== null) return findDigest(db, { subscriberId, day: toDateColumn(edition) });
  const createdAt = { gte: issuedAt, lt: new Date(issuedAt.getTime() + 1000) };
  return (await findDigest(db, { subscriberId, createdAt })) ?? (await findDigest(db, { subscriberId }));
}

/** What the link of the last one needs. Null when none was sent. */
export function findLastDigest(
  db: DbOrTransaction,
  subscriberId: string,
): Promise<Pick<SentDigest, 'id' | 'createdAt'> | null> {
  return db.delivery.findFirst({
    where: { ...isSent, subscriberId },
    orderBy: { edition: 'desc' },
    select: { id: true, createdAt: true },
  });
}

async function findDigest(db: DbOrTransaction, which: Prisma.DeliveryWhereInput): Promise<SentDigest | null> {
  const row = await db.delivery.findFirst({
    where: { ...isSent, ...which },
    orderBy: { edition: 'desc' },
    select: { id: true, subscriberId: true, createdAt: true, edition: true, picks: true },
  });
  if (row === null || row.edition === null) return null;
  const [picks = []] = await listPicks(db, [row.picks]);
  return { ...row, edition: fromDateColumn(row.edition), picks };
}

/** What digests that left held, each paper once, the newest digest's first; at most `most`. */
export async function listSentPapers(
  db: DbOrTransaction,
  { subscriberId, most }: { subscriberId: string; most: number },
): Promise<number[]> {
  const rows = await db.$queryRaw<{ seq: number }[]>`
    SELECT paper_seq AS seq FROM delivery CROSS JOIN unnest(picks) WITH ORDINALITY AS pick(id, place)
      JOIN pick_reason ON pick_reason.id = pick.id
    WHERE subscriber_id = ${subscriberId}::uuid AND state IN ('accepted', 'unknown')
    GROUP BY paper_seq ORDER BY max(edition) DESC, min(place) LIMIT ${most}`;
  return rows.map(({ seq }) => seq);
}
