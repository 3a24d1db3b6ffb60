// Papers and listings in PostgreSQL.
import { type DbOrTransaction, fromDateColumn, Prisma, toDateColumn } from '../db.ts';
import type { ListedPaper, Paper } from './paper.ts';
import { paperKey } from './paper-key.ts';

/**
 * Waits for any other import to end. Sequence numbers must become visible in their order: a digest that covers
 * everything up to 11 would lose a 10 that is committed later.
 */
export async function lockImports(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('paperround imports'))`;
}

/** Adds new papers in order; of known ones only what grows is updated. Returns all, each once, in order. */
export async function storePapers(
  tx: Prisma.TransactionClient,
  { papers, date }: { papers: ListedPaper[]; date: string },
): Promise<{ stored: Paper[]; added: Paper[] }> {
  const byKey = new Map(papers.map((paper) => [paperKey(paper), paper]));
  const keys = [...byKey.keys()];
  const known = await tx.paper.findMany({ where: { key: { in: keys } }, select: { key: true } });
  const knownKeys = new Set(known.map(({ key }) => key));

  const missing = [...byKey].filter(([key]) => !knownKeys.has(key));
  await tx.paper.createMany({
    data: missing.map(([key, { publishedOn, ...paper }]) => ({
      ...paper,
      key,
      publishedOn: publishedOn === null ? null : toDateColumn(publishedOn),
      firstListedOn: toDateColumn(date),
    })),
  });
  const grown = known.map(({ key }) => ({
    key,
    comments: byKey.get(key)?.comments,
    upvotes: byKey.get(key)?.upvotes,
  }));
  await tx.$executeRaw`
    UPDATE paper SET comments = COALESCE(grown.comments, paper.comments), upvotes = COALESCE(grown.upvotes, paper.upvotes)
    FROM jsonb_to_recordset(${JSON.stringify(grown)}::jsonb) AS grown(key text, comments int, upvotes int)
    WHERE paper.key = grown.key`;

  const rows = await tx.paper.findMany({ where: { key: { in: keys } } });
  const paperOf = new Map(rows.map((row) => [row.key, toPaper(row)]));
  const stored = keys.flatMap((key) => paperOf.get(key) ?? []);
  return { stored, added: stored.filter(({ key }) => !knownKeys.has(key)) };
}

/** The same source and day again replaces what stood in that listing. */
export async function storeListing(
  tx: Prisma.TransactionClient,
  { source, date, papers }: { source: string; date: string; papers: Paper[] },
): Promise<void> {
  const day = toDateColumn(date);
  const { id: listingId } = await tx.listing.upsert({
    where: { source_date: { source, date: day } },
    create: { source, date: day },
    update: { importedAt: new Date() },
  });
  await tx.listingPaper.deleteMany({ where: { listingId } });
  await tx.listingPaper.createMany({
    data: papers.map(({ seq }, position) => ({ listingId, paperSeq: seq, position })),
  });
}

/** YYYY-MM-DD, or null before the first import. */
export async function findLatestListingDate(db: DbOrTransaction): Promise<string | null> {
  const row = await db.listing.findFirst({ orderBy: { date: 'desc' }, select: { date: true } });
  return row === null ? null : fromDateColumn(row.date);
}

/** SQL: a digest may cover everything up to here. A paper that was not yet looked at for topics holds back the rest. */
export const lastReadySeq = Prisma.sql`(SELECT COALESCE(
  (SELECT min(seq) - 1 FROM paper WHERE topics_version IS NULL), (SELECT max(seq) FROM paper), 0))`;

/** In the order of the listing; of all sources together, each paper once. Empty on a day without a listing. */
export async function listPapersOfDay(db: DbOrTransaction, date: string): Promise<Paper[]> {
  const rows = await db.listingPaper.findMany({
    where: { listing: { date: toDateColumn(date) } },
    orderBy: [{ listingId: 'asc' }, { position: 'asc' }],
    include: { paper: true },
  });
  return [...new Map(rows.map(({ paper }) => [paper.seq, toPaper(paper)])).values()];
}

/** `after < seq <= through`, oldest first. */
export async function listPapersBetween(
  db: DbOrTransaction,
  { after, through }: { after: number; through: number },
): Promise<Paper[]> {
  const rows = await db.paper.findMany({
    where: { seq: { gt: after, lte: through } },
    orderBy: { seq: 'asc' },
  });
  return rows.map(toPaper);
}

export async function findPaper(db: DbOrTransaction, seq: number): Promise<Paper | null> {
  const row = await db.paper.findUnique({ where: { seq } });
  return row === null ? null : toPaper(row);
}

/** By sequence number; what is not there has no entry. */
export async function findPapers(db: DbOrTransaction, seqs: number[]): Promise<Map<number, Paper>> {
  const rows = await db.paper.findMany({ where: { seq: { in: seqs } } });
  return new Map(rows.map((row) => [row.seq, toPaper(row)]));
}

function toPaper(row: Prisma.PaperGetPayload<object>): Paper {
  const { publishedOn, firstListedOn, topicsVersion: _, ...paper } = row;
  return {
    ...paper,
    publishedOn: publishedOn === null ? null : fromDateColumn(publishedOn),
    firstListedOn: fromDateColumn(firstListedOn),
  };
}
