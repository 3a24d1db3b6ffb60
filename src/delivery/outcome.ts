// From what the server did to what becomes of the delivery. Decided by the stage and the reply code alone.
import type { SendResult } from '../mailer.ts';
import type { ClaimedDelivery, Outcome } from './delivery.ts';

export type Judgement = {
  outcome: Outcome;
  /** The server, not this mail, is in trouble: no more mails are to be tried for now. */
  pausesTransport: boolean;
};

const minute = 60_000;
const firstRetryMs = minute;
const longestRetryMs = 60 * minute;
/** RFC 5321 section 4.5.4.1 gives up after days; a daily digest is stale after one. */
const giveUpAfterMs = 24 * 60 * minute;
const transportRetryMs = minute / 2;

/** `random` is in [0, 1). */
export function judge(
  result: SendResult,
  { delivery, now, random }: { delivery: ClaimedDelivery; now: Date; random: number },
): Judgement {
  const later = (reason: string): Outcome => defer({ reason, delivery, now, random });
  const soon = (reason: string): Outcome => ({
    type: 'deferred',
    reason,
    nextTryAt: new Date(now.getTime() + transportRetryMs),
  });

  switch (result.type) {
    case 'accepted':
      return { outcome: { type: 'accepted', reason: result.reply }, pausesTransport: false };
    case 'unsendable':
      return { outcome: { type: 'rejected', reason: result.reason }, pausesTransport: false };
    case 'failed':
      // After the 354 a copy may be stored, whatever happened to the connection since.
      return result.bodyStarted
        ? { outcome: { type: 'unknown', reason: result.reason }, pausesTransport: false }
        : { outcome: soon(result.reason), pausesTransport: true };
    case 'refused': {
      const reason = `${result.command}: ${result.reply}`;
      const isAboutThisMail = result.command === 'RCPT TO' || result.command === 'DATA';
      if (!isAboutThisMail) return { outcome: soon(reason), pausesTransport: true };
      const isPermanent = result.code >= 500;
      return { outcome: isPermanent ? { type: 'rejected', reason } : later(reason), pausesTransport: false };
    }
  }
}

/** Doubles from one minute to an hour, plus up to half of it, so that what failed together is not tried together. */
function defer({
  reason,
  delivery,
  now,
  random,
}: {
  reason: string;
  delivery: ClaimedDelivery;
  now: Date;
  random: number;
}): Outcome {
  if (now.getTime() - delivery.createdAt.getTime() >= giveUpAfterMs) {
    return { type: 'rejected', reason: `given up after a day: ${reason}` };
  }
  const delayMs = Math.min(firstRetryMs * 2 ** delivery.attempts, longestRetryMs) * (1 + random / 2);
  return { type: 'deferred', reason, nextTryAt: new Date(now.getTime() + delayMs) };
}
