// The digests that a reader was sent, as the ledger keeps them.
import { z } from 'zod';
import { type DbOrTransaction, fromDateColumn, toDateColumn } from '../db.ts';

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

/**
 * The one of a day, or the last one. Null when there is none; one that may or may not have arrived counts. Picks of
 * another form are left out.
 */
export async function findSentDigest(
  db: DbOrTransaction,
  { subscriberId, edition }: { subscriberId: string; edition: string | null },
): Promise<SentDigest | null> {
  const row = await db.delivery.findFirst({
    where: {
      subscriberId,
      kind: 'digest',
      state: { in: ['accepted', 'unknown', 'data_started'] },
      ...(edition === null ? {} : { edition: toDateColumn(edition) }),
    },
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
