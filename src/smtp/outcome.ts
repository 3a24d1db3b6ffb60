// From what the server did to what becomes of the delivery. Decided by the stage and the reply code; why it was
// refused is told by a code of its own.

import type { ClaimedDelivery, Outcome, Trouble } from '../ledger/delivery.ts';
import type { SmtpStage } from '../ledger/outcome-codes.ts';
import { judgeRefusal, type RefusalStage } from './judge-refusal.ts';
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
  const later = (trouble: Trouble): Outcome => defer({ trouble, delivery, now, random });
  const soon = (trouble: Trouble): Outcome => ({
    type: 'deferred',
    ...trouble,
    nextTryAt: new Date(now.getTime() + transportRetryMs),
  });

  switch (result.type) {
    case 'accepted':
      return judgement({
        type: 'accepted',
        reply: { code: readReplyCode(result.reply), text: result.reply, stage: null, status: null },
      });
    case 'unsendable':
      return judgement({ type: 'rejected', code: 'cannot_be_sent', reply: null, detail: result.reason });
    case 'failed':
      // After the 354 a copy may be stored, whatever happened to the connection since.
      return result.bodyStarted
        ? judgement({ type: 'unknown', code: 'no_answer', detail: result.reason })
        : judgement(soon({ code: 'no_connection', reply: null, detail: result.reason }), {
            pausesTransport: true,
          });
    case 'refused': {
      const trouble = explainRefusal(result);
      if (isServersTrouble(result)) return judgement(soon(trouble), { pausesTransport: true });
      return result.code >= 500
        ? judgement({ type: 'rejected', ...trouble })
        : judgement(later(trouble), { asksForLess: true });
    }
  }
}

function explainRefusal({ stage, code, reply: text }: Extract<SendResult, { type: 'refused' }>): Trouble {
  const { cause, status } = judgeRefusal({ words: text, stage: toRefusalStage(stage) });
  return { code: cause, reply: { code, text, stage, status }, detail: null };
}

/** What is refused before a mail begins is one stage to who judges it. */
function toRefusalStage(stage: SmtpStage): RefusalStage {
  return stage === 'tls' || stage === 'login' ? 'connection' : stage;
}

function readReplyCode(reply: string): number | null {
  const code = Number.parseInt(reply, 10);
  return code >= 200 && code <= 599 ? code : null;
}

/**
 * Nothing of the mail has left, and any other mail would fare no better: no connection, no TLS, no login, our sender
 * address refused, a goodbye.
 */
export function isServersTrouble(result: SendResult): boolean {
  if (result.type === 'failed') return !result.bodyStarted;
  return result.type === 'refused' && result.stage !== 'recipient' && result.stage !== 'content';
}

function judgement(outcome: Outcome, trouble: Partial<Omit<Judgement, 'outcome'>> = {}): Judgement {
  return { outcome, pausesTransport: false, asksForLess: false, ...trouble };
}

/** Doubles from one minute to an hour, plus up to half of it, so that what failed together is not tried together. */
function defer({
  trouble,
  delivery,
  now,
  random,
}: {
  trouble: Trouble;
  delivery: ClaimedDelivery;
  now: Date;
  random: number;
}): Outcome {
  if (now.getTime() - delivery.createdAt.getTime() >= giveUpAfterMs) {
    return { type: 'rejected', ...trouble, detail: 'given up after a day' };
  }
  const delayMs = Math.min(firstRetryMs * 2 ** delivery.attempts, longestRetryMs) * (1 + random / 2);
  return { type: 'deferred', ...trouble, nextTryAt: new Date(now.getTime() + delayMs) };
}
