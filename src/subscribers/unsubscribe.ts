// The way out. Whatever was planned for this reader is dropped when a worker comes to it: every claim reads the
// subscription again.
import type { Db } from '../db.ts';
import { markUnsubscribed } from './store.ts';

/** Any number of times; an id that does not exist changes nothing. */
export async function unsubscribe(
  { db, now }: { db: Db; now: () => Date },
  subscriberId: string,
): Promise<void> {
  await markUnsubscribed(db, { id: subscriberId, now: now() });
}
