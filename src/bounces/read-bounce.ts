// What a mail that came back says: that ours could not be delivered, that its reader called it spam, or nothing of
// that kind. Reads only; which of our mails it is about, find-clues.ts finds.
import { type Failure, type FailureKind, judgeFailure } from './judge-failure.ts';
import type { OpenedMessage } from './open-message.ts';
import { readPlainReport } from './plain-report.ts';
import { parseReportFields, type ReportFields } from './report-fields.ts';

export type BounceKind = FailureKind | 'complaint';

export type BounceReport =
  | { kind: BounceKind; status: string | null; diagnostic: string | null }
  | { kind: 'ignored'; because: IgnoredReason };

export type IgnoredReason =
  /** The receiver goes on trying: what becomes of it, another mail will say. */
  'delayed' | 'delivered' | 'auto-reply' | 'no complaint' | 'no report' | 'unreadable';

export function readBounce(message: OpenedMessage): BounceReport {
  const feedback = message.parts.find(({ type }) => type === 'message/feedback-report');
  if (feedback !== undefined) return readFeedback(parseReportFields(feedback.text));
  const status = message.parts.find(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type));
  if (status !== undefined) return readStatus(parseReportFields(status.text), message);
  // Before auto-replies: Exim marks its reports as such, and so does Postfix.
  const plain = readPlainReport(message.text);
  if (plain !== null) return plain;
  return { kind: 'ignored', because: isAutoReply(message.headers) ? 'auto-reply' : 'no report' };
}

/** RFC 5965 section 7.3: `not-spam` takes one back, `virus` and `other` say nothing about what the reader wants. */
const complaints = new Set(['abuse', 'fraud', 'opt-out']);

function readFeedback(groups: ReportFields[]): BounceReport {
  const type = firstWord(groups[0]?.get('feedback-type'));
  return complaints.has(type)
    ? { kind: 'complaint', status: null, diagnostic: type }
    : { kind: 'ignored', because: 'no complaint' };
}

/** From the mildest: what arrived somewhere, or still may, is not dead. */
const severity = ['delivered', 'delayed', 'policy', 'soft', 'hard'] as const;

function readStatus(groups: ReportFields[], { text }: OpenedMessage): BounceReport {
  const found = groups.filter((group) => group.has('action') || group.has('final-recipient'));
  const reports = found.map((group) => readRecipient(group, text));
  const mildest = severity.flatMap((name) => reports.filter((report) => nameOf(report) === name))[0];
  return mildest ?? { kind: 'ignored', because: 'no report' };
}

function nameOf(report: BounceReport): string {
  return report.kind === 'ignored' ? report.because : report.kind;
}

function readRecipient(fields: ReportFields, text: string): BounceReport {
  switch (firstWord(fields.get('action'))) {
    case 'delayed':
      return { kind: 'ignored', because: 'delayed' };
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return { kind: 'ignored', because: 'delivered' };
  }
  const status = fields.get('status') ?? null;
  if (status?.startsWith('2.')) return { kind: 'ignored', because: 'delivered' };
  const words = fields.get('diagnostic-code') ?? null;
  // Exim says of its own failures only in the text what they are.
  const plain: BounceReport | null = words === null ? readPlainReport(text) : null;
  return judgeFailure({ status, words: words ?? (isFailure(plain) ? plain.diagnostic : null) });
}

function isFailure(report: BounceReport | null): report is Failure {
  return report !== null && report.kind !== 'ignored' && report.kind !== 'complaint';
}

/** RFC 3834 section 5, what was there before it, and receipts (RFC 8098). */
function isAutoReply(headers: ReadonlyMap<string, string>): boolean {
  return (
    /^auto-/i.test(headers.get('auto-submitted') ?? '') ||
    ['x-autoreply', 'x-autorespond', 'x-auto-reply'].some((name) => headers.has(name)) ||
    /^auto/i.test(headers.get('precedence') ?? '') ||
    /disposition-notification/i.test(headers.get('content-type') ?? '')
  );
}

/** In lower case, without a comment behind it. */
function firstWord(value: string | undefined): string {
  return /^[\w-]*/.exec((value ?? '').trim().toLowerCase())?.[0] ?? '';
}
