// The mails about a subscription itself, and how many of each an address gets: nobody's inbox is flooded by others.
import type { Prisma } from '../platform/db.ts';
import { countPromisedMails, promiseMail } from './account-store.ts';

export type AccountMailKind =
  | 'confirmation'
  | 'already_subscribed'
  | 'preferences_link'
  | 'goodbye'
  | 'address_change'
  | 'address_notice';

/** One more than is needed, in case it was lost. */
const mailsPerWindow: Record<AccountMailKind, number> = {
  confirmation: 2,
  already_subscribed: 1,
  preferences_link: 2,
  goodbye: 2,
  address_change: 3,
  address_notice: 3,
};

const windowMs = 24 * 60 * 60 * 1000;

/**
 * Enters a mail in the ledger, unless enough of its kind were promised within a day, or since `notBefore` where that
 * is later. Returns whether it was entered.
 */
export async function promiseAccountMail(
  tx: Prisma.TransactionClient,
  mail: { subscriberId: string; kind: AccountMailKind; now: Date; notBefore?: Date | null },
): Promise<boolean> {
  const { subscriberId, kind, now, notBefore } = mail;
  const since = new Date(Math.max(now.getTime() - windowMs, notBefore?.getTime() ?? 0));
  if ((await countPromisedMails(tx, { subscriberId, kind, since })) >= mailsPerWindow[kind]) return false;
  await promiseMail(tx, { subscriberId, kind, now });
  return true;
}
