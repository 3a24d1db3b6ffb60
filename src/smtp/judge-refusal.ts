// What a refusal is due to: the same for a reply that we hear ourselves and for one that a report quotes. The server's own
// words count first, then the code in its reply, and the status that a gateway wrote over it last.
import { domainOf } from '../config/domains.ts';
import { type RefusalCause, type RefusalKind, refusalCauses } from '../ledger/outcome-codes.ts';
import { passingWords, refusalWords } from './refusal-words.ts';

/** How far the conversation had come: what is refused before RCPT is never the reader. */
export type RefusalStage = 'connection' | 'sender' | 'recipient' | 'content';

export type Refusal = {
  /** What the server said, with its reply code in front where it gave one; control characters may be in it. */
  words: string | null;
  /** An enhanced status code (RFC 3463) that is given beside the words, as in a report. */
  status?: string | null;
  /** Null or left out: found in the words, where they tell. */
  stage?: RefusalStage | null;
  /** Ours: an address under it that is unknown is not the reader. */
  senderDomain?: string | null;
  /** Between which addresses the mail was to go, where the server itself was told. */
  envelope?: Envelope | undefined;
};

type Envelope = { from: string; to: string };

export type Verdict = {
  cause: RefusalCause;
  kind: RefusalKind;
  /** The code that says the most. */
  status: string | null;
  /** 4xx: it may pass when it is tried again. */
  isTemporary: boolean;
};

const longestWords = 2000;

export function judgeRefusal(refusal: Refusal): Verdict {
  const words = toLine((refusal.words ?? '').slice(0, longestWords));
  const given = findCode(/^\D{0,3}([245]\.\d{1,3}\.\d{1,3})(?![\d.])/, refusal.status ?? '');
  const said = findLastStatus(words);
  const status = said !== null && (given === null || !saysNothing.test(said)) ? said : (given ?? said);
  const isTemporary = [given, status].some((code) => code?.startsWith('4.')) || isTemporaryReply(words);
  const stage = refusal.stage ?? findStage(words);
  const ourDomain = refusal.senderDomain ?? findOurDomain(refusal.envelope);
  const cause = isHiddenFilter(words, stage)
    ? 'reader_refuses'
    : findCause(nameDomain(plainWords(words, refusal.senderDomain ?? null), ourDomain), status);
  if (refusalCauses[cause].kind === 'hard' && refusal.envelope && namesOnlySender(words, refusal.envelope))
    return { ...settle({ cause: 'sender_refused', stage, mayPass: false }), status, isTemporary };
  const mayPass = isTemporary || passingWords.some((phrase) => phrase.test(words));
  return { ...settle({ cause, stage, mayPass }), status, isTemporary };
}

/** No refusal that may pass, and none before the reader was named, says that there is no such address. */
function settle({
  cause,
  stage,
  mayPass,
}: {
  cause: RefusalCause;
  stage: RefusalStage | null;
  mayPass: boolean;
}): { cause: RefusalCause; kind: RefusalKind } {
  const of = (settled: RefusalCause) => ({ cause: settled, kind: refusalCauses[settled].kind });
  if (cause === 'unclear' && stage === 'connection' && !mayPass) return of('host_refused');
  // It had taken the reader, and then saw the mail.
  if (cause === 'unclear' && stage === 'content' && !mayPass) return of('not_wanted');
  if (refusalCauses[cause].kind !== 'hard') return of(cause);
  if (stage === 'sender') return of('sender_refused');
  if (stage === 'connection') return of('host_refused');
  return of(mayPass ? 'in_trouble' : cause);
}

/** What codes say by themselves. The first that fits. */
const causesByStatus: readonly (readonly [RegExp, RefusalCause])[] = [
  // No such mailbox, not an address, takes no mail (RFC 7505), or unknown at Exchange.
  [/^[45]\.1\.(?:1|3|10|351)$/, 'mailbox_unknown'],
  [/^[45]\.1\.2$/, 'domain_unknown'],
  [/^[45]\.1\.6$/, 'mailbox_moved'],
  [/^[45]\.1\.(?:[789]|20)$/, 'sender_refused'],
  [/^[45]\.2\.1$/, 'mailbox_closed'],
  [/^[45]\.2\.2$/, 'mailbox_full'],
  [/^[45]\.(?:2\.3|3\.4)$/, 'too_large'],
  [/^[45]\.3\./, 'in_trouble'],
  [/^5\.(?:4\.5|7\.(?:23[23]|705))$/, 'provider_limit'],
  [/^[45]\.4\./, 'unreachable'],
  [/^5\.7\.(?:20|2[1-7]|509|515)$/, 'authentication'],
  [/^5\.7\.(?:57|60)$/, 'login_refused'],
  [/^5\.7\.(?:54|64)$/, 'relay_refused'],
  [/^5\.7\.(?:51[01]|606|708)$/, 'host_refused'],
  [/^5\.7\.750$/, 'sender_refused'],
  [/^5\.[567]\./, 'not_wanted'],
];

/** Codes of a subject without a detail, as Exim gives for everything. */
const saysNothing = /^[45]\.[0125]\.0$/;

/** RFC 3463 section 3.4: a system that is full, unless it names the reader's part of it. */
const isFull = /\b(?:full|sufficient|enough|space|storage|exceed\w*|out of)\b/i;
const isMailboxNamed =
  /quota|\b(?:mail ?box|mail ?folder|maildir|in ?box|mail ?drop|account|user|recipient)|postfach|bo[iî]te|buz[oó]n|caixa|casella|postvak|skrzynka|ящик|邮箱|郵箱|信箱/i;

/** Causes that are guessed from what remains: words that say more come first. */
const isLoose: ReadonlySet<RefusalCause> = new Set(['unreachable', 'in_trouble']);

function findCause(words: string, status: string | null): RefusalCause {
  if (status === '5.4.1' && /\brecipient address rejected: access denied/i.test(words))
    return 'mailbox_unknown';
  if (/^[45]\.3\.1$/.test(status ?? '') && isFull.test(words) && !isMailboxNamed.test(words))
    return 'in_trouble';
  const said = refusalWords.find(({ phrases }) => phrases.some((phrase) => phrase.test(words)));
  const coded = causesByStatus.find(([pattern]) => status !== null && pattern.test(status))?.[1];
  if (coded === 'mailbox_full' && said?.cause === 'in_trouble') return coded;
  if (said === undefined || coded === undefined) return said?.cause ?? coded ?? 'unclear';
  const wordsCount =
    said.sense === 'plain' ||
    isLoose.has(coded) ||
    saysNothing.test(status ?? '') ||
    (coded === 'domain_unknown' && said.cause !== 'in_trouble') ||
    refusalCauses[said.cause].kind === refusalCauses[coded].kind;
  return wordsCount ? said.cause : coded;
}

/** Mobile carriers of Japan say so, once they have seen the mail, for readers who let in only some domains. */
function isHiddenFilter(words: string, stage: RefusalStage | null): boolean {
  return stage === 'content' && /\bunknown user \S+@(?:docomo|softbank|ezweb|au)\b/i.test(words);
}

const stagesByWords: readonly (readonly [RegExp, RefusalStage])[] = [
  [
    /\bin reply to (?:end of )?data\b|\bafter (?:end of )?(?:pipelined )?data\b|>>> data\b|\bafter i sent the message/i,
    'content',
  ],
  [
    /\bin reply to mail\b|\bafter (?:pipelined )?mail from\b|>>> mail from\b|\bbut sender was rejected/i,
    'sender',
  ],
  [
    /\bin reply to rcpt\b|\bafter (?:pipelined )?rcpt to\b|>>> rcpt to\b|\bdoes not like recipient/i,
    'recipient',
  ],
  [
    /\bin reply to (?:ehlo|helo|starttls|auth|initial)\b|\bafter (?:initial connection|ehlo|helo|starttls)\b|>>> (?:ehlo|helo)\b|\bmy name was rejected|\bgreeting failed|\brefused to talk to me/i,
    'connection',
  ],
];

function findStage(words: string): RefusalStage | null {
  return stagesByWords.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/**
 * Only where a code stands in replies: behind the reply code, behind a `#`, a quote or an arrow, or first. An address or a
 * version is none. The last, since whoever passes on a refusal writes in front of it.
 */
function findLastStatus(words: string): string | null {
  const pattern = /(?:^|[#('"]|->|\b[245]\d\d[ -])\s{0,3}([245]\.[0-7]\.\d{1,3})(?![\d.]\d)/g;
  const codes = [...words.matchAll(pattern)].map(([, code = '']) => code);
  return codes.findLast((code) => !code.endsWith('.0.0')) ?? codes.at(-1) ?? null;
}

function findCode(pattern: RegExp, text: string): string | null {
  return pattern.exec(text)?.[1] ?? null;
}

function isTemporaryReply(words: string): boolean {
  const reply =
    /(?:^|[\s:'"(<])([245][0-5]\d)(?:[ -](?=\S)|$)(?!(?:seconds?|minutes?|hours?|days?|bytes|kb|mb)\b)/i.exec(
      words,
    );
  return reply?.[1]?.startsWith('4') ?? false;
}

/** Servers may look up the sender before they take a recipient: then it is no reader who is unknown. */
function namesOnlySender(words: string, { from, to }: Envelope): boolean {
  const [sender, reader] = [from.toLowerCase(), to.toLowerCase()];
  if (sender === '' || sender === reader) return false;
  const ourDomain = findOurDomain({ from: sender, to: reader });
  const named = Array.from(words.toLowerCase().matchAll(addresses), ([, local = '', domain = '']) => ({
    address: `${local}@${domain.replace(/\.$/, '')}`,
    domain: domain.replace(/\.$/, ''),
  }));
  return named.length > 0 && named.every(({ address, domain }) => address === sender || domain === ourDomain);
}

/** Null: it is the reader's, too. */
function findOurDomain(envelope: Envelope | undefined): string | null {
  if (envelope === undefined || envelope.from === '') return null;
  const [ours, theirs] = [domainOf(envelope.from.toLowerCase()), domainOf(envelope.to.toLowerCase())];
  return ours === theirs ? null : ours;
}

const addresses = /<?([^\s<>"'(),;:\u2e80-\uffef]{1,64})@([a-z0-9.-]{1,255})>?/gi;

/** Without the names of hosts and people: what remains is what was said. */
function plainWords(words: string, senderDomain: string | null): string {
  const said = words
    .replace(/^.{0,200}?\bsaid: (?=['"(]?\d{3}\b)/i, '')
    // What IronPort calls every refusal of a recipient.
    .replace(/^5\.1\.0 - unknown address error (?=\d{3}[ -]*')/i, '')
    .replace(/\((?:in reply to|delivery attempts:) [^)]*\)/gi, '')
    // What cPanel says of every address that it cannot route.
    .replace(/, they may be blacklisted, or missing the proper dns entries/gi, '')
    // An error that is unknown is no reader, and the address of a host is not theirs.
    .replace(
      /\bunknown (?:(?:mailer|internal|system|mail|smtp|server) )?(?=(?:error|reason|status|cause|problem|failure|mailer)\b)/gi,
      '',
    )
    .replace(/(?<!\bip )\baddress(?= \[?\d{1,3}(?:\.\d{1,3}){3}\b)/gi, 'IP address');
  return said.replace(addresses, (_, _local: string, domain: string) =>
    senderDomain !== null && domain.toLowerCase() === senderDomain.toLowerCase() ? 'sender address @' : '@',
  );
}

/** As a word of its own: hosts under it are named in what is said of others, too. */
function nameDomain(words: string, senderDomain: string | null): string {
  if (senderDomain === null) return words;
  return words
    .split(/(?<![\w.-])((?:[\w-]{1,63}\.)+[\w-]{2,63})(?![\w-]|\.\w)/)
    .map((word) => (word.toLowerCase() === senderDomain.toLowerCase() ? 'sender domain' : word))
    .join('');
}

function toLine(words: string): string {
  return words.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
}
