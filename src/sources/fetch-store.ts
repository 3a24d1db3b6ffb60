// What became of every fetch, in PostgreSQL: the memory of the schedule, and what tells why no mail came.
import { z } from 'zod';
import {
  type Db,
  type DbOrTransaction,
  fromDateColumn,
  type Prisma,
  toDateColumn,
} from '../platform/postgres/db.ts';
import type { MonthlyTable } from '../platform/postgres/partitions.ts';
import type { Validators } from './source.ts';
import { catchUpDays, type DayRecord, type FetchOutcome, fetchLeaseMs } from './timetable.ts';

/** How a fetch ended. `known` papers were stored before, and `updated` ones of them changed. */
export type FetchResult = {
  outcome: FetchOutcome;
  new: number;
  known: number;
  updated: number;
  /** Null when there is nothing to say but that it is ok. */
  reason: string | null;
  warnings: string[];
  /** When the day is asked for again; null when it is settled. */
  nextTryAt: Date | null;
  validators: Validators | null;
};

/** A fetch on record; without outcome it is under way, or its process was killed. Days are YYYY-MM-DD. */
export type Fetch = {
  source: string;
  day: string;
  startedAt: Date;
  finishedAt: Date | null;
  outcome: FetchOutcome | null;
  new: number;
  known: number;
  updated: number;
  reason: string | null;
  warnings: string[];
  nextTryAt: Date | null;
};

export const fetchTable: MonthlyTable = {
  name: 'source_fetch',
  key: 'started_at',
  references: null,
  fillfactor: 100,
  keepWhile: null,
};

const keptWarnings = 50;
const interrupted = 'it was interrupted: the process ended';

/** Enters a fetch in the records before anything is asked. What an earlier process left open is closed. */
export async function startFetch(
  tx: DbOrTransaction,
  { source, day, now }: { source: string; day: string; now: Date },
): Promise<bigint> {
  await tx.sourceFetch.updateMany({
    where: { source, outcome: null, startedAt: { lte: new Date(now.getTime() - fetchLeaseMs) } },
    data: { outcome: 'failed', reason: interrupted, finishedAt: now },
  });
  const { id } = await tx.sourceFetch.create({ data: { source, day: toDateColumn(day), startedAt: now } });
  return id;
}

/** Starts the fetch that `choose` finds to be due. Of any number of processes only one gets it; null for the others. */
export async function claimDueFetch(
  db: Db,
  { source, now, choose }: { source: string; now: Date; choose: (records: DayRecord[]) => string | null },
): Promise<{ id: bigint; day: string } | null> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`paperround fetch ${source}`}))`;
    const day = choose(await listDayRecords(tx, source));
    return day === null ? null : { id: await startFetch(tx, { source, day, now }), day };
  });
}

/** Has the source's latest day asked for again by the next worker that looks, whatever was settled about it. */
export async function askSoon(
  db: Db,
  { source, now }: { source: string; now: Date },
): Promise<'due' | 'under way' | 'never'> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`paperround fetch ${source}`}))`;
    const [latest] = await listDayRecords(tx, source);
    if (latest === undefined) return 'never';
    const isUnderWay = latest.outcome === null && latest.startedAt.getTime() > now.getTime() - fetchLeaseMs;
    if (isUnderWay) return 'under way';
    await tx.sourceFetch.updateMany({
      where: { source, day: toDateColumn(latest.day), startedAt: latest.startedAt, outcome: { not: null } },
      data: { nextTryAt: now },
    });
    return 'due';
  });
}

/** In the transaction that stores the papers, so that neither is ever there without the other. */
export async function finishFetch(
  tx: DbOrTransaction,
  { id, result, now }: { id: bigint; result: FetchResult; now: Date },
): Promise<void> {
  const { new: newPapers, known: knownPapers, updated: updatedPapers, validators, ...columns } = result;
  await tx.sourceFetch.updateMany({
    where: { id },
    data: {
      ...columns,
      warnings: columns.warnings.slice(0, keptWarnings),
      newPapers,
      knownPapers,
      updatedPapers,
      finishedAt: now,
      ...(validators === null ? {} : { validators }),
    },
  });
}

/** Each day's last record, of the days that may still be open and of the oldest one. */
export async function listDayRecords(db: DbOrTransaction, source: string): Promise<DayRecord[]> {
  const rows = await db.$queryRaw<
    { day: Date; startedAt: Date; outcome: FetchOutcome | null; nextTryAt: Date | null }[]
  >`
    SELECT DISTINCT ON (day) day, started_at AS "startedAt", outcome::text, next_try_at AS "nextTryAt"
    FROM source_fetch WHERE source = ${source} ORDER BY day DESC, id DESC`;
  return rows.map((row) => ({ ...row, day: fromDateColumn(row.day) }));
}

/** How often in a row the day's last fetches failed; one that was interrupted counts. */
export async function countFailures(
  db: DbOrTransaction,
  { source, day }: { source: string; day: string },
): Promise<number> {
  const rows = await db.sourceFetch.findMany({
    where: { source, day: toDateColumn(day), outcome: { not: null } },
    orderBy: { id: 'desc' },
    take: 20,
    select: { outcome: true },
  });
  const good = rows.findIndex(({ outcome }) => outcome !== 'failed');
  return good === -1 ? rows.length : good;
}

const validatorsShape = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
});

/** The fetch whose answer came last from this address; null before the first. */
export async function findFetchByUrl(
  db: DbOrTransaction,
  { source, url }: { source: string; url: string },
): Promise<(Fetch & { validators: Validators | null }) | null> {
  const row = await db.sourceFetch.findFirst({
    where: { source, validators: { path: ['url'], equals: url } },
    orderBy: { id: 'desc' },
  });
  if (row === null) return null;
  return { ...toFetch(row), validators: validatorsShape.nullable().catch(null).parse(row.validators) };
}

/** Newest first. */
export async function listFetches(
  db: DbOrTransaction,
  { source, limit }: { source: string; limit: number },
): Promise<Fetch[]> {
  const rows = await db.sourceFetch.findMany({ where: { source }, orderBy: { id: 'desc' }, take: limit });
  return rows.map(toFetch);
}

export async function getFetch(db: DbOrTransaction, id: bigint): Promise<Fetch> {
  return toFetch(await db.sourceFetch.findFirstOrThrow({ where: { id } }));
}

/** What became of a day at one source, over all its fetches: what tells a reader why no mail came. */
export type DayOutcome = {
  source: string;
  /** Null while the first fetch is under way. */
  outcome: FetchOutcome | null;
  /** How many papers the day brought that were not known. */
  new: number;
  reason: string | null;
  /** When it is asked for again; null when it is settled. */
  nextTryAt: Date | null;
};

/** One per source that was asked for the day. Papers that came count, whatever went wrong before or after. */
export async function listDayOutcomes(db: DbOrTransaction, day: string): Promise<DayOutcome[]> {
  return (await listOutcomesBetween(db, { from: day, to: day })).get(day) ?? [];
}

/** By day, both ends included; a day for which no source was asked has no entry. */
export async function listOutcomesBetween(
  db: DbOrTransaction,
  { from, to }: { from: string; to: string },
): Promise<Map<string, DayOutcome[]>> {
  const rows = await db.sourceFetch.findMany({
    where: { day: { gte: toDateColumn(from), lte: toDateColumn(to) } },
    orderBy: { id: 'asc' },
  });
  const byDay = new Map<string, Fetch[]>();
  for (const fetch of rows.map(toFetch)) byDay.set(fetch.day, [...(byDay.get(fetch.day) ?? []), fetch]);
  return new Map([...byDay].map(([day, fetches]) => [day, sumUpDay(fetches)]));
}

function sumUpDay(ofDay: Fetch[]): DayOutcome[] {
  const bySource = new Map<string, Fetch[]>();
  for (const fetch of ofDay) bySource.set(fetch.source, [...(bySource.get(fetch.source) ?? []), fetch]);
  return [...bySource].map(([source, fetches]) => {
    const finished = fetches.filter(({ outcome }) => outcome !== null);
    const last = finished.at(-1);
    const isGood = fetches.some(({ outcome }) => outcome === 'ok');
    return {
      source,
      outcome: isGood ? 'ok' : (last?.outcome ?? null),
      new: fetches.reduce((sum, fetch) => sum + fetch.new, 0),
      reason: isGood ? null : (last?.reason ?? null),
      nextTryAt: last?.nextTryAt ?? null,
    };
  });
}

/** Is this exactly what the source had for another day? */
export async function findSameBatch(
  tx: DbOrTransaction,
  { listing, day, seqs }: { listing: string; day: string; seqs: number[] },
): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ date: Date }[]>`
    SELECT listing.date FROM listing JOIN listing_paper ON listing_paper.listing_id = listing.id
    WHERE listing.source = ${listing} AND listing.date <> ${toDateColumn(day)}::date
      AND listing.date BETWEEN ${toDateColumn(day)}::date - ${catchUpDays}::int AND ${toDateColumn(day)}::date + ${catchUpDays}::int
    GROUP BY listing.id
    HAVING array_agg(paper_seq ORDER BY paper_seq) = ${[...seqs].sort((one, other) => one - other)}::int[]
    ORDER BY listing.date DESC LIMIT 1`;
  return row === undefined ? null : fromDateColumn(row.date);
}

/** Those of the papers that stood in any earlier listing of the source. */
export async function findListedBefore(
  tx: DbOrTransaction,
  { listing, day, seqs }: { listing: string; day: string; seqs: number[] },
): Promise<Set<number>> {
  const rows = await tx.listingPaper.findMany({
    where: { listing: { source: listing, date: { lt: toDateColumn(day) } }, paperSeq: { in: seqs } },
    select: { paperSeq: true },
  });
  return new Set(rows.map(({ paperSeq }) => paperSeq));
}

/** The earlier listing of the source that has the most of these papers, and which; null when none has any. */
export async function findMostRepeated(
  tx: DbOrTransaction,
  { listing, day, seqs }: { listing: string; day: string; seqs: number[] },
): Promise<{ day: string; seqs: number[] } | null> {
  const [row] = await tx.$queryRaw<{ date: Date; seqs: number[] }[]>`
    SELECT listing.date, array_agg(paper_seq) AS seqs
    FROM listing JOIN listing_paper ON listing_paper.listing_id = listing.id
    WHERE listing.source = ${listing} AND paper_seq = ANY(${seqs}::int[])
      AND listing.date >= ${toDateColumn(day)}::date - ${catchUpDays}::int AND listing.date < ${toDateColumn(day)}::date
    GROUP BY listing.id ORDER BY count(*) DESC, listing.date DESC LIMIT 1`;
  return row === undefined ? null : { day: fromDateColumn(row.date), seqs: row.seqs };
}

function toFetch(row: Prisma.SourceFetchGetPayload<object>): Fetch {
  const { id: _, validators: _validators, newPapers, knownPapers, updatedPapers, day, ...columns } = row;
  return { ...columns, day: fromDateColumn(day), new: newPapers, known: knownPapers, updated: updatedPapers };
}
