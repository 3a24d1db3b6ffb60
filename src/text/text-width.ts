// How wide a text is on a screen with letters of one width: Chinese, Japanese, Korean and emoji take two columns.

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const beyondNarrow = /[^\t-\u10ff]/;

/** Never less than its characters: where a joined emoji is shown as one, mail programs and RFC 5322 count all of it. */
export function textWidth(text: string): number {
  if (!beyondNarrow.test(text)) return text.length;
  return Array.from(text).reduce((width, char) => width + (wide.test(char) ? 2 : char.length), 0);
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
