// What a mail that came back says: that ours could not be delivered, that its reader called it spam, or nothing of
// that kind. Reads only; which of our mails it is about, find-clues.ts finds.
import type { RefusalCause } from '../ledger/outcome-codes.ts';
import type { RefusalStage } from '../smtp/judge-refusal.ts';
import { findAddress, findReturned } from './find-recipient.ts';
import { type FailureKind, judgeFailure } from './judge-failure.ts';
import type { OpenedMessage } from './open-message.ts';
import { findReply, ownText, readPlainReport } from './plain-report.ts';
import { parseReportFields, type ReportFields } from './report-fields.ts';

export const bounceKinds = ['hard', 'soft', 'policy', 'complaint'] as const satisfies BounceKind[];
export type BounceKind = FailureKind | 'complaint';

export type BounceReport =
  | { kind: BounceKind; status: string | null; diagnostic: string | null }
  | { kind: 'ignored'; because: IgnoredReason };

export type IgnoredReason =
  /** The receiver goes on trying: what becomes of it, another mail will say. */
  'delayed' | 'delivered' | 'auto-reply' | 'no complaint' | 'no report' | 'unreadable';

/** All that is found in it: `cause` of a failure; `recipient` as it is named, which may be an address that ours leads to. */
export type BounceReading = BounceReport & { recipient: string | null; cause: RefusalCause | null };

export function readBounce(message: OpenedMessage): BounceReport {
  const { recipient: _, cause: __, ...report } = examineBounce(message);
  return report;
}

export function examineBounce(message: OpenedMessage): BounceReading {
  return readComplaint(message) ?? readStatusPart(message) ?? readText(message);
}

function ignored(because: IgnoredReason, recipient: string | null = null): BounceReading {
  return { kind: 'ignored', because, recipient, cause: null };
}

/** RFC 5965 section 7.3: `not-spam` takes one back, `virus` and `other` say nothing about what the reader wants. */
const complaints = new Set(['abuse', 'fraud', 'opt-out', 'opt-out-list']);

function readComplaint(message: OpenedMessage): BounceReading | null {
  const { parts, headers, text } = message;
  const feedback = parts.find(({ type }) => type === 'message/feedback-report');
  const isNamed = /report-type="?feedback-report/i.test(headers.get('content-type') ?? '');
  const fields = feedback?.text ?? (isNamed ? [text, ...parts.map((part) => part.text)].join('\n\n') : null);
  if (fields !== null) {
    const groups = parseReportFields(fields);
    const type = firstWord(groups.find((group) => group.has('feedback-type'))?.get('feedback-type'));
    const told = groups.map((group) => group.get('original-rcpt-to') ?? group.get('removal-recipient'));
    const recipient =
      told.find((name) => name?.includes('@'))?.replace(/^.*[<;]\s*|[>\s].*$/g, '') ?? findReturned(message);
    if (complaints.has(type)) return { ...complaint(type), recipient };
    if (feedback !== undefined) return ignored('no complaint', recipient);
  }
  return isJunkReport(message) ? { ...complaint('abuse'), recipient: findReturned(message) } : null;
}

function complaint(type: string): BounceReading {
  return { kind: 'complaint', status: null, diagnostic: type, recipient: null, cause: null };
}

/**
 * Outlook.com's Junk Mail Reporting Program sends the mail itself as a part, and says in a field of it to whom it went;
 * a mail of somebody else's that was forwarded has no such field.
 */
function isJunkReport({ headers, head, parts }: OpenedMessage): boolean {
  const isTheirs = /\bstaff@(?:hotmail|outlook|live|msn)\.com\b/i.test(headers.get('from') ?? '');
  const isNamed = /^\W*complaint about message from\b/i.test(headers.get('subject') ?? '');
  const isMarked = [head, ...parts.map(({ text }) => text)].some((text) =>
    /^x-hmxmroriginalrecipient:/im.test(text),
  );
  return isTheirs && (isNamed || isMarked);
}

/** From the mildest: what arrived somewhere, or still may, is not dead. */
const severity = ['delivered', 'delayed', 'policy', 'soft', 'hard'] as const;

/** Null: there is none, or it tells of no recipient. Forwarding rules and some servers leave its lines in the text. */
function readStatusPart(message: OpenedMessage): BounceReading | null {
  const part = message.parts.find(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type));
  const text = part?.text ?? (isStatusText(message) ? ownText(message.text) : null);
  if (text === null) return null;
  const found = joinScattered(parseReportFields(text)).filter(
    (group) => group.has('action') || group.has('final-recipient'),
  );
  const stage = found.length === 1 ? (findReply(ownText(message.text))?.stage ?? null) : null;
  const reports = found.map((group) => readRecipient(group, { message, stage }));
  return severity.flatMap((name) => reports.filter((report) => nameOf(report) === name))[0] ?? null;
}

/** Some put an empty line behind every field: what names nobody goes on with who was named before. */
function joinScattered(groups: ReportFields[]): ReportFields[] {
  const joined: ReportFields[] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    if (before?.has('final-recipient') && [...group.keys()].every((name) => !before.has(name)))
      joined.splice(-1, 1, new Map([...before, ...group]));
    else joined.push(group);
  }
  return joined;
}

function isStatusText(message: OpenedMessage): boolean {
  const begin = message.text.slice(0, 10_000);
  const isNotice = ['failure', 'delayed'].includes(readPlainReport(message).type);
  return (
    isNotice &&
    ['final-recipient', 'action', 'status'].every((name) => new RegExp(`^${name}:`, 'im').test(begin))
  );
}

function nameOf(report: BounceReport): string {
  return report.kind === 'ignored' ? report.because : report.kind;
}

function readRecipient(
  fields: ReportFields,
  { message, stage }: { message: OpenedMessage; stage: RefusalStage | null },
): BounceReading {
  const recipient = recipientOf(fields) ?? findAddress(message, message.text);
  switch (firstWord(fields.get('action'))) {
    case 'delayed':
      return ignored('delayed', recipient);
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return ignored('delivered', recipient);
  }
  const status = fields.get('status') ?? null;
  if (status?.trimStart().startsWith('2.')) return ignored('delivered', recipient);
  const words = fields.get('diagnostic-code') ?? fields.get('x-supplementary-info') ?? null;
  const senderDomain = domainOf(message.headers.get('to'));
  const ours = { senderDomain: senderDomain === domainOf(recipient) ? null : senderDomain, stage };
  const told = judgeFailure({ status, words, ...ours });
  // Some say only in the text what it is: Exim of its own failures, gateways of all.
  if (words !== null && !isVague(told.cause)) return { ...told, recipient };
  const plain = readPlainReport(message);
  if (plain.type !== 'failure' || isVague(plain.verdict.cause)) return { ...told, recipient };
  const both = judgeFailure({ status: told.status ?? status, words: plain.words, ...ours });
  return { ...both, diagnostic: words === null ? both.diagnostic : told.diagnostic, recipient };
}

function isVague(cause: RefusalCause): boolean {
  return cause === 'unclear' || cause === 'in_trouble';
}

function recipientOf(fields: ReportFields): string | null {
  const named = ['original-recipient', 'final-recipient'].map(
    (name) => /([^\s;<>]+@[^\s;<>]+)/.exec(fields.get(name) ?? '')?.[1],
  );
  return named.find((name) => name !== undefined) ?? null;
}

function domainOf(address: string | null | undefined): string | null {
  return /@([\w.-]+)/.exec(address ?? '')?.[1]?.toLowerCase() ?? null;
}

function readText(message: OpenedMessage): BounceReading {
  const report = readPlainReport(message);
  switch (report.type) {
    case 'auto-reply':
      return ignored('auto-reply');
    case 'other':
      return ignored('no report');
    case 'delayed':
      return ignored('delayed', report.recipient);
    case 'failure': {
      const { diagnostic } = judgeFailure({ status: null, words: report.words });
      const { kind, status, cause } = report.verdict;
      return { kind, status, diagnostic, cause, recipient: report.recipient };
    }
  }
}

/** In lower case, without a comment behind it. */
function firstWord(value: string | undefined): string {
  return /^[\w-]*/.exec((value ?? '').trim().toLowerCase())?.[0] ?? '';
}
