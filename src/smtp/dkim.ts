// DKIM signatures (RFC 6376), rsa-sha256 and relaxed/relaxed.
import { createPrivateKey, hash } from 'node:crypto';
import type { DkimKey } from '../config/config.ts';
import { createSigningThread } from './signing-thread.ts';

/** The value may be folded, with CRLF and a space. */
export type Header = readonly [name: string, value: string];

export type DkimSigner = {
  /** No signature header is longer, with its name and its line end. */
  longestHeader: number;
  /**
   * The signature header of a message whose body is in canonical form already. Rejects when it cannot be made: nothing
   * may leave unsigned.
   */
  sign(message: { headers: readonly Header[]; body: Buffer }): Promise<Header>;
};

/** All headers that tell who sends what to whom, and those that RFC 8058 section 4 asks for. */
const signedNames = new Set([
  ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'reply-to'],
  ...['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted'],
]);

export function createDkimSigner({ domainName, keySelector, privateKey }: DkimKey): DkimSigner {
  const { asymmetricKeyDetails } = createPrivateKey(privateKey);
  const sign = createSigningThread(privateKey);
  const start = `v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=${domainName}; s=${keySelector};`;
  const names = [...signedNames].join(':').length;
  const bytes = (asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return {
    // Twice the base64 of the signature leaves room for folding.
    longestHeader: start.length + 2 * names + 3 * bytes + 200,
    async sign({ headers, body }) {
      const signed = headers.filter(([name]) => signedNames.has(name.toLowerCase()));
      const listed = signed.map(([name]) => name.toLowerCase());
      const unsigned = `${start}\r\n h=${foldAt(':', listed)};\r\n bh=${hash('sha256', body, 'base64')};\r\n b=`;
      // The signature covers its own header, with nothing behind `b=` and no line end (section 3.7).
      const covered = [...signed, ['DKIM-Signature', unsigned] as const].map(canonicalHeader).join('\r\n');
      return ['DKIM-Signature', unsigned + foldText(await sign(covered))];
    },
  };
}

/** Three names to a line. */
function foldAt(separator: string, names: string[]): string {
  return names.map((name, index) => (index > 0 && index % 3 === 0 ? `\r\n ${name}` : name)).join(separator);
}

/** 70 characters to a line. */
function foldText(text: string): string {
  let folded = text.slice(0, 70);
  for (let at = 70; at < text.length; at += 70) folded += `\r\n ${text.slice(at, at + 70)}`;
  return folded;
}

/** Section 3.4.2, without the line end. */
function canonicalHeader([name, value]: Header): string {
  return `${name.toLowerCase()}:${value
    .replaceAll('\r\n', '')
    .replace(/[\t ]+/g, ' ')
    .trim()}`;
}

/** Section 3.4.4, for lines before the last: white space at line ends goes, other runs of it become one space. */
export function canonicalizeLines(lines: string): string {
  return lines.replace(/[\t ]+/g, ' ').replaceAll(' \r\n', '\r\n');
}
