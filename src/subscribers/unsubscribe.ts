// The way out. Whatever was planned for this reader is dropped when a worker comes to it: every claim reads the
// subscription again.
import type { Db } from '../platform/db.ts';
import type { MailPromises } from './mail-promises.ts';
import { listSuppressed, lockSubscriber, markUnsubscribed } from './store.ts';

/** Any number of times; an id that does not exist changes nothing. */
export async function unsubscribe(
  { db, now }: { db: Db; now: () => Date },
  subscriberId: string,
): Promise<void> {
  await markUnsubscribed(db, { id: subscriberId, now: now() });
}

/**
 * By the button of our own page: the same, and one goodbye mail with a way back. Never after one-click: who presses
 * that in a mail program wants no more mail, and mailbox providers count one as a complaint's worth. Nobody who was
 * not getting digests gets one.
 */
export async function sayGoodbye(
  {
    db,
    promises,
    wakeDelivery,
    now,
  }: { db: Db; promises: MailPromises; wakeDelivery: () => Promise<void>; now: () => Date },
  subscriberId: string,
): Promise<void> {
  const isPromised = await db.$transaction(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId);
    if (subscriber === null) return false;
    await markUnsubscribed(tx, { id: subscriberId, now: now() });
    if (subscriber.status !== 'active') return false;
    if ((await listSuppressed(tx, [subscriber.email])).size > 0) return false;
    return promises.promiseAccountMail(tx, { subscriberId, kind: 'goodbye', now: now() });
  });
  if (isPromised) await wakeDelivery();
}
