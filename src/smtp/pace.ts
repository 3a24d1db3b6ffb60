// How many mails a server may be sent, shared by all workers.
import type { Db } from '../platform/db.ts';
import { reserveSlots, setRate } from './sending-rate-store.ts';

/** Stores the configured rate (null: none) under `key`, and returns how to ask for slots. */
export async function createPace(
  { db, now }: { db: Db; now: () => Date },
  { key, perSecond }: { key: string; perSecond: number | null },
): Promise<(count: number) => Promise<number>> {
  await setRate(db, { key, perSecond, now: now() });
  if (perSecond === null) return async (count) => count;
  return async (count) => {
    const [grant] = await reserveSlots(db, { wanted: [{ key, count }], now: now() });
    return grant?.granted ?? count;
  };
}
