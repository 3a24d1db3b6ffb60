// Captures made by scrapers and text browsers keep the page's links and headings as markup. Links that an author
// wrote stay as they are: only what leads back to the page, or to a numbered list of links, is taken away.

import { isCardButton } from './page-words.ts';

const signs =
  /\]\((?:https:\/\/huggingface\.co)?\/|^https:\/\/huggingface\.co\/login|^\]\[\d+\]$|^#{1,3} by.{0,20}and the research community$/m;
const pageAddress = /^https:\/\/huggingface\.co\/\S*$/;
const pageButton = /^\[LINK: [^[\]]*\]\(\S+\)$/;
/** A line that is one link, wherever it leads. */
const wholeLink = /^\[([^[\]]*)\]\(\S+\)$/;
const pictureLink = /!\[[^[\]]*\]\([^()\s]*\)/g;
const headingMark = /^#{1,6} +/;
const headingLink = /^#{1,6} +\[(.+)\](?:\[\d+\]|\((?:https:\/\/huggingface\.co)?\/[^()\s]*\))$/;
const checkboxMark = /^\[[- x]\] +/;
const pageLink = /\[([^[\]]*)\](?:\[\d+\]|\((?:https:\/\/huggingface\.co)?\/[^()\s]*\))/g;
/** A comment count that is a link, glued to the date before it: `Sep 1[2](…#community)`. */
const countLink = /(?<=[\p{L}\p{N}])\[(\d[\d.,k]*)\]\((?:https:\/\/huggingface\.co)?\/[^()\s]*\)$/iu;
/** What is left of a list of avatars: bullets, and the backslashes that end lines. */
const emptyItems = /^[\s[\]\\*•-]*\\[\s[\]\\*•-]*$|^\[-$/;
const lineBreak = /\\+$/;
/** The end of a link that began on a line above. */
const linkEnd = /\](?:\[\d+\]|\((?:https:\/\/huggingface\.co)?\/[^()\s]*\))$/;

/** True for a text with such markup; in any other text the same signs are the author's own. */
export function hasPageMarkup(text: string): boolean {
  return signs.test(text);
}

/** The line without the page's markup; an empty string when it was nothing else. */
export function stripMarkup(line: string): string {
  if (pageAddress.test(line) || pageButton.test(line)) return '';
  const linked = wholeLink.exec(line)?.[1]?.trim();
  if (linked !== undefined && isCardButton(linked)) return linked;
  const plain = line
    .replace(pictureLink, '')
    .replace(countLink, ' $1')
    .replace(headingLink, '$1')
    .replace(headingMark, '')
    .replace(pageLink, '$1')
    .replace(linkEnd, '')
    .replace(checkboxMark, '');
  if (emptyItems.test(plain.trim())) return '';
  const isOpen = plain.startsWith('[') && !plain.includes(']');
  const text = (isOpen ? plain.slice(1) : plain).trim();
  return text.replace(lineBreak, '').trim();
}
