// Sign-up, in two steps. The request is stored, with the same work for every address, and answered; what it leads to is found
// out afterwards, so that neither an answer nor its time tells anything. Nothing that is stored about a reader changes by it:
// what was chosen waits in the request until the owner of the mailbox confirms it.
import type { Db } from '../../platform/postgres/db.ts';
import type { PromisingDeps } from '../account/mail-promises.ts';
import type { Preferences } from '../preferences/preferences.ts';
import { listSuppressed, lockSubscriberByEmail } from '../store.ts';
import {
  type Consent,
  listUnanswered,
  lockUnanswered,
  markAnswered,
  storeSignUp,
  type Unanswered,
} from './sign-up-store.ts';

/** `email` and `preferences` are checked already. Returns the request's id. */
export async function requestSignUp(
  { db, now }: { db: Db; now: () => Date },
  asked: { email: string; preferences: Preferences; consent: Consent },
): Promise<string> {
  return storeSignUp(db, { ...asked, now: now() });
}

const perStep = 100;

/**
 * Decides what becomes of each request that is stored: a mail about it is promised, one that asks for confirmation or one that
 * says that all is as it was. Any number of processes may do so at once, and be killed: each request is one transaction. One that
 * fails costs itself only, until the next time; the first error is thrown at the end. Returns how many were answered.
 */
export async function answerSignUps(deps: PromisingDeps): Promise<number> {
  const errors: unknown[] = [];
  let answered = 0;
  for (let after: Unanswered | null = null; ; ) {
    const waiting: Unanswered[] = await listUnanswered(deps.db, { after, limit: perStep });
    let promised = 0;
    for (const { id } of waiting) {
      try {
        const result = await answerSignUp(deps, id);
        if (result !== 'not-ours') answered += 1;
        if (result === 'promised') promised += 1;
      } catch (error) {
        errors.push(error);
      }
    }
    if (promised > 0) await deps.wakeDelivery();
    after = waiting.at(-1) ?? null;
    if (waiting.length < perStep) break;
  }
  if (errors.length > 0) throw errors[0];
  return answered;
}

/** The row is locked first, then its subscriber: in the order of an erasure. */
async function answerSignUp(
  { db, promises, now }: Omit<PromisingDeps, 'wakeDelivery'>,
  id: string,
): Promise<'promised' | 'nothing' | 'not-ours'> {
  return db.$transaction(async (tx) => {
    const asked = await lockUnanswered(tx, id);
    if (asked === null) return 'not-ours';
    const isSuppressed = (await listSuppressed(tx, [asked.email])).size > 0;
    const subscriber = isSuppressed
      ? null
      : await lockSubscriberByEmail(tx, { email: asked.email, now: now() });
    await markAnswered(tx, { id, subscriberId: subscriber?.id ?? null, now: now() });
    if (subscriber === null) return 'nothing';
    const mail = {
      subscriberId: subscriber.id,
      now: now(),
      // Whoever left and comes back the same day starts anew.
      notBefore: subscriber.unsubscribedAt,
    };
    const isPromised = await promises.promiseAccountMail(
      tx,
      subscriber.status === 'active'
        ? { ...mail, kind: 'already_subscribed' }
        : { ...mail, kind: 'confirmation', signUpId: id },
    );
    return isPromised ? 'promised' : 'nothing';
  });
}
