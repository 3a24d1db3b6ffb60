// "Send me my preferences link": the answer is the same for every address, so only the owner of a mailbox learns
// whether it is subscribed.
import type { Db } from '../platform/db.ts';
import type { AccountMailKind } from './account-mails.ts';
import { lockKnownEmail } from './account-store.ts';
import type { MailPromises } from './mail-promises.ts';
import { listSuppressed } from './store.ts';
import type { Subscriber } from './subscriber.ts';

type Deps = { db: Db; promises: MailPromises; wakeDelivery: () => Promise<void>; now: () => Date };

/** Who never confirmed is asked again; who left asked for no more mail, and comes back by signing up only. */
const answers: Record<Subscriber['status'], AccountMailKind | null> = {
  active: 'preferences_link',
  pending: 'confirmation',
  unsubscribed: null,
};

/** `email` is checked already. */
export async function requestPreferencesLink(
  { db, promises, wakeDelivery, now }: Deps,
  email: string,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const subscriber = await lockKnownEmail(tx, email);
    const isSuppressed = (await listSuppressed(tx, [email])).size > 0;
    const kind = subscriber === null || isSuppressed ? null : answers[subscriber.status];
    if (subscriber === null || kind === null) return;
    await promises.promiseAccountMail(tx, {
      subscriberId: subscriber.id,
      kind,
      now: now(),
      notBefore: subscriber.unsubscribedAt,
    });
  });
  await wakeDelivery();
}
