// What a language model wrote of papers, in PostgreSQL: of any number of processes one asks for a summary at a time.
import type { Summary } from '../papers/paper.ts';
import { type Db, type DbOrTransaction, toDateColumn } from '../platform/postgres/db.ts';

export type WantedSummary = { seq: number; language: string; title: string; abstract: string; tries: number };

/** Longer than a model takes: a process that died while it asked keeps the question no longer. */
const leaseMs = 15 * 60_000;
const firstRetryMs = 10 * 60_000;
const mostTries = 4;

/** In which languages readers are written to. */
export async function listReadersLanguages(db: DbOrTransaction): Promise<string[]> {
  const rows = await db.subscriber.findMany({
    where: { status: 'active' },
    distinct: ['language'],
    select: { language: true },
  });
  return rows.map(({ language }) => language).sort();
}

/** Of the newest day the most liked that lacks a summary; null when none is due. In English a gist of the source is enough. */
export async function claimSummary(
  db: Db,
  { languages, since, now }: { languages: string[]; since: string; now: Date },
): Promise<WantedSummary | null> {
  const leaseEnd = new Date(now.getTime() + leaseMs);
  const [claimed] = await db.$queryRaw<{ seq: number; language: string; tries: number }[]>`
    INSERT INTO paper_summary (paper_seq, language, next_try_at)
    SELECT seq, wanted.language, ${leaseEnd}
    FROM paper CROSS JOIN unnest(${languages}::text[]) AS wanted(language)
      LEFT JOIN paper_summary AS known ON known.paper_seq = seq AND known.language = wanted.language
    WHERE first_listed_on >= ${toDateColumn(since)}::date AND is_news AND NOT is_withdrawn AND abstract IS NOT NULL
      AND (wanted.language <> 'en' OR paper.gist IS NULL)
      AND (known.paper_seq IS NULL OR known.next_try_at <= ${now})
    ORDER BY first_listed_on DESC, upvotes DESC NULLS LAST, seq, wanted.language LIMIT 1
    ON CONFLICT (paper_seq, language) DO UPDATE SET next_try_at = EXCLUDED.next_try_at
      WHERE paper_summary.next_try_at <= ${now}
    RETURNING paper_seq AS seq, language, tries`;
  if (claimed === undefined) return null;
  const paper = await db.paper.findUnique({
    where: { seq: claimed.seq },
    select: { title: true, abstract: true },
  });
  return paper?.abstract == null ? null : { ...claimed, title: paper.title, abstract: paper.abstract };
}

type Question = Pick<WantedSummary, 'seq' | 'language'>;
const whichOf = ({ seq, language }: Question) => ({ paperSeq: seq, language });

export async function saveSummary(
  db: DbOrTransaction,
  question: Question,
  { gist, translation, model }: Summary & { model: string },
): Promise<void> {
  const data = { gist, translation, model, nextTryAt: null };
  await db.paperSummary.updateMany({ where: whichOf(question), data });
}

/** Later and later, and after some tries no more. */
export async function countFailure(
  db: DbOrTransaction,
  { tries, ...question }: Question & { tries: number },
  now: Date,
): Promise<void> {
  const isLast = tries + 1 >= mostTries;
  const nextTryAt = isLast ? null : new Date(now.getTime() + firstRetryMs * 4 ** tries);
  await db.paperSummary.updateMany({ where: whichOf(question), data: { tries: tries + 1, nextTryAt } });
}

/** It was not this paper's fault. */
export async function putOffSummary(db: DbOrTransaction, question: Question, until: Date): Promise<void> {
  await db.paperSummary.updateMany({ where: whichOf(question), data: { nextTryAt: until } });
}

/** By paper and language; what has none has no entry. */
export async function findSummaries(
  db: DbOrTransaction,
  seqs: number[],
): Promise<Map<number, Map<string, Summary>>> {
  const rows = await db.paperSummary.findMany({
    where: { paperSeq: { in: seqs }, gist: { not: null } },
    select: { paperSeq: true, language: true, gist: true, translation: true },
  });
  const bySeq = new Map<number, Map<string, Summary>>();
  for (const { paperSeq, language, gist, translation } of rows) {
    const ofPaper = bySeq.get(paperSeq) ?? new Map<string, Summary>();
    bySeq.set(paperSeq, ofPaper.set(language, { gist: gist ?? '', translation }));
  }
  return bySeq;
}
