// Sends what is due, whenever it is woken.
import { type DeliverDeps, deliverDue } from '../delivery/deliver.ts';

export async function deliver(deps: DeliverDeps, signal: AbortSignal): Promise<void> {
  const counts = await deliverDue(deps, signal);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total > 0) deps.log.info(counts, 'delivered');
}
