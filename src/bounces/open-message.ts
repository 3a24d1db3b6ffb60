// A mail that came back, taken apart: its header, its text, and the parts that only programs read.
import { type HeaderLines, simpleParser } from 'mailparser';

export type OpenedMessage = {
  /** By lower-case name, unfolded; of a field that is repeated, the first. */
  headers: ReadonlyMap<string, string>;
  /** The whole header, as it came. */
  head: string;
  /** Of its text/plain parts; empty where it has none. */
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
    const { headerLines, text, attachments } = await simpleParser(raw, options);
    return {
      headers: readHeaders(headerLines),
      head: headerLines.map(({ line }) => line).join('\n'),
      text: text ?? '',
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

function readHeaders(lines: HeaderLines): Map<string, string> {
  const headers = new Map<string, string>();
  for (const { key, line } of lines) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n/g, '');
    if (!headers.has(key)) headers.set(key, value.trim());
  }
  return headers;
}
