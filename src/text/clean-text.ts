// Takes out of a source's text what must never reach a mail: control characters, bidi overrides, invisible
// tricks. The letters stay as they are.

const lineBreaksAndTabs = /[\t-\r\u0085\u2028\u2029]+/gu;

// Overrides and isolates (U+202A-E, U+2066-9) could turn around our own words after a title; private-use
// characters show as boxes; the rest is invisible. Zero-width joiners stay: Persian and emoji need them.
const unwanted =
  /[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u00ad\u061c\u180e\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

// No script stacks more marks than this on one letter; a title that does would cover its neighbours.
const towerOfMarks = /(\p{M}{4})\p{M}+/gu;

/** One line of well-formed text without control characters or bidi overrides. */
export function dropInvisible(text: string): string {
  return text
    .replace(lineBreaksAndTabs, ' ')
    .replace(unwanted, '')
    .replace(towerOfMarks, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Like `dropInvisible`, and `{{` becomes `{`: `{{name}}` is a blank in our templates, and nobody else's. */
export function cleanText(text: string): string {
  return dropInvisible(text)
    .replace(/\{{2,}/g, '{')
    .replace(/\}{2,}/g, '}');
}
