// What the ledger does for a subscriber, within the transaction in which they act. It stands behind this room in the flow,
// so that whoever acts for a subscriber is given it.
import type { Db, Prisma } from '../../platform/postgres/db.ts';
import type { AccountMailKind } from './account-mails.ts';

export type MailPromises = {
  /**
   * Enters a mail, unless enough of its kind were promised to the subscriber within a day, or since `notBefore` where that is
   * later, or enough of all kinds to the mailbox. Goes to the reader's address unless `to` is given. The last thing in its
   * transaction that waits for others: a mailbox is locked until that ends. Whether it was entered is for nobody to see who
   * did not prove that the mailbox is theirs.
   */
  promiseAccountMail(
    tx: Prisma.TransactionClient,
    mail: {
      subscriberId: string;
      kind: AccountMailKind;
      /** What a confirmation is about. */
      signUpId?: string;
      now: Date;
      notBefore?: Date | null;
      to?: string;
    },
  ): Promise<boolean>;
  /** Enters today's edition in the reader's zone, unless they had it. */
  promiseFirstDigest(
    tx: Prisma.TransactionClient,
    digest: { subscriberId: string; now: Date },
  ): Promise<void>;
  /** The day of the latest digest that was promised, YYYY-MM-DD; null: none was. */
  findLastEdition(tx: Prisma.TransactionClient, subscriberId: string): Promise<string | null>;
};

/** What it takes to act for a subscriber and have a mail about it leave at once. */
export type PromisingDeps = {
  db: Db;
  promises: MailPromises;
  wakeDelivery: () => Promise<void>;
  now: () => Date;
};
