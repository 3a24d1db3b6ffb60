// Text to words: what counts as a word, in papers as in readers' queries.

export type Word = {
  /** Lower case, without accents. */
  text: string;
  /** Where it stands in the cleaned text. */
  start: number;
  end: number;
};

/** One spelling for what looks the same: NFKC, plain hyphens and quotes, no invisible characters, single spaces. */
export function cleanText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\u2010-\u2015\u2212\u2043\ufe63\uff0d]/g, '-')
    .replace(/[\u201c-\u201f\u00ab\u00bb\u2033]/g, '"')
    .replace(/[\u2018-\u201b\u2032]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

// Soft hyphen, zero-width characters, direction marks and control characters that are not white space.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed here.
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/** The words of a cleaned text, in order. The s of "model's" is left out. */
export function splitWords(cleaned: string): Word[] {
  return Array.from(cleaned.matchAll(WORD), (found) => ({
    text: foldWord(found[1] ?? found[0]),
    start: found.index,
    end: found.index + (found[1] ?? found[0]).length,
  })).filter(({ text }) => text !== '');
}

const WORD =
  /([\p{L}\p{M}\p{N}]+(?:'(?!s(?![\p{L}\p{M}\p{N}]))\p{L}[\p{L}\p{M}]*)?(?:\+\+|#(?![\p{L}\p{N}]))?)(?:'s(?![\p{L}\p{M}\p{N}]))?/gu;

function foldWord(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[\u0300-\u036f']/g, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Words that say nothing about a subject: a query may hold them, but they need not match. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `a an and are as at be been but by can do does for from has have how if in into is it its no not of on or our so
  such than that the their them then there these they this those to via was we were what when where which who why
  will with you your`.split(/\s+/),
);
