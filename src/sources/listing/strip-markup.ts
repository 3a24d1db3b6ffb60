// Captures made by scrapers and text browsers keep the page's links and headings as markup. Links that an author
// wrote stay as they are: only what leads back to the page, or to a numbered list of links, is taken away.

const SIGNS =
  /\]\(https:\/\/huggingface\.co\/|^https:\/\/huggingface\.co\/login|^\]\[\d+\]$|^#{1,3} by.{0,20}and the research community$/m;
const PAGE_ADDRESS = /^https:\/\/huggingface\.co\/\S*$/;
const PAGE_BUTTON = /^\[LINK: [^[\]]*\]\(\S+\)$/;
const PICTURE = /!\[[^[\]]*\]\([^()\s]*\)/g;
const HEADING = /^#{1,6} +/;
const HEADING_LINK = /^#{1,6} +\[(.+)\](?:\[\d+\]|\(https:\/\/huggingface\.co\/[^()\s]*\))$/;
const CHECKBOX = /^\[[- x]\] +/;
const PAGE_LINK = /\[([^[\]]*)\](?:\[\d+\]|\(https:\/\/huggingface\.co\/[^()\s]*\))/g;
/** A comment count that is a link, glued to the date before it: `Sep 1[2](…#community)`. */
const COUNT_LINK = /(?<=[\p{L}\p{N}])\[(\d[\d.,k]*)\]\(https:\/\/huggingface\.co\/[^()\s]*\)$/iu;
/** What is left of a list of avatars: bullets, and the backslashes that end lines. */
const EMPTY_ITEMS = /^[\s[\]\\*•-]*\\[\s[\]\\*•-]*$|^\[-$/;
const LINE_BREAK = /\\+$/;
/** The end of a link that began on a line above. */
const LINK_END = /\](?:\[\d+\]|\(https:\/\/huggingface\.co\/[^()\s]*\))$/;

/** True for a text with such markup; in any other text the same signs are the author's own. */
export function hasPageMarkup(text: string): boolean {
  return SIGNS.test(text);
}

/** The line without the page's markup; an empty string when it was nothing else. */
export function stripMarkup(line: string): string {
  if (PAGE_ADDRESS.test(line) || PAGE_BUTTON.test(line)) return '';
  const plain = line
    .replace(PICTURE, '')
    .replace(COUNT_LINK, ' $1')
    .replace(HEADING_LINK, '$1')
    .replace(HEADING, '')
    .replace(PAGE_LINK, '$1')
    .replace(LINK_END, '')
    .replace(CHECKBOX, '');
  if (EMPTY_ITEMS.test(plain.trim())) return '';
  const isOpen = plain.startsWith('[') && !plain.includes(']');
  const text = (isOpen ? plain.slice(1) : plain).trim();
  return text.replace(LINE_BREAK, '').trim();
}
