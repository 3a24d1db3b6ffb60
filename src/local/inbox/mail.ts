// A kept mail as its reader would see it, and as a script can check it.
import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';
import type { Envelope, KeptMail } from './folder.ts';

export type MailSummary = {
  id: string;
  receivedAt: Date;
  sizeBytes: number;
  /** From the message's header, decoded; empty when it has none. */
  from: string;
  to: string;
  subject: string;
  /** From the SMTP dialogue: who really gets it. */
  envelope: Envelope;
};

export type InboxMail = MailSummary & {
  /** The Date header. */
  date: Date | null;
  /** Null: the message has no such part. */
  text: string | null;
  html: string | null;
  /** All of them in their order, unfolded, not decoded. */
  headers: { name: string; value: string }[];
  attachments: { name: string; type: string; sizeBytes: number }[];
  /** Why the message could not be taken apart; the parts above are then empty. */
  problem: string | null;
};

const maxSubjectLength = 1_000;

/** Reads the headers alone, in about a third of a millisecond. Never rejects: what cannot be parsed is left empty. */
export async function summarizeMail(mail: KeptMail): Promise<MailSummary> {
  const parsed = await parse(headOf(mail.source));
  return describe(mail, parsed instanceof Error ? null : parsed);
}

/** Takes the whole message apart. Never rejects: `problem` says what went wrong. */
export async function readMail(mail: KeptMail): Promise<InboxMail> {
  const parsed = await parse(mail.source);
  if (parsed instanceof Error) {
    const nothing = { date: null, text: null, html: null, headers: [], attachments: [] };
    return { ...(await summarizeMail(mail)), ...nothing, problem: parsed.message };
  }
  return {
    ...describe(mail, parsed),
    date: parsed.date ?? null,
    text: parsed.text ?? null,
    html: parsed.html || null,
    headers: parsed.headerLines.filter(({ key }) => key !== '').map(({ line }) => splitHeader(line)),
    attachments: parsed.attachments.map(({ filename, contentType, size }) => ({
      name: filename ?? '(no name)',
      type: contentType,
      sizeBytes: size,
    })),
    problem: null,
  };
}

/** What the parser makes of it, or why it would not. Nothing is converted: the reader sees the parts that were sent. */
async function parse(source: Buffer): Promise<ParsedMail | Error> {
  // Loaded with the first mail: an empty inbox needs none of it.
  const { simpleParser } = await import('mailparser');
  return simpleParser(source, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    checksumAlgo: false,
  }).catch((error: Error) => error);
}

function headOf(source: Buffer): Buffer {
  const end = source.indexOf('\r\n\r\n');
  return end < 0 ? source : source.subarray(0, end + 4);
}

function describe(mail: KeptMail, parsed: ParsedMail | null): MailSummary {
  return {
    id: mail.id,
    receivedAt: mail.receivedAt,
    sizeBytes: mail.sizeBytes,
    from: formatAddresses(parsed?.from),
    to: formatAddresses(parsed?.to),
    subject: (parsed?.subject ?? '').slice(0, maxSubjectLength),
    envelope: mail.envelope,
  };
}

function formatAddresses(header: AddressObject | AddressObject[] | undefined): string {
  return [header ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(formatAddress)
    .join(', ');
}

function formatAddress({ name, address, group }: EmailAddress): string {
  if (group !== undefined) return `${name}: ${group.map(formatAddress).join(', ')};`;
  return name === '' ? (address ?? '') : `${name} <${address ?? ''}>`;
}

function splitHeader(line: string): { name: string; value: string } {
  const unfolded = line.replace(/\r?\n(?=[ \t])/g, '');
  const colon = unfolded.indexOf(':');
  if (colon < 0) return { name: unfolded, value: '' };
  return { name: unfolded.slice(0, colon), value: unfolded.slice(colon + 1).trim() };
}
