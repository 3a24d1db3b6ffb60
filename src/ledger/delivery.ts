// One mail that was promised to one subscriber, as the ledger has it.
import { type AccountMailKind, accountMails } from '../subscribers/account-mails.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';

export type MailKind = 'digest' | AccountMailKind;

/** What its subscriber must be for a mail of this kind to leave. */
export const neededStatus = Object.fromEntries([
  ['digest', 'active'],
  ...Object.entries(accountMails).map((mail) => [mail[0], mail[1].neededStatus]),
]) as Readonly<Record<MailKind, Subscriber['status']>>;

/** A delivery that this worker has claimed; nobody else may write its outcome while `leaseUntil` lies ahead. */
export type ClaimedDelivery = {
  id: bigint;
  claimId: string;
  subscriberId: string;
  kind: MailKind;
  /** YYYY-MM-DD in the reader's time zone; null for all but digests. */
  edition: string | null;
  throughSeq: number | null;
  /** How often it was tried before. */
  attempts: number;
  createdAt: Date;
  resent: boolean;
  /** A later edition is planned already: its digest carries these papers. */
  isSuperseded: boolean;
  /** The operator cancelled its edition. */
  isCancelled: boolean;
};

/** Why nothing was sent, as the ledger has it and the history reads it. */
export const unsentReasons = {
  noPapers: 'no new papers',
  noMatch: 'no new paper matched',
  editionCancelled: 'the edition was cancelled',
  carried: 'carried into a later digest',
  suppressed: 'the address is suppressed',
  paused: 'paused by the reader',
} as const;

/** What becomes of a delivery. `reason` is kept in its row, for the operator and for the reader who asks why. */
export type Outcome =
  | { type: 'accepted'; reason: string }
  | { type: 'deferred'; reason: string; nextTryAt: Date }
  | { type: 'rejected'; reason: string }
  | { type: 'unknown'; reason: string }
  | { type: 'nothing'; reason: string }
  | { type: 'cancelled'; reason: string };
