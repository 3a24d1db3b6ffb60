// What a failure that a report tells of means for the address, by the same judgement as a refusal that we hear ourselves.

import type { RefusalCause, RefusalKind } from '../ledger/outcome-codes.ts';
import { judgeRefusal, type RefusalStage } from '../smtp/judge-refusal.ts';

export type FailureKind = RefusalKind;

export type Failure = { kind: FailureKind; status: string | null; diagnostic: string | null };

export type FailureWords = {
  /** A report's own field. */
  status: string | null;
  /** What the receiver's server said. */
  words: string | null;
  stage?: RefusalStage | null;
  senderDomain?: string | null;
};

const longestDiagnostic = 500;

export function judgeFailure({ status, words, ...rest }: FailureWords): Failure & { cause: RefusalCause } {
  const diagnostic = words === null ? null : cleanWords(words);
  const { kind, status: code, cause } = judgeRefusal({ status, words: diagnostic, ...rest });
  return { kind, status: code, diagnostic: diagnostic?.slice(0, longestDiagnostic) ?? null, cause };
}

/** One line without control characters, and without the type that RFC 3464 section 2.3.6 puts first. */
function cleanWords(words: string): string | null {
  const line = words
    .slice(0, 4 * longestDiagnostic)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .replace(/^\s*[\w-]{1,20}\s*;/, '')
    .trim();
  return line === '' ? null : line;
}
