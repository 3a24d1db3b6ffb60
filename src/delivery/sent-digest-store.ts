// The digest that a reader was sent last, as the ledger keeps it.
import { z } from 'zod';
import { type DbOrTransaction, fromDateColumn } from '../db.ts';

const pickShape = z.object({
  seq: z.int(),
  because: z.array(
    z.object({
      topic: z.string().optional(),
      query: z.string().optional(),
      organization: z.string().optional(),
      words: z.array(z.string()),
    }),
  ),
});

export type SentPick = z.infer<typeof pickShape>;

/** YYYY-MM-DD, and the papers in the order of the mail. */
export type SentDigest = { edition: string; picks: SentPick[] };

/** Null before the first; one that may or may not have arrived counts. Picks of another form are left out. */
export async function findLastSentDigest(
  db: DbOrTransaction,
  subscriberId: string,
): Promise<SentDigest | null> {
  const row = await db.delivery.findFirst({
    where: { subscriberId, kind: 'digest', state: { in: ['accepted', 'unknown', 'data_started'] } },
    orderBy: { edition: 'desc' },
    select: { edition: true, picks: true },
  });
  if (row === null || row.edition === null) return null;
  const picks = Array.isArray(row.picks) ? row.picks : [];
  return {
    edition: fromDateColumn(row.edition),
    picks: picks.flatMap((pick) => pickShape.safeParse(pick).data ?? []),
  };
}
