// Why a claimed delivery is not to be sent after all.
import type { Subscriber } from '../subscribers/subscriber.ts';
import { type ClaimedDelivery, neededStatus } from './delivery.ts';
import type { UnsentCode } from './outcome-codes.ts';

/** Null when nothing stands in the way. `to` is null for a mail about what is no more. */
export function findObstacle(
  { kind, edition, isSuperseded, isCancelled }: ClaimedDelivery,
  {
    subscriber,
    to,
    suppressed,
  }: { subscriber: Subscriber | undefined; to: string | null; suppressed: ReadonlySet<string> },
): UnsentCode | null {
  if (isCancelled) return 'edition_cancelled';
  if (isSuperseded) return 'carried';
  if (subscriber === undefined) return 'subscriber_gone';
  if (to !== null && suppressed.has(to)) return 'suppressed';
  if (subscriber.status !== neededStatus[kind]) return 'other_status';
  if (to === null) return 'about_nothing';
  const { pausedUntil } = subscriber.preferences;
  if (edition !== null && pausedUntil !== null && edition < pausedUntil) return 'paused';
  return null;
}
