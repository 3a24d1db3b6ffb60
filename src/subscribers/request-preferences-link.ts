// "Send me my preferences link": the answer is the same for every address, so only the owner of a mailbox learns
// whether it is subscribed.
import type { Db, Prisma } from '../platform/db.ts';
import type { AccountMailKind } from './account-mails.ts';
import { lockKnownEmail } from './account-store.ts';
import type { MailPromises } from './mail-promises.ts';
import { findOpenSignUp, waitsWithoutRow } from './sign-up-store.ts';
import { listSuppressed } from './store.ts';
import type { Subscriber } from './subscriber.ts';

type Deps = { db: Db; promises: MailPromises; wakeDelivery: () => Promise<void>; now: () => Date };

/** `email` is checked already. */
export async function requestPreferencesLink(
  { db, promises, wakeDelivery, now }: Deps,
  email: string,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const subscriber = await lockKnownEmail(tx, email);
    const isSuppressed = (await listSuppressed(tx, [email])).size > 0;
    const answer = subscriber === null || isSuppressed ? null : await findAnswer(tx, subscriber);
    if (subscriber === null || answer === null) return;
    await promises.promiseAccountMail(tx, {
      ...answer,
      subscriberId: subscriber.id,
      now: now(),
      notBefore: subscriber.unsubscribedAt,
    });
  });
  await wakeDelivery();
}

/** Who never confirmed is asked again; who left asked for no more mail, and comes back by signing up only. */
async function findAnswer(
  tx: Prisma.TransactionClient,
  subscriber: Subscriber,
): Promise<{ kind: AccountMailKind; signUpId?: string } | null> {
  if (subscriber.status === 'active') return { kind: 'preferences_link' };
  const signUp = await findOpenSignUp(tx, subscriber);
  if (signUp !== null) return { kind: 'confirmation', signUpId: signUp.id };
  return waitsWithoutRow(subscriber) ? { kind: 'confirmation' } : null;
}
