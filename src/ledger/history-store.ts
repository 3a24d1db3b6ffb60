// The editions of one reader, from the ledger.

import { listPicks } from '../papers/pick-store.ts';
import { type DbOrTransaction, fromDateColumn, toDateColumn } from '../platform/db.ts';

export type PastEdition = {
  /** YYYY-MM-DD */
  edition: string;
  state: EditionState;
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

export type EditionState =
  | 'planned'
  | 'claimed'
  | 'data_started'
  | 'accepted'
  | 'deferred'
  | 'rejected'
  | 'unknown'
  | 'nothing'
  | 'cancelled';

/** Both ends included; by day. */
export async function listEditions(
  db: DbOrTransaction,
  { subscriberId, from, to }: { subscriberId: string; from: string; to: string },
): Promise<Map<string, PastEdition>> {
  const rows = await db.delivery.findMany({
    where: { subscriberId, edition: { gte: toDateColumn(from), lte: toDateColumn(to) } },
    select: {
      edition: true,
      state: true,
      reasonCode: true,
      replyText: true,
      detail: true,
      picks: true,
      bounces: {
        // A reader who complained has got it.
        where: { kind: { not: 'complaint' } },
        orderBy: { receivedAt: 'desc' },
        take: 1,
        select: { status: true, diagnostic: true },
      },
    },
  });
  const held = await listPicks(
    db,
    rows.map(({ picks }) => picks),
  );
  return new Map(
    rows.flatMap(
      ({ edition, picks: _, bounces: [bounce = null], ...row }, index): [string, PastEdition][] => {
        if (edition === null) return [];
        const day = fromDateColumn(edition);
        return [[day, { ...row, edition: day, papers: held[index]?.length ?? 0, bounce }]];
      },
    ),
  );
}
