// The way out, and the way back for who left by mistake: the subscription as it was, preferences and place in the line of
// papers. Whatever was planned for who leaves is dropped when a worker comes to it: every claim reads the subscription again.

import type { TokenSigner } from '../../platform/keys/tokens.ts';
import type { Db, DbOrTransaction } from '../../platform/postgres/db.ts';
import { findSubscriber, listSuppressed, lockSubscriber, markUnsubscribed } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import { restoreSubscription } from './account-store.ts';
import type { MailPromises, PromisingDeps } from './mail-promises.ts';

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
  { db, promises, wakeDelivery, now }: PromisingDeps,
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

type UndoDeps = { db: Db; tokens: TokenSigner; now: () => Date };

export type UndoState =
  | { type: 'can-undo' | 'active'; subscriber: Subscriber }
  | { type: 'expired' | 'invalid' | 'gone' };

/** Reads only. `active`: there is nothing to undo. */
export async function findUndo({ db, tokens, now }: UndoDeps, token: string): Promise<UndoState> {
  const verified = tokens.verify({ purpose: 'undo', token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const subscriber = await findSubscriber(db, verified.subscriberId);
  return judge(db, { subscriber, issuedAt: verified.issuedAt });
}

export async function undoUnsubscribe(
  { db, tokens, promises, now }: UndoDeps & { promises: MailPromises },
  token: string,
): Promise<UndoState> {
  const verified = tokens.verify({ purpose: 'undo', token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const { subscriberId: id, issuedAt } = verified;
  return db.$transaction(async (tx) => {
    const state = await judge(tx, { subscriber: await lockSubscriber(tx, id), issuedAt });
    if (state.type !== 'can-undo') return state;
    const lastEdition = await promises.findLastEdition(tx, id);
    await restoreSubscription(tx, { id, now: now(), lastEdition });
    return { type: 'active', subscriber: (await findSubscriber(tx, id)) ?? state.subscriber };
  });
}

async function judge(
  db: DbOrTransaction,
  { subscriber, issuedAt }: { subscriber: Subscriber | null; issuedAt: Date },
): Promise<UndoState> {
  if (subscriber === null) return { type: 'gone' };
  if ((await listSuppressed(db, [subscriber.email])).size > 0) return { type: 'expired' };
  if (subscriber.status === 'active') return { type: 'active', subscriber };
  const { status, confirmedAt, unsubscribedAt } = subscriber;
  const canUndo = status === 'unsubscribed' && confirmedAt !== null && isSameSecond(unsubscribedAt, issuedAt);
  return canUndo ? { type: 'can-undo', subscriber } : { type: 'expired' };
}

/** Tokens know no finer time. */
function isSameSecond(left: Date | null, issuedAt: Date): boolean {
  return left !== null && Math.floor(left.getTime() / 1000) === Math.floor(issuedAt.getTime() / 1000);
}
