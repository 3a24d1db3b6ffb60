// Enters mails about a subscription in the ledger, only so many to an address: nobody's inbox is flooded by others.
import type { Prisma } from '../platform/db.ts';
import { type AccountMailKind, accountMails } from './account-mails.ts';

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
  const promised = await tx.delivery.count({ where: { subscriberId, kind, createdAt: { gt: since } } });
  if (promised >= accountMails[kind].perDay) return false;
  await tx.delivery.create({ data: { subscriberId, kind, createdAt: now, nextTryAt: now } });
  return true;
}
