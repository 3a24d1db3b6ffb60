// Papers of one topic, and those that may answer a search, in PostgreSQL.

import { isAfter, listInOrder, newestFirst, type Place } from '../papers/browse-store.ts';
import type { Paper } from '../papers/paper.ts';
import { type Db, type DbOrTransaction, Prisma, withSettings } from '../platform/postgres/db.ts';
import { readTexName } from '../text/read-tex.ts';
import type { WordCondition } from './words/word-numbers.ts';

/** From `after` on: null begins with the newest. */
export type Step = { after: Place | null; limit: number };

/** The newest day's first. */
export async function listPapersOfTopic(
  db: DbOrTransaction,
  { topicId, after, limit }: { topicId: string } & Step,
): Promise<Paper[]> {
  const rows = await db.$queryRaw<{ seq: number }[]>`
    SELECT p.seq FROM paper p JOIN paper_topic t ON t.paper_seq = p.seq
    WHERE t.topic_id = ${topicId} AND ${isAfter(after)} ${newestFirst} LIMIT ${limit}`;
  return listInOrder(db, rows);
}

/** What the matcher reads of a paper. */
export type Candidate = {
  seq: number;
  day: string;
  title: string;
  abstract: string | null;
  authors: string[];
};

/**
 * PostgreSQL takes the words of a paper for as cheap to compare as two numbers: left to itself, it reads those of all papers
 * for a phrase that few have. It looks up in a hundredth of the time, unless it is in trouble.
 */
const lookingUp = {
  statement_timeout: '1500',
  enable_seqscan: 'off',
  cpu_operator_cost: '0.2',
  max_parallel_workers_per_gather: '0',
};

/**
 * The newest day's first. They are found once, and then read: where PostgreSQL counted last when it had no papers, it expects
 * one, and would look for them again for each paper that it has.
 */
export async function listCandidates(
  db: Db,
  { condition, after, limit }: { condition: WordCondition } & Step,
): Promise<Candidate[]> {
  const rows = await withSettings(
    db,
    lookingUp,
    (tx) => tx.$queryRaw<Candidate[]>`
    WITH candidate AS MATERIALIZED (
      SELECT p.seq FROM paper p JOIN paper_words w ON w.paper_seq = p.seq
      WHERE ${writeCondition(condition)} AND ${isAfter(after)} ${newestFirst} LIMIT ${limit}
    )
    SELECT p.seq, p.first_listed_on::text AS day, p.title, p.abstract, p.authors
    FROM candidate JOIN paper p USING (seq) ${newestFirst}`,
  );
  return rows.map((row) => ({ ...row, authors: row.authors.map(readTexName) }));
}

function writeCondition(condition: WordCondition): Prisma.Sql {
  if (condition.type === 'some') return Prisma.sql`w.words && ${condition.of}::int[]`;
  if (condition.type === 'none') return Prisma.sql`NOT w.words && ${condition.of}::int[]`;
  const parts = condition.conditions.map(writeCondition);
  return Prisma.sql`(${Prisma.join(parts, condition.type === 'all' ? ' AND ' : ' OR ')})`;
}

/** What is the same keeps its time. Call it under `lockImports`: then times grow in the order of commits. */
export async function storePaperWords(
  tx: Prisma.TransactionClient,
  papers: { seq: number; words: number[] }[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO paper_words (paper_seq, words, changed_at)
    SELECT seq, words, clock_timestamp() FROM jsonb_to_recordset(${JSON.stringify(papers)}::jsonb) AS looked_at(seq int, words int[])
    ON CONFLICT (paper_seq) DO UPDATE SET words = EXCLUDED.words, changed_at = EXCLUDED.changed_at
    WHERE paper_words.words <> EXCLUDED.words`;
}

/** When the papers' words came to be what they are, by paper. */
export async function findChangeTimes(
  db: DbOrTransaction,
  seqs: number[],
): Promise<ReadonlyMap<number, Date>> {
  const rows = await db.paperWords.findMany({
    where: { paperSeq: { in: seqs } },
    select: { paperSeq: true, changedAt: true },
  });
  return new Map(rows.map(({ paperSeq, changedAt }) => [paperSeq, changedAt]));
}

/** When a paper was added or changed last; null before the first. */
export async function findLastChange(db: DbOrTransaction): Promise<Date | null> {
  // Not by an aggregate: Prisma's goes through all rows.
  const newest = await db.paperWords.findFirst({
    orderBy: { changedAt: 'desc' },
    select: { changedAt: true },
  });
  return newest?.changedAt ?? null;
}
