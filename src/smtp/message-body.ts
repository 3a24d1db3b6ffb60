// The body of a mail in encoded pieces, with the reader's blanks between them: a piece that many mails share is encoded
// once, and a mail is its pieces one behind the other.

import { randomBytes } from 'node:crypto';
import { encode, wrap } from 'nodemailer/lib/qp';
import type { MailInPieces, Piece, SharedPiece } from '../mails/mail-content.ts';
import { escapeHtml } from '../text/html.ts';
import { canonicalizeLines } from './dkim.ts';

/** What stands in place of each `{{name}}`; never nothing. */
export type Blanks = Readonly<Record<string, string>>;

export type MessageBody = {
  contentType: string;
  /**
   * 7-bit lines, already as relaxed canonicalization (RFC 6376 section 3.4.4) leaves them: what is sent is what is signed.
   * The first `headroom` bytes are not written: with the headers in them, the message need not be copied again.
   */
  fill(blanks: Blanks, headroom?: number): Buffer;
};

export type BodyEncoder = (content: Pick<MailInPieces, 'html' | 'text'>) => MessageBody;

/**
 * In the text every blank stands first on its line, and a piece starts a line. `names` are the blanks; other braces are
 * left as they are.
 */
export function createBodyEncoder(names: readonly string[]): BodyEncoder {
  // Nobody who writes a paper can know it.
  const boundary = `=_${randomBytes(16).toString('hex')}`;
  const contentType = `multipart/alternative;\r\n boundary="${boundary}"`;
  const frame = (lines: string[]) => toBytes(toLines(lines.join('\n')));
  const start = frame([
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '\n',
  ]);
  const middle = frame([
    '',
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '\n',
  ]);
  const end = frame(['', `--${boundary}--`, '']);
  // A blank has one place among the values for the text, and one for the HTML.
  const encodeText = createPieceEncoder(names, { encode: quoteTextPart, firstPlace: 0 });
  const encodeHtml = createPieceEncoder(names, { encode: encodeHtmlPart, firstPlace: names.length });

  return ({ html, text }) => {
    const parts = [start, ...encodeAll(text, encodeText), middle, ...encodeAll(html, encodeHtml), end];
    return {
      contentType,
      fill(blanks, headroom = 0) {
        const clean = names.map((name) => cleanValue(name, blanks[name]));
        return fillParts(parts, [...clean.map(quoteText), ...clean.map(escapeHtml)], headroom);
      },
    };
  };
}

/** Encoded bytes, or a blank: its place among the values. */
type Part = Buffer | number;

type PieceEncoder = (piece: Piece) => readonly Part[];

function createPieceEncoder(
  names: readonly string[],
  {
    encode: encodePiece,
    firstPlace,
  }: { encode: (text: string, place: { isAfterBlank: boolean }) => string; firstPlace: number },
): PieceEncoder {
  const blank = names.length === 0 ? /(?!)/ : new RegExp(`\\{\\{(${names.join('|')})\\}\\}`);
  const encodeAnew = (text: string): Part[] => {
    if (!text.includes('{{')) return text === '' ? [] : [toBytes(encodePiece(text, { isAfterBlank: false }))];
    return text
      .split(blank)
      .map((part, index) =>
        index % 2 === 0
          ? toBytes(encodePiece(part, { isAfterBlank: index > 0 }))
          : firstPlace + names.indexOf(part),
      )
      .filter((part) => typeof part === 'number' || part.length > 0);
  };
  const encoded = new WeakMap<SharedPiece, Part[]>();
  return (piece) => {
    if (typeof piece === 'string') return encodeAnew(piece);
    const known = encoded.get(piece);
    if (known !== undefined) return known;
    const parts = encodeAnew(piece.shared);
    encoded.set(piece, parts);
    return parts;
  };
}

/** A space at the end of a piece goes when white space follows, as it would within a piece. */
function encodeAll(pieces: readonly Piece[], encodePiece: PieceEncoder): Part[] {
  const parts: Part[] = [];
  for (const piece of pieces) {
    for (const part of encodePiece(piece)) {
      const last = parts.at(-1);
      if (typeof part === 'object' && typeof last === 'object' && isBlank(last.at(-1)) && isBlank(part[0]))
        parts[parts.length - 1] = last.subarray(0, -1);
      parts.push(part);
    }
  }
  return parts;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d;
}

/** White space is one space, and none at the ends: the signature covers it that way. */
function cleanValue(name: string, value = ''): string {
  const clean = value.replace(/\s+/g, ' ').trim();
  if (clean === '') throw new Error(`there is nothing for the blank {{${name}}}`);
  return clean;
}

/** All `values` are ASCII. */
function fillParts(parts: readonly Part[], values: readonly string[], headroom: number): Buffer {
  let size = headroom;
  for (const part of parts) size += lengthOf(part, values);
  const filled = Buffer.allocUnsafe(size);
  let at = headroom;
  for (const part of parts) {
    if (typeof part === 'number') filled.write(values[part] ?? '', at, 'latin1');
    else filled.set(part, at);
    at += lengthOf(part, values);
  }
  return filled;
}

function lengthOf(part: Part, values: readonly string[]): number {
  return typeof part === 'number' ? (values[part]?.length ?? 0) : part.length;
}

/** With an encoded dot, and the = that may follow, 76: no line of quoted-printable is longer (RFC 2045 section 6.7). */
const longestLine = 73;

/** What quoted-printable leaves as it is, such as an address. */
const plain = /^[!-<>-~]*$/;

/**
 * Quoted-printable, with all white space encoded that canonicalization would change. No line begins with a dot, which
 * SMTP would have doubled.
 */
function quoteText(text: string): string {
  const quoted = plain.test(text)
    ? text
    : encode(toLines(text)).replace(/\t| (?=[ \r]|$)/g, (blank) => (blank === ' ' ? '=20' : '=09'));
  return wrap(quoted, longestLine).replace(/^\./gm, '=2E');
}

/** How long a blank's line will be is not known yet: what goes on after it starts the next one. */
function quoteTextPart(text: string, { isAfterBlank }: { isAfterBlank: boolean }): string {
  return isAfterBlank && /^[^\r\n]/.test(text) ? `=\r\n${quoteText(text)}` : quoteText(text);
}

/** A line that would begin with a dot begins with a space instead: that means the same in HTML. */
function encodeHtmlPart(html: string): string {
  if (isOneEvenLine.test(html)) return html;
  return canonicalizeLines(toLines(html)).replaceAll('\r\n.', '\r\n .');
}

/** Such as the words of one digest: there is nothing to mend in them. */
const isOneEvenLine = /^(?:[!-~]| (?! |$))*$/;

function toLines(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n');
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
