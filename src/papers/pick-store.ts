// Why papers were picked for digests, in PostgreSQL: each reason is stored once, and every digest that it speaks in names it.
import { z } from 'zod';
import { type DbOrTransaction, Prisma } from '../platform/postgres/db.ts';

const reasonShape = z.object({
  topic: z.string().optional(),
  query: z.string().optional(),
  organization: z.string().optional(),
  author: z.string().optional(),
  /** The title of a stored paper that the reader likes; null for something else that they gave as an example. */
  like: z.string().nullable().optional(),
  words: z.array(z.string()),
});

/** One thing that a reader follows, and the words in the paper that spoke for it. */
export type StoredReason = z.infer<typeof reasonShape>;

/** A reason, or null for one of the top papers of a day on which nothing matched. */
export type PickReason = { seq: number; reason: StoredReason | null };

/** A paper with all that spoke for it. */
export type StoredPick = { seq: number; because: StoredReason[] };

/**
 * The ids of these reasons, in their order; those that were never given are stored. Any number of workers may do so at
 * once: they insert in one order, so that none of them waits for one who waits for it.
 */
export async function storeReasons(db: DbOrTransaction, reasons: PickReason[]): Promise<number[]> {
  if (reasons.length === 0) return [];
  const given = Prisma.sql`
    SELECT paper_seq, reason::jsonb AS reason, place
    FROM unnest(${reasons.map(({ seq }) => seq)}::int[], ${reasons.map(({ reason }) => JSON.stringify(reason ?? {}))}::text[])
      WITH ORDINALITY AS given(paper_seq, reason, place)`;
  const find = () => db.$queryRaw<{ id: number }[]>`
    SELECT pick_reason.id FROM (${given}) AS given JOIN pick_reason
      ON pick_reason.paper_seq = given.paper_seq AND md5(pick_reason.reason::text) = md5(given.reason::text)
    ORDER BY place`;
  const known = await find();
  if (known.length === reasons.length) return known.map(({ id }) => id);
  await db.$executeRaw`
    INSERT INTO pick_reason (paper_seq, reason) SELECT paper_seq, reason FROM (${given}) AS given
    ORDER BY paper_seq, md5(reason::text) ON CONFLICT DO NOTHING`;
  const all = await find();
  if (all.length < reasons.length) throw new Error('a reason was forgotten while it was stored');
  return all.map(({ id }) => id);
}

/** What digests held, in the order of `digests`; each as its delivery names it. */
export async function listPicks(db: DbOrTransaction, digests: number[][]): Promise<StoredPick[][]> {
  const ids = [...new Set(digests.flat())];
  const rows = ids.length === 0 ? [] : await db.pickReason.findMany({ where: { id: { in: ids } } });
  const reasons = new Map(rows.map((row) => [row.id, row]));
  return digests.map((digest) => {
    const picks: StoredPick[] = [];
    for (const id of digest) {
      const row = reasons.get(id);
      if (row === undefined) continue;
      if (picks.at(-1)?.seq !== row.paperSeq) picks.push({ seq: row.paperSeq, because: [] });
      const reason = reasonShape.safeParse(row.reason).data;
      if (reason !== undefined) picks.at(-1)?.because.push(reason);
    }
    return picks;
  });
}

/**
 * Forgets what was searched for by nobody who is still here. The rows stay, without what they said: a worker that found
 * one before names it perhaps in another digest yet.
 */
export async function forgetSearches(db: DbOrTransaction): Promise<void> {
  await db.$executeRaw`
    UPDATE pick_reason SET reason = NULL
    WHERE reason ? 'query' AND NOT EXISTS (SELECT 1 FROM keyword_query WHERE text = reason->>'query')`;
}
