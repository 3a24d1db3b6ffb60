// Plans the digests that are due. Killed anywhere, nobody is planned twice and nobody is left out.
import type { Db } from '../platform/db.ts';
import { planDueDigests, refreshStatistics } from './plan-store.ts';

const subscribersPerStep = 5000;

/** Returns how many deliveries were entered in the ledger. */
export async function planDigests({ db, now }: { db: Db; now: Date }): Promise<number> {
  for (let total = 0; ; ) {
    const { planned, advanced } = await planDueDigests(db, { now, limit: subscribersPerStep });
    total += planned;
    if (advanced < subscribersPerStep) {
      if (total >= subscribersPerStep) await refreshStatistics(db);
      return total;
    }
  }
}
