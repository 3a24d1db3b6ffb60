// Sign-up: stores what was asked for and promises one mail. Nothing is sent to anyone who has not confirmed but
// that mail, and the caller cannot tell a new address from a known or a suppressed one.
import type { Db } from '../platform/db.ts';
import type { MailPromises } from './mail-promises.ts';
import type { Preferences } from './preferences.ts';
import { listSuppressed, lockSubscriberByEmail, markPending, savePreferences } from './store.ts';

type Deps = { db: Db; promises: MailPromises; wakeDelivery: () => Promise<void>; now: () => Date };

/** `email` and `preferences` are checked already. A subscriber who is active keeps their preferences. */
export async function signUp(
  { db, promises, wakeDelivery, now }: Deps,
  { email, preferences }: { email: string; preferences: Preferences },
): Promise<void> {
  if ((await listSuppressed(db, [email])).size > 0) return;
  await db.$transaction(async (tx) => {
    const subscriber = await lockSubscriberByEmail(tx, email);
    const kind = subscriber.status === 'active' ? 'already_subscribed' : 'confirmation';
    if (kind === 'confirmation') {
      await markPending(tx, { id: subscriber.id, email });
      await savePreferences(tx, { id: subscriber.id, preferences });
    }
    await promises.promiseAccountMail(tx, {
      subscriberId: subscriber.id,
      kind,
      now: now(),
      // Whoever left and comes back the same day starts anew.
      notBefore: subscriber.unsubscribedAt,
    });
  });
  await wakeDelivery();
}
