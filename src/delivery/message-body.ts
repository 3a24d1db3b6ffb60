// The body of a mail in encoded pieces that many mails share, with the reader's blanks between them: a piece is encoded
// once, and a mail is its pieces one behind the other.
import { randomBytes } from 'node:crypto';
import { encode, wrap } from 'nodemailer/lib/qp';
import { createBoundedCache } from '../bounded-cache.ts';
import { escapeHtml } from '../mails/html.ts';
import type { MailInPieces } from '../mails/mail-content.ts';
import { canonicalizeLines } from './dkim.ts';

/** What stands in place of each `{{name}}`; never nothing. */
export type Blanks = Readonly<Record<string, string>>;

export type MessageBody = {
  contentType: string;
  /** 7-bit lines, already as relaxed canonicalization (RFC 6376 section 3.4.4) leaves them: what is sent is what is signed. */
  fill(blanks: Blanks): Buffer;
};

export type BodyEncoder = (content: Pick<MailInPieces, 'html' | 'text'>) => MessageBody;

const keptPieces = 20_000;

/**
 * In the text every blank stands first on its line, and a piece starts a line. `names` are the blanks; other braces are
 * left as they are.
 */
export function createBodyEncoder(names: readonly string[]): BodyEncoder {
  // Nobody who writes a paper can know it.
  const boundary = `=_${randomBytes(16).toString('hex')}`;
  const contentType = `multipart/alternative; boundary="${boundary}"`;
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
  const encodeText = createPieceEncoder(names, quoteTextPart);
  const encodeHtml = createPieceEncoder(names, (html) => canonicalizeLines(toLines(html)));

  return ({ html, text }) => {
    const textParts = closeSeams(text.flatMap(encodeText));
    const htmlParts = closeSeams(html.flatMap(encodeHtml));
    return {
      contentType,
      fill: (blanks) =>
        Buffer.concat([
          start,
          ...fillParts(textParts, blanks, quoteText),
          middle,
          ...fillParts(htmlParts, blanks, escapeHtml),
          end,
        ]),
    };
  };
}

/** Encoded bytes, or the name of a blank. */
type Part = Buffer | string;

function createPieceEncoder(
  names: readonly string[],
  encodePiece: (text: string, place: { isAfterBlank: boolean }) => string,
): (piece: string) => Part[] {
  const blank = names.length === 0 ? /(?!)/ : new RegExp(`\\{\\{(${names.join('|')})\\}\\}`);
  const encoded = createBoundedCache<Part[]>(keptPieces);
  return (piece) =>
    encoded.getOrMake(piece, () =>
      piece
        .split(blank)
        .map((part, index) =>
          index % 2 === 0 ? toBytes(encodePiece(part, { isAfterBlank: index > 0 })) : part,
        )
        .filter((part) => part.length > 0),
    );
}

/** A space at the end of a piece goes when white space follows, as it would within a piece. */
function closeSeams(parts: Part[]): Part[] {
  return parts.map((part, index) => {
    const next = parts[index + 1];
    const isSeam =
      typeof part !== 'string' && typeof next === 'object' && isBlank(part.at(-1)) && isBlank(next[0]);
    return isSeam ? part.subarray(0, -1) : part;
  });
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d;
}

function fillParts(parts: Part[], blanks: Blanks, encodeValue: (value: string) => string): Buffer[] {
  const values = new Map<string, Buffer>();
  for (const [name, value] of Object.entries(blanks)) {
    // White space is one space, and none at the ends: the signature covers it that way.
    const clean = value.replace(/\s+/g, ' ').trim();
    if (clean === '') throw new Error(`there is nothing for the blank {{${name}}}`);
    values.set(name, toBytes(encodeValue(clean)));
  }
  return parts.map((part) => (typeof part === 'string' ? (values.get(part) ?? nothing) : part));
}

const nothing = Buffer.alloc(0);

/** With the = that may follow, 76: no line of quoted-printable is longer (RFC 2045 section 6.7). */
const longestLine = 75;

/** Quoted-printable, with all white space encoded that canonicalization would change. */
function quoteText(text: string): string {
  const quoted = encode(toLines(text)).replace(/\t| (?=[ \r]|$)/g, (blank) =>
    blank === ' ' ? '=20' : '=09',
  );
  return wrap(quoted, longestLine);
}

/** How long a blank's line will be is not known yet: what goes on after it starts the next one. */
function quoteTextPart(text: string, { isAfterBlank }: { isAfterBlank: boolean }): string {
  return isAfterBlank && /^[^\r\n]/.test(text) ? `=\r\n${quoteText(text)}` : quoteText(text);
}

function toLines(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n');
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
