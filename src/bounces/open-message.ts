// A mail that came back, taken apart: its header, its text, and the parts that only programs read.
import type { HeaderLines } from 'mailparser';
import { dropUnseen } from '../text/unseen-markup.ts';

export type OpenedMessage = {
  /** By lower-case name, unfolded; of a field that is repeated, the first. Subject and From without their encoding. */
  headers: ReadonlyMap<string, string>;
  /** The whole header, as it came. */
  head: string;
  /** Of its text/plain parts, or else of its HTML; its whole body where it cannot be told apart; empty where it has none of them. */
  text: string;
  /** All other parts, mails within it as they are. */
  parts: { type: string; text: string }[];
};

const options = {
  keepDeliveryStatus: true,
  // What came back is not parsed again: nobody reads it as a mail.
  ignoreEmbedded: true,
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipImageLinks: true,
  checksumAlgo: false as const,
  maxChildNodes: 100,
};

/** Null: it cannot be taken apart. */
export async function openMessage(raw: Buffer): Promise<OpenedMessage | null> {
  try {
    // Loaded with the first message: most processes read none.
    const { simpleParser } = await import('mailparser');
    const { headerLines, subject, from, text, html, attachments } = await simpleParser(raw, options);
    return {
      headers: new Map([
        ...readHeaders(headerLines),
        ...(subject === undefined ? [] : [['subject', subject] as const]),
        ...(from === undefined ? [] : [['from', from.text] as const]),
      ]),
      head: headerLines.map(({ line }) => line).join('\n'),
      text: findText({ text, html, isWhole: attachments.length === 0 }, raw),
      parts: attachments.map(({ contentType, content }) => ({
        type: contentType.toLowerCase(),
        text: content.toString('utf8'),
      })),
    };
  } catch {
    // Too many parts, a header of a megabyte: not what a mail server writes.
    return null;
  }
}

function findText(
  { text, html, isWhole }: { text: string | undefined; html: string | false | undefined; isWhole: boolean },
  raw: Buffer,
): string {
  if (text?.trim()) return text;
  if (html) return textOfHtml(html);
  // Its boundary is lost, or another one.
  return isWhole ? raw.toString('utf8').replace(/^[\s\S]*?\r?\n\r?\n/, '') : '';
}

function readHeaders(lines: HeaderLines): Map<string, string> {
  const headers = new Map<string, string>();
  for (const { key, line } of lines) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n/g, '');
    if (!headers.has(key)) headers.set(key, value.trim());
  }
  return headers;
}

const longestHtml = 200_000;

/** Good enough to read what a server wrote: lines stay lines, and what an entity stands for matters little. */
function textOfHtml(html: string): string {
  return dropUnseen(html.slice(0, longestHtml))
    .replace(/<title\b[^<>]{0,500}>[^<]*<\/title>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/h\d|\/li|p|div)\b[^<>]{0,2000}>/gi, '\n')
    .replace(/<\/t[dh]>/gi, ' ')
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/&(?:nbsp|#160);/g, ' ')
    .replace(/&(?:#39|apos|rsquo|#8217);/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n');
}
