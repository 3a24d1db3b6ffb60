// Sends what is due, whenever it is woken; a long run tells how far it has come.
import { type DeliverDeps, deliverDue } from '../delivery/deliver.ts';
import { measureProgress } from '../delivery/progress.ts';
import { countDueDeliveries } from '../ledger/store.ts';

const tellEveryMs = 10_000;

export async function deliver(deps: DeliverDeps, signal: AbortSignal): Promise<void> {
  const startedAt = deps.now().getTime();
  const total = await countDueDeliveries(deps.db, deps.now());
  let toldAt = startedAt;
  const counts = await deliverDue(
    {
      ...deps,
      onProgress: (sofar) => {
        const at = deps.now().getTime();
        if (at - toldAt < tellEveryMs) return;
        toldAt = at;
        deps.log.info(
          { ...sofar, ...measureProgress(sofar, { total, elapsedMs: at - startedAt }) },
          'delivering',
        );
      },
    },
    signal,
  );
  if (Object.values(counts).some((count) => count > 0)) deps.log.info(counts, 'delivered');
}
