// What an operator does for a reader: finds them, adds them, confirms for them with a reason that is kept. An address that is
// suppressed is neither added nor confirmed by anybody.
import type { Db } from '../platform/postgres/db.ts';
import { lockKnownEmail } from './account/account-store.ts';
import type { MailPromises, PromisingDeps } from './account/mail-promises.ts';
import type { Preferences } from './preferences/preferences.ts';
import { openSubscription } from './sign-up/confirm.ts';
import { requestSignUp } from './sign-up/sign-up.ts';
import {
  findOpenSignUp,
  findSignUp,
  markAnswered,
  storeSignUp,
  waitsWithoutRow,
} from './sign-up/sign-up-store.ts';
import { findSubscriber, listSuppressed, lockSubscriberByEmail, toEmailKey } from './store.ts';
import type { Subscriber } from './subscriber.ts';

/** By address, in any case, or by id. Null: nobody is. */
export async function findReader(db: Db, addressOrId: string): Promise<Subscriber | null> {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(addressOrId))
    return findSubscriber(db, addressOrId);
  const row = await db.subscriber.findUnique({
    where: { emailKey: toEmailKey(addressOrId) },
    select: { id: true },
  });
  return row && findSubscriber(db, row.id);
}

export type Added = 'asked' | 'active' | 'already-active' | 'suppressed';

/**
 * Without `evidence` they are asked by mail, as if they had signed up; with it (where, when and how they agreed) they read from
 * now on. Nothing changes for who reads already.
 */
export async function addReader(
  deps: Pick<PromisingDeps, 'db' | 'promises' | 'wakeDelivery' | 'now'>,
  { email, preferences, evidence }: { email: string; preferences: Preferences; evidence: string | null },
): Promise<Added> {
  const { db, now } = deps;
  if ((await listSuppressed(db, [email])).size > 0) return 'suppressed';
  if ((await findReader(db, email))?.status === 'active') return 'already-active';
  const consent = { door: 'operator', words: 'by hand', source: null } as const;
  if (evidence === null) {
    await requestSignUp(deps, { email, preferences, consent });
    return 'asked';
  }
  const added = await db.$transaction(async (tx): Promise<Added> => {
    const { id, status } = await lockSubscriberByEmail(tx, { email, now: now() });
    if (status === 'active') return 'already-active';
    const asked = { email, preferences, consent: { ...consent, evidence }, now: now() };
    const signUpId = await storeSignUp(tx, asked);
    await markAnswered(tx, { id: signUpId, subscriberId: id, now: now() });
    await openSubscription(tx, deps, { id, signUp: await findSignUp(tx, signUpId), evidence });
    return 'active';
  });
  if (added === 'active') await deps.wakeDelivery();
  return added;
}

export type ConfirmedByHand = 'confirmed' | 'already-active' | 'nothing-asked' | 'suppressed' | 'unknown';

/** For who asked, and cannot get at the mail with the button. What they chose last is what they get. */
export async function confirmReader(
  deps: { db: Db; promises: MailPromises; wakeDelivery: () => Promise<void>; now: () => Date },
  { email, evidence }: { email: string; evidence: string },
): Promise<ConfirmedByHand> {
  const { db } = deps;
  if ((await listSuppressed(db, [email])).size > 0) return 'suppressed';
  const result = await db.$transaction(async (tx): Promise<ConfirmedByHand> => {
    const reader = await lockKnownEmail(tx, email);
    if (reader === null) return 'unknown';
    if (reader.status === 'active') return 'already-active';
    const signUp = await findOpenSignUp(tx, reader);
    if (signUp === null && !waitsWithoutRow(reader)) return 'nothing-asked';
    await openSubscription(tx, deps, { id: reader.id, signUp, evidence });
    return 'confirmed';
  });
  if (result === 'confirmed') await deps.wakeDelivery();
  return result;
}
