// Reports that are written for people only. Servers word them in a hundred ways, and forwarding rules strip them of the
// part for programs; what they have in common is read: who writes, what the subject and the first lines say, the address
// that failed, and the reply that is quoted, or else what is said in prose.
import { judgeRefusal, type Refusal, type RefusalStage, type Verdict } from '../smtp/judge-refusal.ts';
import { findAddress } from './find-recipient.ts';
import {
  answerSubjects,
  arrivedSubjects,
  autoReplySubjects,
  beforeReturnedSubject,
  delayedSubjects,
  delayedTexts,
  gaveUpTexts,
  noticeOpenings,
  noticeSenders,
  noticeSubjects,
  returnedMailMarks,
} from './notice-shapes.ts';
import type { OpenedMessage } from './open-message.ts';

export type PlainReport =
  | { type: 'failure'; words: string; verdict: Verdict; recipient: string | null }
  | { type: 'delayed'; recipient: string | null }
  | { type: 'auto-reply' }
  /** Of a person, a list, anything. */
  | { type: 'other' };

const longestReport = 20_000;
const longestOpening = 900;

export function readPlainReport(message: OpenedMessage): PlainReport {
  const own = ownText(message.text);
  const subject = ownSubject(message.headers);
  if (!isNotice(message, { own, subject }))
    return isAutoReply(message.headers, subject) ? { type: 'auto-reply' } : { type: 'other' };
  if (isDelayed(subject, own)) return { type: 'delayed', recipient: findAddress(message, own) };
  const told = splitByRecipient(own).map((part) => {
    const recipient = findAddress(message, part);
    return { recipient, ...judgeText({ own: part, recipient, subject, message }) };
  });
  const mildest = kinds.flatMap((kind) => told.filter(({ verdict }) => verdict.kind === kind))[0];
  return { type: 'failure', ...(mildest as (typeof told)[0]) };
}

/** From the mildest. */
const kinds: readonly Verdict['kind'][] = ['policy', 'soft', 'hard'];
const mostRecipients = 20;

/** Where qmail and Postfix tell of several, each with what became of it; else the whole. */
function splitByRecipient(own: string): [string, ...string[]] {
  // A line end in front, so that what comes before the first is split off where there is nothing.
  const [, first, ...others] = `\n${own}`.split(/^(?=<[^<>\s]{1,320}>(?: \([^)\n]{1,400}\))?:)/m);
  return first === undefined || others.length === 0 ? [own] : [first, ...others.slice(0, mostRecipients)];
}

/** What the server wrote, without the mail that it sends back. */
export function ownText(text: string): string {
  const report = text
    .slice(0, longestReport)
    .replace(/\r\n?/g, '\n')
    .replace(quotedFields, '')
    .replace(quotedSubject, '')
    .trimStart();
  const mark = returnedMailMarks.exec(report.slice(1));
  return mark === null ? report : report.slice(0, mark.index + 1);
}

/** PMDF and what came of it name the mail before they say what became of it. */
const quotedFields = /\bfollowing header fields:[ \t]*\n[ \t]*\n(?:[ \t]+\S.*\n){1,20}/;

/** Whatever the papers are called that our mail names, it says nothing about why that came back. */
const quotedSubject =
  /^[ \t]*(?:subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|тема|件名|主题)[ \t]*[:：].*$/gim;

function ownSubject(headers: ReadonlyMap<string, string>): string {
  const subject = headers.get('subject') ?? '';
  return beforeReturnedSubject.exec(subject)?.[0] ?? subject;
}

function isNotice(message: OpenedMessage, { own, subject }: { own: string; subject: string }): boolean {
  const { headers, head } = message;
  const get = (name: string) => headers.get(name) ?? '';
  if (answerSubjects.test(subject) || arrivedSubjects.test(subject)) return false;
  if (headers.has('x-failed-recipients')) return true;
  if (autoReplySubjects.test(subject)) return false;
  if (headers.has('x-ms-exchange-message-is-ndr') || headers.has('x-ms-embedded-report')) return true;
  const isSubject = noticeSubjects.test(subject);
  const isServersName = noticeSenders.test(get('from')) || noticeSenders.test(get('sender'));
  // Whoever is away or gone may say that a mail was not delivered, too.
  if (/^auto-replied/i.test(get('auto-submitted')) && !isServersName && !isSubject) return false;
  // A list passes on what people write, and whoever quotes begins his lines so.
  if (headers.has('list-id') || headers.has('list-post') || /^>(?!>)/m.test(own.slice(0, longestOpening)))
    return false;
  const isFromServer =
    isServersName ||
    /\binvoked for bounce\b/.test(head) ||
    /report-type="?delivery-status/i.test(get('content-type'));
  const opening = own.slice(0, longestOpening);
  const isWordedSo = noticeOpenings.test(opening) || findReply(own) !== null;
  const isAnnounced = isSubject || noticeOpenings.test(subject) || isDelayed(subject, own);
  if (isFromServer) return isAnnounced || isWordedSo;
  const isImpersonal = !isPersonal(opening) && findAddress(message, own) !== null;
  if (/^<>/.test(get('return-path'))) return isAnnounced || (isWordedSo && isImpersonal);
  return isSubject && noticeOpenings.test(opening.slice(0, 400)) && isImpersonal;
}

/** People begin with a word to people, and speak of themselves. */
function isPersonal(opening: string): boolean {
  return (
    /^(?:hi|hello|hey|dear|good (?:morning|day)|thanks?|hallo|liebe|guten|bonjour|salut|hola|ciao|beste)\b(?!\. this is)|^olá/i.test(
      opening,
    ) ||
    /(?<![\w'])(?:i am|i'm|i have|i will|my|ich|mein\w*|je suis|estoy|mi|estou|meu|sono|mio|ik|mijn|jestem|jag|jeg)(?![\w'])/i.test(
      opening,
    )
  );
}

function isDelayed(subject: string, own: string): boolean {
  return (
    (delayedSubjects.test(subject) &&
      !/\b(?:fail(?:ed|ure)?|blocked|rejected|refused|banned|quarantined|virus)\b/i.test(subject)) ||
    (delayedTexts.test(own.slice(0, 3000)) &&
      !/\bpermanent(?:ly)?\b|\bgiv(?:en|ing) up\b|\bgave up\b|\bfatal errors?\b(?<!non-fatal errors?)/i.test(
        own.slice(0, 3000),
      ))
  );
}

/** RFC 3834 section 5, what was there before it, and receipts (RFC 8098). */
function isAutoReply(headers: ReadonlyMap<string, string>, subject: string): boolean {
  return (
    /^auto-/i.test(headers.get('auto-submitted') ?? '') ||
    ['x-autoreply', 'x-autorespond', 'x-auto-reply', 'x-autogenerated'].some((name) => headers.has(name)) ||
    /^auto/i.test(headers.get('precedence') ?? '') ||
    /disposition-notification/i.test(headers.get('content-type') ?? '') ||
    autoReplySubjects.test(subject)
  );
}

type Told = { words: string; verdict: Verdict };

/** The reply that it quotes tells best, then what stands by the address, then the whole of it. */
function judgeText({
  own,
  recipient,
  subject,
  message,
}: {
  own: string;
  recipient: string | null;
  subject: string;
  message: OpenedMessage;
}): Told {
  const senderDomain = domainOf(message.headers.get('to') ?? '');
  const tell = (refusal: Refusal): Told => ({
    words: refusal.words ?? '',
    verdict: judgeRefusal({
      senderDomain: senderDomain === domainOf(recipient ?? '') ? null : senderDomain,
      ...refusal,
    }),
  });
  const reply = findReply(own);
  // Read on into a reply that says nothing, what leads to it would say something else: "server said: 550 unknown".
  const rest = reply === null ? own : own.replace(reply.words ?? '', '\n');
  const around = findParagraph(rest, recipient);
  const told = [
    ...(reply === null ? [] : [tell(reply)]),
    ...(around === null ? [] : [mildWhereItGaveUp(tell({ words: around }))]),
    mildWhereItGaveUp(tell({ words: rest.slice(0, 2000) })),
    tell({ words: subject }),
  ];
  const isTelling = ({ verdict }: Told) => !['unclear', 'in_trouble', 'unreachable'].includes(verdict.cause);
  const first = told[0] as Told;
  // What may pass stays so, whatever the text around it says.
  if (reply !== null && first.verdict.isTemporary) return first;
  return told.find(isTelling) ?? told.find(({ verdict }) => verdict.cause !== 'unclear') ?? first;
}

function mildWhereItGaveUp(told: Told): Told {
  if (told.verdict.kind !== 'hard' || told.verdict.status !== null || !gaveUpTexts.test(told.words))
    return told;
  return { ...told, verdict: { ...told.verdict, cause: 'unreachable', kind: 'soft' } };
}

/** `550 …` or `#5.1.1`, with what led to it: that tells how far the conversation had come. */
export function findReply(text: string): Refusal | null {
  const pattern =
    /(?<![\w.+@/-])(?:[45][0-57]\d(?=[ -]+["'#(<]?[\p{L}\d<([{"'#*])(?! ?(?:bytes|kb|mb|lines|days|hours|minutes|seconds)\b)|#?[45]\.\d\.\d{1,3}(?![\w.]*\d\.\d)(?=[^\w.]))/iu;
  const found = pattern.exec(text);
  if (found === null) return null;
  const before = text.slice(0, found.index);
  const paragraph = before.slice(before.lastIndexOf('\n\n') + 1);
  const after = text.slice(found.index, found.index + 1000);
  const end = after.search(/\n[ \t]*\n|\n<|\n(?:Giving up on|Reporting-MTA|Final-Recipient)/);
  return { words: end === -1 ? after : after.slice(0, end), stage: judgeStage(paragraph, after) };
}

const stages: readonly (readonly [RegExp, RefusalStage])[] = [
  [/\bafter (?:pipelined )?mail from\b|\bsender was rejected|\bin reply to mail\b|>>> ?mail from/i, 'sender'],
  [
    /\bafter initial connection|\bmy name was rejected|\bgreeting failed|\bin reply to (?:ehlo|helo)/i,
    'connection',
  ],
  [
    /\bafter (?:end of )?(?:pipelined )?data\b|\bafter i sent the message|\bin reply to (?:end of )?data|>>> ?data\b/i,
    'content',
  ],
];

function judgeStage(before: string, after: string): RefusalStage | null {
  const all = `${before.slice(-400)} ${after.slice(0, 500)}`;
  return stages.find(([pattern]) => pattern.test(all))?.[1] ?? null;
}

/** From the line of the address to the next empty one; one more where it stands alone. */
function findParagraph(own: string, recipient: string | null): string | null {
  const at = recipient === null ? -1 : own.toLowerCase().indexOf(recipient.toLowerCase());
  if (at === -1) return null;
  const start = own.lastIndexOf('\n', at) + 1;
  const [first = '', second = ''] = own.slice(start, start + 2000).split(/\n[ \t]*\n+/);
  const isAlone = first.replace(/\S+@\S+/g, '').replace(/[\W_]+/g, '').length < 12;
  return (isAlone ? `${first}\n${second}` : first).slice(0, 1000);
}

function domainOf(address: string): string | null {
  return /@([\w.-]+)/.exec(address)?.[1]?.toLowerCase() ?? null;
}
