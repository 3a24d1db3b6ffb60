// What subscribers bring about in the ledger: mails about the subscription, only so many to a subscriber and to a mailbox,
// so that nobody's inbox is flooded by others; and the first digest. The one place where such mails are promised.

import { lastReadySeq } from '../papers/store.ts';
import { type DbOrTransaction, fromDateColumn, type Prisma, toDateColumn } from '../platform/postgres/db.ts';
import {
  type AccountMailKind,
  accountMails,
  type MailboxBudget,
  mailboxBudgets,
} from '../subscribers/account/account-mails.ts';
import type { MailPromises } from '../subscribers/account/mail-promises.ts';
import { hashMailbox } from '../subscribers/mailbox.ts';
import { utcDay } from '../text/days.ts';
import type { MailKind } from './delivery.ts';
import { dayBefore } from './months.ts';

const windowMs = 24 * 60 * 60 * 1000;

export const promises: MailPromises = {
  async promiseAccountMail(tx, { subscriberId, kind, signUpId, now, notBefore, to }) {
    const since = new Date(Math.max(now.getTime() - windowMs, notBefore?.getTime() ?? 0));
    const promised = await tx.delivery.count({
      where: {
        subscriberId,
        kind,
        day: { gte: toDateColumn(dayBefore(since, 1)) },
        createdAt: { gt: since },
      },
    });
    if (promised >= accountMails[kind].perDay) return false;
    if (!(await spendMailbox(tx, { email: to ?? (await getEmail(tx, subscriberId)), kind, now })))
      return false;
    await tx.delivery.create({
      data: {
        subscriberId,
        kind,
        day: toDateColumn(utcDay(now)),
        signUpId: signUpId ?? null,
        createdAt: now,
        nextTryAt: now,
      },
    });
    return true;
  },

  async promiseFirstDigest(tx, { subscriberId, now }) {
    await tx.$executeRaw`
      INSERT INTO delivery (subscriber_id, kind, day, edition, through_seq, listed_from, next_try_at)
      SELECT id, 'digest', today, today, ${lastReadySeq}, (SELECT max(date) FROM listing), ${now}
      FROM subscriber, LATERAL (SELECT (${now}::timestamptz AT TIME ZONE time_zone)::date AS today) AS day
      WHERE id = ${subscriberId}::uuid
      ON CONFLICT (subscriber_id, edition, day) DO NOTHING`;
  },

  async findLastEdition(tx, subscriberId) {
    const { _max } = await tx.delivery.aggregate({ where: { subscriberId }, _max: { edition: true } });
    return _max.edition && fromDateColumn(_max.edition);
  },
};

/** Of mailboxes that had something to count, nothing is left after a day. */
export async function forgetPromisedMails(db: DbOrTransaction, now: Date): Promise<void> {
  await db.promisedMail.deleteMany({ where: { promisedAt: { lte: new Date(now.getTime() - windowMs) } } });
}

/** False: the mailbox has had enough. Of several at once, in whichever process, each waits for the one before. */
async function spendMailbox(
  tx: Prisma.TransactionClient,
  { email, kind, now }: { email: string; kind: AccountMailKind; now: Date },
): Promise<boolean> {
  const { askedBy } = accountMails[kind];
  const budgets = mailboxBudgets.filter((budget) => budget.askedBy.includes(askedBy));
  if (budgets.length === 0) return true;
  const mailbox = hashMailbox(email);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`paperround mailbox ${mailbox}`}))`;
  const promised = await tx.promisedMail.findMany({
    where: { mailbox, promisedAt: { gt: new Date(now.getTime() - windowMs) } },
  });
  if (budgets.some((budget) => countSpent(promised, { budget, now }) >= budget.points)) return false;
  await tx.promisedMail.create({ data: { mailbox, kind, promisedAt: now } });
  return true;
}

function countSpent(
  promised: { kind: MailKind; promisedAt: Date }[],
  { budget, now }: { budget: MailboxBudget; now: Date },
): number {
  const since = now.getTime() - budget.seconds * 1000;
  return promised.filter(
    ({ kind, promisedAt }) =>
      kind !== 'digest' &&
      promisedAt.getTime() > since &&
      budget.askedBy.includes(accountMails[kind].askedBy),
  ).length;
}

async function getEmail(tx: Prisma.TransactionClient, id: string): Promise<string> {
  const { email } = await tx.subscriber.findUniqueOrThrow({ where: { id }, select: { email: true } });
  return email;
}
