// What the ledger does for a subscriber, within the transaction in which they act. It stands behind this room in the flow,
// so that whoever acts for a subscriber is given it.
import type { Prisma } from '../platform/db.ts';
import type { AccountMailKind } from './account-mails.ts';

export type MailPromises = {
  /**
   * Enters a mail, unless enough of its kind were promised within a day, or since `notBefore` where that is later. Returns
   * whether it was entered.
   */
  promiseAccountMail(
    tx: Prisma.TransactionClient,
    mail: { subscriberId: string; kind: AccountMailKind; now: Date; notBefore?: Date | null },
  ): Promise<boolean>;
  /** Enters today's edition in the reader's zone, unless they had it. */
  promiseFirstDigest(
    tx: Prisma.TransactionClient,
    digest: { subscriberId: string; now: Date },
  ): Promise<void>;
  /** The day of the latest digest that was promised, YYYY-MM-DD; null: none was. */
  findLastEdition(tx: Prisma.TransactionClient, subscriberId: string): Promise<string | null>;
};
