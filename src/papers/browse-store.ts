// Papers in the order in which pages show them: the newest day first, and in steps by key.
import { type DbOrTransaction, fromDateColumn, Prisma, toDateColumn } from '../platform/postgres/db.ts';
import type { Paper } from './paper.ts';
import { findPapers, lastReadySeq, listSeqsOfDay } from './store.ts';

/** Where a paper stands in that order. */
export type Place = { day: string; seq: number };

/** Null for a paper that is not there. */
export async function findPlace(db: DbOrTransaction, seq: number): Promise<Place | null> {
  const row = await db.paper.findUnique({ where: { seq }, select: { firstListedOn: true } });
  return row === null ? null : { day: fromDateColumn(row.firstListedOn), seq };
}

/** SQL: `paper p` comes after `place` in that order. Everything does when it is null. */
export function isAfter(place: Place | null): Prisma.Sql {
  if (place === null) return Prisma.sql`TRUE`;
  return Prisma.sql`(p.first_listed_on, p.seq) < (${toDateColumn(place.day)}::date, ${place.seq}::int)`;
}

/** SQL: the order itself. */
export const newestFirst = Prisma.sql`ORDER BY p.first_listed_on DESC, p.seq DESC`;

/** The newest day's first, at most `limit`. */
export async function listNewestPapers(db: DbOrTransaction, limit: number): Promise<Paper[]> {
  const rows = await db.$queryRaw<{ seq: number }[]>`SELECT p.seq FROM paper p ${newestFirst} LIMIT ${limit}`;
  return listInOrder(db, rows);
}

/** Of those that were looked at for topics, at most `limit`, the newest day's first: their sequence numbers. */
export async function listNewestReady(db: DbOrTransaction, limit: number): Promise<{ seq: number }[]> {
  return db.$queryRaw`SELECT p.seq FROM paper p WHERE p.seq <= ${lastReadySeq} ${newestFirst} LIMIT ${limit}`;
}

/** In the order of `rows`. */
export async function listInOrder(db: DbOrTransaction, rows: { seq: number }[]): Promise<Paper[]> {
  const seqs = rows.map(({ seq }) => seq);
  const papers = await findPapers(db, seqs);
  return seqs.flatMap((seq) => papers.get(seq) ?? []);
}

/** Some of a day's papers, in the order of its listings, and how many it has; each once, whoever listed it. */
export async function listPapersOnPage(
  db: DbOrTransaction,
  { date, skip, take }: { date: string; skip: number; take: number },
): Promise<{ papers: Paper[]; total: number }> {
  const rows = await listSeqsOfDay(db, date);
  return { papers: await listInOrder(db, rows.slice(skip, skip + take)), total: rows.length };
}

/** The nearest days before and after `date` that have papers. */
export async function findNeighbourDays(
  db: DbOrTransaction,
  date: string,
): Promise<{ previous: string | null; next: string | null }> {
  const day = toDateColumn(date);
  const papers = { some: {} };
  const [previous, next] = await Promise.all([
    db.listing.findFirst({ where: { date: { lt: day }, papers }, orderBy: { date: 'desc' } }),
    db.listing.findFirst({ where: { date: { gt: day }, papers }, orderBy: { date: 'asc' } }),
  ]);
  return {
    previous: previous === null ? null : fromDateColumn(previous.date),
    next: next === null ? null : fromDateColumn(next.date),
  };
}

/** For sorting in that order. */
export function comparePlaces(one: Paper, other: Paper): number {
  if (one.firstListedOn === other.firstListedOn) return other.seq - one.seq;
  return one.firstListedOn < other.firstListedOn ? 1 : -1;
}
