// An operator's hand on a whole edition.
import { type DbOrTransaction, fromDateColumn, toDateColumn } from '../platform/postgres/db.ts';

/** Holds an edition (`paused`, `cancelled`), or lets it go on (null). Takes effect at the next gate. */
export async function holdEdition(
  db: DbOrTransaction,
  { edition, state, now }: { edition: string; state: 'paused' | 'cancelled' | null; now: Date },
): Promise<void> {
  const day = toDateColumn(edition);
  if (state === null) {
    await db.editionHold.deleteMany({ where: { edition: day } });
    return;
  }
  const hold = { state, since: now };
  await db.editionHold.upsert({ where: { edition: day }, create: { edition: day, ...hold }, update: hold });
}

/** Days from `from` on, the latest first, of which nothing is promised yet, and nothing would leave. `begun` are all others. */
export async function listHeldAhead(
  db: DbOrTransaction,
  { from, begun }: { from: string; begun: readonly { edition: string }[] },
): Promise<{ edition: string; state: 'paused' | 'cancelled' }[]> {
  const holds = await db.editionHold.findMany({
    where: {
      edition: { gte: toDateColumn(from), notIn: begun.map(({ edition }) => toDateColumn(edition)) },
    },
    orderBy: { edition: 'desc' },
  });
  return holds.map(({ edition, state }) => ({ edition: fromDateColumn(edition), state }));
}

/** With the whole edition, and not by their readers' wish: `deliveries retry` takes them back. */
export async function countCancelledDigests(db: DbOrTransaction, edition: string): Promise<number> {
  const day = toDateColumn(edition);
  return db.delivery.count({
    where: { day, edition: day, state: 'cancelled', reasonCode: 'edition_cancelled' },
  });
}

/** Planned, deferred or under way. */
export async function countUnsentDigests(db: DbOrTransaction, edition: string): Promise<number> {
  const day = toDateColumn(edition);
  return db.delivery.count({ where: { day, edition: day, finishedAt: null } });
}
