// Why a claimed delivery is not to be sent after all.
import type { Subscriber } from '../subscribers/subscriber.ts';
import { type ClaimedDelivery, neededStatus, unsentReasons } from './delivery.ts';

/** For the operator to read; null when nothing stands in the way. `to` is null for a mail about what is no more. */
export function findObstacle(
  { kind, edition, isSuperseded, isCancelled }: ClaimedDelivery,
  {
    subscriber,
    to,
    suppressed,
  }: { subscriber: Subscriber | undefined; to: string | null; suppressed: ReadonlySet<string> },
): string | null {
  if (isCancelled) return unsentReasons.editionCancelled;
  if (isSuperseded) return unsentReasons.carried;
  if (subscriber === undefined) return 'the subscriber is gone';
  if (to !== null && suppressed.has(to)) return unsentReasons.suppressed;
  if (subscriber.status !== neededStatus[kind]) return `the subscriber is ${subscriber.status}`;
  if (to === null) return 'it is about nothing any more';
  const { pausedUntil } = subscriber.preferences;
  if (edition !== null && pausedUntil !== null && edition < pausedUntil) return unsentReasons.paused;
  return null;
}
