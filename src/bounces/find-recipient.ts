// Whose address a mail that came back is about, as far as it says. Only to be shown: which of our mails it is about, tokens tell.
import type { OpenedMessage } from './open-message.ts';

/** Of letters that stand for sounds: around them, Chinese and Japanese are written without a space. Quotes may stand first. */
const address =
  /[\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}\d!#$%&*+/=?^_{|}~-][\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}\d.!#$%&'*+/=?^_`{|}~-]{0,63}@[\p{L}\d](?:[\p{L}\d-]{0,62}\.)+[\p{L}\d-]{2,63}/gu;

/** Where it stands for sure, the surest first. */
const places: readonly RegExp[] = [
  /^(?:final-recipient|original-recipient): *(?:rfc822|utf-8|unknown)?; *(.+)$/im,
  /^x-hmxmroriginalrecipient: *(.+)$/im,
  /\brcpt to: ?(<[^>\n]+>)/i,
  /^[ \t]*(<[^<>\s]+@[^<>\s]+>)(?:\.{3}|:|,| *$)/m,
  /\b(?:recipients?|addresse?s?|to|user|mailbox|an|destinataires?|destinatarios?)\b[^\n@]{0,40}?[:;][ \t]*\n?[ \t]*(?:\S+ )?(<?[^\s<>:;]+@[^\s<>:;]+)/i,
  /^[ \t]*([^\s<>:;"'(]+@[^\s<>:;"'),]+)/m,
];

/** Null: it names none. */
export function findAddress(message: OpenedMessage, own: string): string | null {
  const given = firstAddress(message, message.headers.get('x-failed-recipients') ?? '');
  if (given !== null) return given;
  for (const place of places) {
    const found = firstAddress(message, place.exec(own)?.[1] ?? '');
    if (found !== null) return found;
  }
  return firstAddress(message, own) ?? findReturned(message);
}

/** To whom the mail went that is sent back within. */
export function findReturned(message: OpenedMessage): string | null {
  const returned = [...message.parts.map(({ text }) => text), message.text, message.head].join('\n');
  for (const field of [/^x-hmxmroriginalrecipient: *(.+)$/im, /^to: *((?:.|\r?\n[ \t]){1,2000})/im]) {
    const found = firstAddress(message, field.exec(returned)?.[1] ?? '');
    if (found !== null) return found;
  }
  return null;
}

function firstAddress(message: OpenedMessage, text: string): string | null {
  for (const [found] of text.slice(0, 20_000).matchAll(address)) if (!isOurs(message, found)) return found;
  return null;
}

/** That which it came to, with a token or without, and those of servers. */
function isOurs({ headers }: OpenedMessage, found: string): boolean {
  const name = found.toLowerCase();
  const known = ['to', 'delivered-to', 'from', 'sender', 'x-original-to'].map(
    (field) => headers.get(field) ?? '',
  );
  return (
    /^(?:mailer-daemon|postmaster|abuse|support|hostmaster|help ?desk)@/.test(name) ||
    known.some((field) =>
      [field, field.replace(/\+[^@+]{1,64}@/, '@')].some((one) => one.toLowerCase().includes(name)),
    )
  );
}
