// The body of a mail as plain 7-bit lines with blanks in it: encoded once for all readers of a content, so that a
// reader's own links are a replacement of text and not another encoding.
import { createHash } from 'node:crypto';
import { encode, wrap } from 'nodemailer/lib/qp';
import { escapeHtml } from '../mails/html.ts';
import type { MailContent } from '../mails/mail-content.ts';
import { canonicalizeEnd, canonicalizeLines } from './dkim.ts';

/** What stands in place of each `{{name}}`. */
export type Blanks = Readonly<Record<string, string>>;

export type MessageBody = {
  contentType: string;
  fill(blanks: Blanks): { body: string; canonicalBody: string };
};

/** In the text every blank stands alone on its line. `names` are the blanks; other braces are left as they are. */
export function encodeBody(
  { html, text }: Pick<MailContent, 'html' | 'text'>,
  names: readonly string[],
): MessageBody {
  const boundary = `=_${createHash('sha256').update(text).update(html).digest('hex').slice(0, 32)}`;
  const textPart = toLines([
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    wrap(encode(toLines([text]))),
    '',
  ]);
  const htmlPart = toLines([
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    html,
    `--${boundary}--`,
    '',
  ]);
  const fillText = compileBlanks(textPart, names);
  const fillHtml = compileBlanks(htmlPart, names);
  const fillCanonicalText = compileBlanks(canonicalizeLines(textPart), names);
  const fillCanonicalHtml = compileBlanks(canonicalizeEnd(htmlPart), names);

  return {
    contentType: `multipart/alternative; boundary="${boundary}"`,
    fill(blanks) {
      const inText = mapValues(blanks, (value) => wrap(encode(value)));
      const inHtml = mapValues(blanks, escapeHtml);
      return {
        body: fillText(inText) + fillHtml(inHtml),
        canonicalBody: fillCanonicalText(inText) + fillCanonicalHtml(inHtml),
      };
    },
  };
}

type Filler = (blanks: Blanks) => string;

function compileBlanks(text: string, names: readonly string[]): Filler {
  if (names.length === 0) return () => text;
  const pieces = text.split(new RegExp(`\\{\\{(${names.join('|')})\\}\\}`));
  return (blanks) => pieces.map((piece, index) => (index % 2 === 0 ? piece : (blanks[piece] ?? ''))).join('');
}

function mapValues(blanks: Blanks, change: (value: string) => string): Blanks {
  return Object.fromEntries(Object.entries(blanks).map(([name, value]) => [name, change(value)]));
}

function toLines(parts: string[]): string {
  return parts.join('\n').replace(/\r?\n/g, '\r\n');
}
