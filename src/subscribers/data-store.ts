// Everything that PostgreSQL has about one reader, as it is stored.
import type { Db } from '../platform/db.ts';

/** All fields of the reader's row and of what belongs to it, but deliveries, which are many. Null: there is no such reader. */
export async function findReaderData(db: Db, id: string) {
  const row = await db.subscriber.findUnique({
    where: { id },
    include: {
      topics: { select: { topicId: true, excluded: true }, orderBy: { topicId: 'asc' } },
      keywords: {
        select: { query: { select: { text: true } }, excluded: true, position: true },
        orderBy: { position: 'asc' },
      },
      votes: {
        omit: { subscriberId: true },
        include: { paper: { select: { title: true } } },
        orderBy: { votedAt: 'asc' },
      },
      pastSchedules: { omit: { id: true, subscriberId: true }, orderBy: { endedAt: 'asc' } },
      addressChanges: { omit: { id: true, subscriberId: true }, orderBy: { requestedAt: 'asc' } },
    },
  });
  if (row === null) return null;
  const suppression = await db.suppression.findUnique({ where: { emailKey: row.emailKey } });
  return { ...row, suppression };
}

export type StoredDelivery = Awaited<ReturnType<typeof listDeliveries>>[number];

/** Oldest first, in steps of `limit`; `after` is the id of the last one seen. */
export function listDeliveries(
  db: Db,
  { subscriberId, after, limit }: { subscriberId: string; after: bigint; limit: number },
) {
  return db.delivery.findMany({
    where: { subscriberId, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit,
    // How workers share out the work says nothing about the reader.
    omit: { subscriberId: true, claimId: true, leaseUntil: true },
    include: { bounces: { omit: { deliveryId: true }, orderBy: { receivedAt: 'asc' } } },
  });
}

export async function listPaperTitles(db: Db, seqs: number[]): Promise<Map<number, string>> {
  const rows = await db.paper.findMany({
    where: { seq: { in: seqs } },
    select: { seq: true, title: true },
  });
  return new Map(rows.map(({ seq, title }) => [seq, title]));
}
