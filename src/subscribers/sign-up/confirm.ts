// The second half of double opt-in: the button behind the link in the confirmation mail. The link names one sign-up, and the
// button brings what was chosen with it; links that were mailed before sign-ups had rows of their own name their subscriber.

import type { TokenSigner } from '../../platform/keys/tokens.ts';
import type { Db, Prisma } from '../../platform/postgres/db.ts';
import { aboutReader, tell } from '../../webhooks/tell.ts';
import type { MailPromises } from '../account/mail-promises.ts';
import type { Preferences } from '../preferences/preferences.ts';
import { activate, findSubscriber, lockSubscriber, saveEmail, savePreferences } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import { findSignUp, isOpen, markSignUpConfirmed, type SignUp, waitsWithoutRow } from './sign-up-store.ts';

type Deps = { db: Db; tokens: TokenSigner; now: () => Date };

/** What the button would bring, to which address. */
export type Wanted = { email: string; preferences: Preferences };

export type Confirmable =
  | { type: 'open'; wanted: Wanted }
  | { type: 'already-confirmed'; subscriber: Subscriber }
  | { type: 'expired' | 'invalid' | 'gone' };

/** Reads only. */
export async function findConfirmable({ db, tokens, now }: Deps, token: string): Promise<Confirmable> {
  const verified = tokens.verify({ purpose: 'confirm', token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const signUp = await findSignUp(db, verified.subscriberId);
  const subscriber = await findSubscriber(db, signUp?.subscriberId ?? verified.subscriberId);
  return judge(signUp, subscriber);
}

export type Confirmed =
  | { type: 'confirmed' | 'already-confirmed'; subscriber: Subscriber }
  | { type: 'expired' | 'invalid' | 'gone' };

/** The first digest is promised in the same transaction. A link of before an unsubscribe has expired. */
export async function confirm(
  {
    db,
    tokens,
    promises,
    wakeDelivery,
    now,
  }: Deps & { promises: MailPromises; wakeDelivery: () => Promise<void> },
  token: string,
): Promise<Confirmed> {
  const verified = tokens.verify({ purpose: 'confirm', token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };

  const result = await db.$transaction(async (tx): Promise<Confirmed> => {
    const asked = await findSignUp(tx, verified.subscriberId);
    const id = asked?.subscriberId ?? verified.subscriberId;
    const subscriber = await lockSubscriber(tx, id);
    // Again: it was confirmed, or erased, while the lock was waited for.
    const signUp = asked && (await findSignUp(tx, asked.id));
    const state = judge(signUp, subscriber);
    if (state.type !== 'open') return state;
    await openSubscription(tx, { promises, now }, { id, signUp });
    const reader = await findSubscriber(tx, id);
    return reader === null ? { type: 'gone' } : { type: 'confirmed', subscriber: reader };
  });
  if (result.type === 'confirmed') await wakeDelivery();
  return result;
}

/** What the button does. Null: what was chosen stands with the subscriber already. `evidence`: an operator presses it for them. */
export async function openSubscription(
  tx: Prisma.TransactionClient,
  { promises, now }: { promises: MailPromises; now: () => Date },
  { id, signUp, evidence }: { id: string; signUp: SignUp | null; evidence?: string },
): Promise<void> {
  if (signUp !== null) {
    await saveEmail(tx, { id, email: signUp.email });
    await savePreferences(tx, { id, preferences: signUp.preferences });
    await markSignUpConfirmed(tx, { id: signUp.id, now: now(), evidence });
  }
  await activate(tx, { id, now: now() });
  await tell(tx, { type: 'subscriber.confirmed', at: now(), rows: aboutReader(id) });
  await promises.promiseFirstDigest(tx, { subscriberId: id, now: now() });
}

/** Who reads already changes what they get by their own link only: another sign-up with their address changes nothing. */
function judge(
  signUp: SignUp | null,
  subscriber: Subscriber | null,
): Exclude<Confirmable, { type: 'invalid' }> {
  if (subscriber === null) return { type: 'gone' };
  if (subscriber.status === 'active') return { type: 'already-confirmed', subscriber };
  if (signUp !== null) {
    return isOpen(signUp, subscriber) ? { type: 'open', wanted: signUp } : { type: 'expired' };
  }
  return waitsWithoutRow(subscriber) ? { type: 'open', wanted: subscriber } : { type: 'expired' };
}
