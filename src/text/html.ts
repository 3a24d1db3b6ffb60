// The one place where text becomes HTML. Mails are plain ASCII, so that no transfer encoding touches them.
import { dropInvisible } from './clean-text.ts';

/** Markup that is safe to put into a page or a mail as it is; everything else is a string, and is escaped. */
export type Html = { readonly html: string };

export const emptyHtml: Html = { html: '' };

/** Vouches for markup of our own making. */
export function trustHtml(html: string): Html {
  return { html };
}

/** For text and for attribute values in double quotes. Beyond ASCII only character references are used. */
export function escapeHtml(text: string): string {
  return toAscii(text.replace(/[&<>"'{]/g, refer));
}

/** The same for HTML and XML alike, in UTF-8; what XML forbids (section 2.2) is left out. */
export function escapeMarkup(text: string): string {
  return dropInvisible(text).replace(/[&<>"']/g, refer);
}

export function toAscii(html: string): string {
  return html.replace(/[^\t\n -~]/gu, refer);
}

function refer(char: string): string {
  return `&#${char.codePointAt(0)};`;
}

export function joinHtml(parts: readonly (Html | string)[], separator: Html | string = ''): Html {
  return { html: parts.map(htmlOf).join(htmlOf(separator)) };
}

export function htmlOf(value: Html | string): string {
  return typeof value === 'string' ? escapeHtml(value) : value.html;
}

const longestLine = 400;

/**
 * Breaks lines that mail servers would refuse (RFC 5321 allows 998 octets; links are still to be filled in), only
 * where the reader sees no difference: inside a tag, at a space in the text, else, in Chinese for one, where a word may
 * break.
 */
export function foldLines(html: string): string {
  return html
    .split('\n')
    .map((line) => (line.length <= longestLine ? line : foldLine(line)))
    .join('\n');
}

// A title as a whole, tags, references, spaces and runs of letters; long runs come in pieces.
const pieces = /<title>[^<]*<\/title>|<!--.*?-->|<[^>]*>|&#?\w{1,10};|\s+|[^<&\s]{1,100}|[<&]/g;

function foldLine(line: string): string {
  let folded = '';
  let length = 0;
  for (const [piece] of line.matchAll(pieces)) {
    const broken = length + piece.length > longestLine / 2 ? breakPiece(piece) : null;
    if (broken !== null) {
      folded += broken;
      length = 0;
      continue;
    }
    if (length + piece.length > longestLine && !piece.startsWith('<')) {
      folded += '<wbr>\n';
      length = 0;
    }
    folded += piece;
    length += piece.length;
  }
  return folded;
}

/** A space becomes the line's end; a tag may have it before its last sign. Null: there is nowhere to break it. */
function breakPiece(piece: string): string | null {
  if (/^\s/.test(piece)) return '\n';
  return /^<\/?[a-z]/i.test(piece) && !piece.startsWith('<title>') ? `${piece.slice(0, -1)}\n>` : null;
}
