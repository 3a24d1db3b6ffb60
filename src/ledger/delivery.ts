// One mail that was promised to one subscriber, as the ledger has it.
import { type AccountMailKind, accountMails } from '../subscribers/account/account-mails.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { FailureCode, RefusalCause, SmtpStage, UnsentCode } from './outcome-codes.ts';

export type MailKind = 'digest' | AccountMailKind;

export const mailKinds = ['digest', ...Object.keys(accountMails)] as MailKind[];

/** What its subscriber must be, one of these, for a mail of this kind to leave. */
export const neededStatus = Object.fromEntries([
  ['digest', ['active']],
  ...Object.entries(accountMails).map((mail) => [mail[0], mail[1].neededStatus]),
]) as Readonly<Record<MailKind, readonly Subscriber['status'][]>>;

/** A delivery that this worker has claimed; nobody else may write its outcome while `leaseUntil` lies ahead. */
export type ClaimedDelivery = {
  id: bigint;
  /** What it is filed under, YYYY-MM-DD: its edition, or the day on which it was promised. */
  day: string;
  claimId: string;
  subscriberId: string;
  kind: MailKind;
  /** What a confirmation is about; null for all else, and for a confirmation that is about its subscriber. */
  signUpId: string | null;
  /** YYYY-MM-DD in the reader's time zone; null for all but digests. */
  edition: string | null;
  throughSeq: number | null;
  /** YYYY-MM-DD: what was listed before is no news. Null for all but digests. */
  listedFrom: string | null;
  /** How often it was tried before. */
  attempts: number;
  createdAt: Date;
  /** Refusals that may pass count from here on: what waited for our own matter before is no fault of its reader. */
  patienceFrom: Date;
  resent: boolean;
  /** A later edition is planned already: its digest carries these papers. */
  isSuperseded: boolean;
  /** The operator cancelled its edition. */
  isCancelled: boolean;
};

/** What a server answered last; `text` as it came. `stage` and `status` (RFC 3463) are those of a refusal. */
export type Reply = { code: number | null; text: string; stage: SmtpStage | null; status: string | null };

/** What becomes of a delivery, as its row keeps it. `detail` is for people only: what went wrong, in words. */
export type Outcome =
  | { type: 'accepted'; reply: Reply }
  | ({ type: 'deferred'; nextTryAt: Date } & Trouble)
  | ({ type: 'rejected' } & Trouble)
  | { type: 'unknown'; code: FailureCode; detail: string | null }
  | { type: 'nothing' | 'cancelled'; code: UnsentCode };

/** Which row a claim is about: by its day, it is looked for in one month only. */
export type Claim = Pick<ClaimedDelivery, 'id' | 'day' | 'claimId'>;

/** What is written to its row, as long as the claim that it comes from counts. */
export type RecordedOutcome = Claim & { outcome: Outcome };

export type Trouble = { code: RefusalCause | FailureCode; reply: Reply | null; detail: string | null };

type Recipient = {
  subscriber:
    | { status: Subscriber['status']; preferences: Pick<Subscriber['preferences'], 'pausedUntil'> }
    | undefined;
  to: string | null;
  suppressed: ReadonlySet<string>;
};

/**
 * Why a claimed delivery is not to be sent after all; null when nothing stands in the way. `to` is null for a mail about
 * what is no more.
 */
export function findObstacle(
  {
    kind,
    edition,
    isSuperseded,
    isCancelled,
  }: Pick<ClaimedDelivery, 'kind' | 'edition' | 'isSuperseded' | 'isCancelled'>,
  { subscriber, to, suppressed }: Recipient,
): UnsentCode | null {
  if (isCancelled) return 'edition_cancelled';
  if (isSuperseded) return 'carried';
  if (subscriber === undefined) return 'subscriber_gone';
  if (to !== null && suppressed.has(to)) return 'suppressed';
  if (!neededStatus[kind].includes(subscriber.status)) return 'other_status';
  if (to === null) return 'about_nothing';
  const { pausedUntil } = subscriber.preferences;
  if (edition !== null && pausedUntil !== null && edition < pausedUntil) return 'paused';
  return null;
}
