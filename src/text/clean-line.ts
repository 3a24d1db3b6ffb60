// One line of a listing without what cannot be seen: byte order marks, zero-width and control characters, and
// every kind of space as a plain one. The words stay as they are, damage included.

const NEEDS_CLEANING = /[^\x21-\x7e ]| {2}/;
const INVISIBLE = /(?![\s\u0085\u200c\u200d])[\p{Cf}\p{Cc}]|\ufeff/gu;
/** Joiners mean something inside emoji and some scripts, never next to ASCII. */
const JOINERS_NEXT_TO_ASCII = /(?<=^|\p{ASCII})[\u200c\u200d]|[\u200c\u200d](?=\p{ASCII}|$)/gu;
const SPACES = /[\s\u0085]+/g;

/** Trimmed, with single spaces; an empty string when nothing visible is left. */
export function cleanLine(line: string): string {
  if (!NEEDS_CLEANING.test(line)) return line.trim();
  return line.replace(INVISIBLE, '').replace(JOINERS_NEXT_TO_ASCII, '').replace(SPACES, ' ').trim();
}
