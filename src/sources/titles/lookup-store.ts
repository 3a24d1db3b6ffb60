// Which titles are looked for, and when again, in PostgreSQL: of any number of processes one asks for a title at a time.
import type { Db, DbOrTransaction } from '../../platform/postgres/db.ts';

export type TitleLookup = { seq: number; tries: number };

/** Longer than a question takes, its wait for the service included: a process that died in the middle keeps it no longer. */
const leaseMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;
/** After so many answers without it a title is left alone; before that, the waits between them. */
const waitsMs = [dayMs, 7 * dayMs];

/** The newest paper without an id whose title is due; null when there is none. */
export async function claimLookup(db: Db, now: Date): Promise<TitleLookup | null> {
  const leaseEnd = new Date(now.getTime() + leaseMs);
  const [claimed] = await db.$queryRaw<TitleLookup[]>`
    INSERT INTO title_lookup (paper_seq, next_try_at)
    SELECT seq, ${leaseEnd} FROM paper LEFT JOIN title_lookup ON paper_seq = seq
    WHERE arxiv_id IS NULL AND doi IS NULL AND page_url IS NULL AND (paper_seq IS NULL OR next_try_at <= ${now})
    ORDER BY seq DESC LIMIT 1
    ON CONFLICT (paper_seq) DO UPDATE SET next_try_at = EXCLUDED.next_try_at
      WHERE title_lookup.next_try_at <= ${now}
    RETURNING paper_seq AS seq, tries`;
  return claimed ?? null;
}

/** It was answered, without the paper. */
export async function countTry(db: DbOrTransaction, { seq, tries }: TitleLookup, now: Date): Promise<void> {
  const waitMs = waitsMs[tries];
  const nextTryAt = waitMs === undefined ? null : new Date(now.getTime() + waitMs);
  await db.titleLookup.updateMany({ where: { paperSeq: seq }, data: { tries: tries + 1, nextTryAt } });
}

/** It was not answered. */
export async function putOff(
  db: DbOrTransaction,
  { seq, until }: { seq: number; until: Date },
): Promise<void> {
  await db.titleLookup.updateMany({ where: { paperSeq: seq }, data: { nextTryAt: until } });
}
