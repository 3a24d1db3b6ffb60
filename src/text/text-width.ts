// How wide a text is on a screen with letters of one width: Chinese, Japanese, Korean and emoji take two columns.
import stringWidth from 'string-width';

/** Of these each character is one column: what most words are made of need not be taken apart. */
const narrow = /^[\t -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

export function textWidth(text: string): number {
  return narrow.test(text) ? text.length : stringWidth(text);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The longest beginning that fits into `columns`, at least one character, never half of one. */
export function cutToWidth(text: string, columns: number): string {
  let cut = '';
  let width = 0;
  // A character can be many code units, a tower of emoji; what cannot fit need not be looked at.
  for (const { segment } of graphemes.segment(text.slice(0, columns * 4 + 40))) {
    width += textWidth(segment);
    if (width > columns && cut !== '') return cut;
    cut += segment;
  }
  return cut;
}
