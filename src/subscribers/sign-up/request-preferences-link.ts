// "Send me my preferences link": the request is stored, with the same work for every address, and answered; whether anybody
// has it is found out afterwards, so that only the owner of a mailbox learns it.
import type { Prisma } from '../../platform/postgres/db.ts';
import type { AccountMailKind } from '../account/account-mails.ts';
import { lockKnownEmail } from '../account/account-store.ts';
import type { PromisingDeps } from '../account/mail-promises.ts';
import { listSuppressed } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';
import { findOpenSignUp, waitsWithoutRow } from './sign-up-store.ts';

/** `email` is checked already. */
export async function requestPreferencesLink(
  { db, now }: Pick<PromisingDeps, 'db' | 'now'>,
  email: string,
): Promise<void> {
  await db.linkRequest.create({ data: { email, requestedAt: now() } });
}

const perStep = 100;

/**
 * Promises a mail for each request that is stored, where there is a reader, and forgets the request. Any number of processes
 * may do so at once, and be killed: each is one transaction. One that fails costs itself only, until the next time; the first
 * error is thrown at the end. Returns how many were answered.
 */
export async function answerLinkRequests(deps: PromisingDeps): Promise<number> {
  const errors: unknown[] = [];
  let answered = 0;
  for (let after = 0n; ; ) {
    const waiting = await deps.db.linkRequest.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: perStep,
      select: { id: true },
    });
    for (const { id } of waiting) {
      try {
        if (await answerLinkRequest(deps, id)) answered += 1;
      } catch (error) {
        errors.push(error);
      }
    }
    if (answered > 0) await deps.wakeDelivery();
    after = waiting.at(-1)?.id ?? after;
    if (waiting.length < perStep) break;
  }
  if (errors.length > 0) throw errors[0];
  return answered;
}

/** False: somebody else has answered it. */
async function answerLinkRequest({ db, promises, now }: PromisingDeps, id: bigint): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [asked] = await tx.$queryRaw<{ email: string }[]>`
      DELETE FROM link_request WHERE id = ${id} RETURNING email`;
    if (asked === undefined) return false;
    const subscriber = await lockKnownEmail(tx, asked.email);
    const isSuppressed = (await listSuppressed(tx, [asked.email])).size > 0;
    const answer = subscriber === null || isSuppressed ? null : await findAnswer(tx, subscriber);
    if (subscriber === null || answer === null) return true;
    await promises.promiseAccountMail(tx, {
      ...answer,
      subscriberId: subscriber.id,
      now: now(),
      notBefore: subscriber.unsubscribedAt,
    });
    return true;
  });
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
