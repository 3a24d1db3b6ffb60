// From what the server did to what becomes of the delivery. Decided by the stage and the reply code alone.

import type { ClaimedDelivery, Outcome } from '../ledger/delivery.ts';
import type { SendResult } from './mailer.ts';

export type Judgement = {
  outcome: Outcome;
  /** The server, not this mail, is in trouble: no more mails are to be tried for now. */
  pausesTransport: boolean;
  /** The receiver wants fewer mails for now (421, 45x). */
  asksForLess: boolean;
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
      return judgement({ type: 'accepted', reason: result.reply });
    case 'unsendable':
      return judgement({ type: 'rejected', reason: result.reason });
    case 'failed':
      // After the 354 a copy may be stored, whatever happened to the connection since.
      return result.bodyStarted
        ? judgement({ type: 'unknown', reason: result.reason })
        : judgement(soon(result.reason), { pausesTransport: true });
    case 'refused': {
      const reason = `${result.command}: ${result.reply}`;
      if (isServersTrouble(result)) return judgement(soon(reason), { pausesTransport: true });
      return result.code >= 500
        ? judgement({ type: 'rejected', reason })
        : judgement(later(reason), { asksForLess: true });
    }
  }
}

/**
 * Nothing of the mail has left, and any other mail would fare no better: no connection, no TLS, no login, our sender
 * address refused, a goodbye.
 */
export function isServersTrouble(result: SendResult): boolean {
  if (result.type === 'failed') return !result.bodyStarted;
  return result.type === 'refused' && result.command !== 'RCPT TO' && result.command !== 'DATA';
}

function judgement(outcome: Outcome, trouble: Partial<Omit<Judgement, 'outcome'>> = {}): Judgement {
  return { outcome, pausesTransport: false, asksForLess: false, ...trouble };
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
