// The digests that a reader was sent, as the ledger keeps them.

import { listPicks, type StoredPick } from '../papers/pick-store.ts';
import { type DbOrTransaction, fromDateColumn, toDateColumn } from '../platform/db.ts';

/** YYYY-MM-DD, and the papers in the order of the mail. */
export type SentDigest = { edition: string; picks: StoredPick[] };

/**
 * The one of a day; else the one whose mail was planned in the second of `issuedAt`, which its links carry; else the
 * last one. Null when there is none; one that may or may not have arrived counts.
 */
export async function findSentDigest(
  db: DbOrTransaction,
  { subscriberId, edition, issuedAt }: { subscriberId: string; edition: string | null; issuedAt: Date },
): Promise<SentDigest | null> {
  const find = (which: { edition?: Date; createdAt?: { gte: Date; lt: Date } }) =>
    db.delivery.findFirst({
      where: {
        subscriberId,
        kind: 'digest',
        state: { in: ['accepted', 'unknown', 'data_started'] },
        ...which,
      },
      orderBy: { edition: 'desc' },
      select: { edition: true, picks: true },
    });
  const createdAt = { gte: issuedAt, lt: new Date(issuedAt.getTime() + 1000) };
  const row =
    edition === null
      ? ((await find({ createdAt })) ?? (await find({})))
      : await find({ edition: toDateColumn(edition) });
  if (row === null || row.edition === null) return null;
  const [picks = []] = await listPicks(db, [row.picks]);
  return { edition: fromDateColumn(row.edition), picks };
}
