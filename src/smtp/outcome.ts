// From what the server did to what becomes of the delivery. Decided by the stage and the reply code; why it was
// refused is told by a code of its own.

import type { ClaimedDelivery, Outcome, Trouble } from '../ledger/delivery.ts';
import {
  type FailureCode,
  isOurTrouble,
  type RefusalCause,
  refusalCauses,
  type SmtpStage,
} from '../ledger/outcome-codes.ts';
import { judgeRefusal, type RefusalStage } from './judge-refusal.ts';
import type { SendResult } from './session.ts';

export type Judgement = {
  outcome: Outcome;
  /** The server, not this mail, is in trouble: no more mails are to be tried for now. */
  pausesTransport: boolean;
  /** The receiver wants fewer mails for now, in so many words or by a 421. */
  asksForLess: boolean;
};

const minute = 60_000;
const firstRetryMs = minute;
const longestRetryMs = 60 * minute;
/** RFC 5321 section 4.5.4.1 gives up after days; a daily digest is stale after one. */
const giveUpAfterMs = 24 * 60 * minute;
const transportRetryMs = minute / 2;
/** Greylisting lets a mail pass after some minutes (RFC 6647), and asking sooner may begin the wait anew. */
const firstGreylistRetryMs = 5 * minute;

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
    case 'held':
      return judgement({
        type: 'deferred',
        code: result.cause,
        reply: null,
        detail: result.reason,
        nextTryAt: result.until,
      });
    case 'refused': {
      const trouble = explainRefusal(result);
      if (isServersTrouble(result)) return judgement(soon(trouble), { pausesTransport: true });
      if (isOurTrouble(trouble.code)) return judgement(wait({ trouble, delivery, now, random }));
      if (isGreylisting(result, { cause: trouble.code, delivery }))
        return judgement(defer({ trouble, delivery, now, random, firstMs: firstGreylistRetryMs }));
      const asksForLess = trouble.code === 'connection_limit' || result.code === 421;
      return result.code >= 500 && !asksForLess && !isOutOfStep(result)
        ? judgement({ type: 'rejected', ...trouble })
        : judgement(later(trouble), { asksForLess });
    }
  }
}

type Refused = Extract<SendResult, { type: 'refused' }>;

/** Why, in the words of the ledger. */
export function explainRefusal({
  stage,
  code,
  reply: text,
  envelope,
}: Refused): Trouble & { code: RefusalCause } {
  const { cause, status } = judgeRefusal({ words: text, stage: toRefusalStage(stage), envelope });
  // A password that is wrong is refused in any words (535 5.7.8): whatever is not ours by them is our login.
  const isOfLogin = stage === 'login' && code >= 500 && refusalCauses[cause].concerns !== 'us';
  return { code: isOfLogin ? 'login_refused' : cause, reply: { code, text, stage, status }, detail: null };
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
  if (result.type !== 'refused' || result.stage === 'recipient' || result.stage === 'content') return false;
  // Its size is told with the sender, and is this mail's own.
  return result.stage !== 'sender' || explainRefusal(result).code !== 'too_large';
}

/** The server, or what stands before it, has lost count of the commands: the next conversation may go better. */
export function isOutOfStep(result: SendResult): boolean {
  return result.type === 'refused' && result.code === 503 && explainRefusal(result).code === 'in_trouble';
}

/**
 * What the server names is our address, host, right or quota, though it had heard the recipient: why, or null. No
 * reader is to blame, and any other mail to that domain would fare no better.
 */
export function findRefusalOfUs(result: SendResult): RefusalCause | null {
  if (result.type !== 'refused' || isServersTrouble(result)) return null;
  const { code } = explainRefusal(result);
  return isOurTrouble(code) ? code : null;
}

/** In which words the reader's address was refused for good, without the address; null: it was not. */
export function findHardWords(result: SendResult): string | null {
  if (result.type !== 'refused' || result.code < 500) return null;
  const { code, reply } = explainRefusal(result);
  if (refusalCauses[code].kind !== 'hard') return null;
  return (reply?.text ?? '')
    .replace(/<?[^\s<>"'(),;:]{1,64}@[a-z0-9.-]{1,255}>?/gi, '@')
    .replace(/\b(?=\w*\d)[\w.-]{8,}/g, '#')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}

/** Why a server or a domain is left alone for now, where that is known. */
export function findTroubleCode(result: SendResult): RefusalCause | FailureCode | null {
  if (result.type === 'failed') return 'no_connection';
  return result.type === 'refused' ? explainRefusal(result).code : null;
}

/** Named, or what most greylisting looks like: a first try put off at RCPT for no reason that is known. */
function isGreylisting(
  { stage, code }: Refused,
  { cause, delivery }: { cause: RefusalCause; delivery: ClaimedDelivery },
): boolean {
  if (cause === 'greylisted') return true;
  const isUnexplained = cause === 'in_trouble' || cause === 'unclear' || cause === 'not_wanted';
  return isUnexplained && stage === 'recipient' && (code === 450 || code === 451) && delivery.attempts === 0;
}

function judgement(outcome: Outcome, trouble: Partial<Omit<Judgement, 'outcome'>> = {}): Judgement {
  return { outcome, pausesTransport: false, asksForLess: false, ...trouble };
}

type Delay = { trouble: Trouble; delivery: ClaimedDelivery; now: Date; random: number; firstMs?: number };

/** Until it is stale. */
function defer(delay: Delay): Outcome {
  return delay.now.getTime() - delay.delivery.patienceFrom.getTime() >= giveUpAfterMs
    ? { type: 'rejected', ...delay.trouble, detail: 'given up after a day' }
    : wait(delay);
}

/** Doubles up to an hour, plus up to half of it, so that what failed together is not tried together. */
function wait({ trouble, delivery, now, random, firstMs = firstRetryMs }: Delay): Outcome {
  const delayMs = Math.min(firstMs * 2 ** delivery.attempts, longestRetryMs) * (1 + random / 2);
  return { type: 'deferred', ...trouble, nextTryAt: new Date(now.getTime() + delayMs) };
}
