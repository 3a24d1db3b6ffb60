// What of a text is no text: invisible, controlling or broken characters, and every kind of space as a plain one. One
// function for each way a text goes: in from a page, in from a source, into the search, out to readers.

const invisible = {
  /** A byte order mark, zero-width, direction and control characters. */
  inLines: /(?![\s\u0085\u200c\u200d])[\p{Cf}\p{Cc}]|\ufeff/gu,
  /** Soft hyphens, zero-width characters, direction marks and control characters that are no white space. */
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed here.
  inSearches: /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g,
  // Overrides and isolates (U+202A-E, U+2066-9) could turn around our own words after a title; private-use
  // characters show as boxes; the rest is invisible. Zero-width joiners stay: Persian and emoji need them.
  inMails:
    /[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u00ad\u061c\u180e\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu,
};

const needsCleaning = /[^\x21-\x7e ]| {2}/;
/** Neither invisible nor a mark nor a space of any other kind: letters and signs of the West, Greek, Cyrillic, dashes, quotes, arrows, mathematics. */
const needsCleaningForEyes =
  /[^\x21-\x7e \u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u22ff]| {2}/;
/** Joiners mean something inside emoji and some scripts, never next to ASCII. */
const joinersNextToAscii = /(?<=^|\p{ASCII})[\u200c\u200d]|[\u200c\u200d](?=\p{ASCII}|$)/gu;
const spaces = /[\s\u0085]+/g;

/** A line of a listing with single spaces, its words as they are, damage included; empty when nothing visible is left. */
export function cleanLine(line: string): string {
  if (!needsCleaning.test(line)) return line.trim();
  return line.replace(invisible.inLines, '').replace(joinersNextToAscii, '').replace(spaces, ' ').trim();
}

const longestText = 20_000;

/** A source's text in a form that PostgreSQL takes, on one line; null when nothing is left, and for what is no text. */
export function readText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .slice(0, longestText)
    // A lone half of a surrogate pair: no encoding has it.
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return text === '' ? null : text;
}

/** One spelling for what looks the same: NFKC, plain hyphens and quotes, no invisible characters, single spaces. */
export function unifySpelling(text: string): string {
  if (!needsCleaning.test(text)) return text.trim();
  return text
    .normalize('NFKC')
    .replace(invisible.inSearches, '')
    .replace(/[\u2010-\u2015\u2212\u2043\ufe63\uff0d]/g, '-')
    .replace(/[\u201c-\u201f\u00ab\u00bb\u2033]/g, '"')
    .replace(/[\u2018-\u201b\u2032]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

const lineBreaksAndTabs = /[\t-\r\u0085\u2028\u2029]+/gu;

// No script stacks more marks than this on one letter; a title that does would cover its neighbours.
const towerOfMarks = /(\p{M}{4})\p{M}+/gu;

/** One line of well-formed text for readers' eyes, without control characters or bidi overrides. */
export function dropInvisible(text: string): string {
  // Nearly every text ends here.
  if (!needsCleaningForEyes.test(text)) return text.trim();
  return text
    .replace(lineBreaksAndTabs, ' ')
    .replace(invisible.inMails, '')
    .replace(towerOfMarks, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Like `dropInvisible`, and `{{` becomes `{`: `{{name}}` is filled in in our templates, and nobody else's. */
export function cleanText(text: string): string {
  return dropInvisible(text)
    .replace(/\{{2,}/g, '{')
    .replace(/\}{2,}/g, '}');
}
