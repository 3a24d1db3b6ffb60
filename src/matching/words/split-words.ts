// Text to words: what counts as a word, in papers as in readers' queries.
import { nameGreekLetters } from './greek.ts';

export type Word = {
  /** Lower case, without accents; a Greek letter is its name. */
  text: string;
  /** Where it stands in the text of one spelling (`unifySpelling`). */
  start: number;
  end: number;
};

/** The words of a text of one spelling, in order. The s of "model's" is left out. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: whole, 1: word = whole, index } of text.matchAll(wordPattern)) {
    const folded = foldWord(word);
    if (folded !== '') words.push({ text: folded, start: index, end: index + word.length });
  }
  return words;
}

const wordPattern =
  /([\p{L}\p{M}\p{N}]+(?:'(?!s(?![\p{L}\p{M}\p{N}]))\p{L}[\p{L}\p{M}]*)?(?:\+\+|#(?![\p{L}\p{N}]))?)(?:'s(?![\p{L}\p{M}\p{N}]))?/gu;

function foldWord(word: string): string {
  if (/^[a-z\d]+$/i.test(word)) return word.toLowerCase();
  return nameGreekLetters(
    word
      .normalize('NFKD')
      .replace(/[\u0300-\u036f']/g, '')
      .normalize('NFC')
      .toLowerCase(),
  );
}

/** Words that say nothing about a subject: a query may hold them, but they need not match. */
export const commonWords: ReadonlySet<string> = new Set(
  `a an and are as at be been but by can do does for from has have how if in into is it its no not of on or our so
  such than that the their them then there these they this those to via was we were what when where which who why
  will with you your`.split(/\s+/),
);
