// What a reader does about their links: asks for the short-lived one to what is dear, and closes all that are out there.
import type { Db } from '../../platform/postgres/db.ts';
import { findSubscriber, lockSubscriber } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import { saveFeedRenewal } from './account-store.ts';
import type { PromisingDeps } from './mail-promises.ts';

/** Goes to the reader's own address, whoever asks: a link to the preferences alone neither erases nor moves anybody. */
export async function requestAccountLink(
  { db, promises, wakeDelivery, now }: PromisingDeps,
  subscriberId: string,
): Promise<'requested' | 'too-many'> {
  const isPromised = await db.$transaction(async (tx) => {
    if ((await lockSubscriber(tx, subscriberId)) === null) return false;
    return promises.promiseAccountMail(tx, { subscriberId, kind: 'account_link', now: now() });
  });
  if (!isPromised) return 'too-many';
  await wakeDelivery();
  return 'requested';
}

/**
 * Links made before work no more, the feed's address included; those to leave do. Null when there is no such reader. From the
 * next second on: tokens know no finer time, and none of this one is to outlive it.
 */
export async function closeLinks(
  { db, now }: { db: Db; now: () => Date },
  subscriberId: string,
): Promise<Subscriber | null> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE subscriber SET links_since =
        date_trunc('second', GREATEST(${now()}::timestamptz, links_since)) + interval '1 second'
      WHERE id = ${subscriberId}::uuid`;
    await saveFeedRenewal(tx, { id: subscriberId, now: now() });
    return findSubscriber(tx, subscriberId);
  });
}
