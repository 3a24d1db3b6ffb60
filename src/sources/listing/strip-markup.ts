// Captures made by scrapers and text browsers keep the page's links and headings as markup. Links that an author
// wrote stay as they are: only what leads back to the page, or to a numbered list of links, is taken away.

import { isCardButton } from './page-words.ts';

const signs =
  /\]\((?:https:\/\/huggingface\.co)?\/|^https:\/\/huggingface\.co\/login|^\]\[\d+\]$|^#{1,3} by.{0,20}and the research community$/m;
/** `[11]: https://huggingface.co/papers/2609.00001 "title"`, where links are written as `[text][11]`. */
const linkDefinition =
  /^[^\S\n]{0,9}\[([^[\]\n]{1,60})\]:[^\S\n]{0,9}<?([^\s<>]{1,2000})>?(?:[^\S\n]{1,9}["'(][^\n]{0,200})?[^\S\n]*$/gm;
/** Where a text browser lists the links whose numbers stand in front of their texts: `[46]A Ferry`. */
const linkList =
  /^[ \t]{0,99}References[ \t]{0,99}\r?\n[\s\p{Cf}]{0,40}(?:Visible\slinks:?[\s\p{Cf}]{0,40})?1\.\s{1,9}https?:\/\//mu;
const listedPaper =
  /^\s{0,9}(\d{1,5})\.\s{1,9}(https:\/\/huggingface\.co\/papers\/\d{4}\.\d{4,5})(?:v\d{1,2})?[^\S\n]*$/gm;
/** The number of a link, and the rest of its line, which is its text or the first line of it. */
const lastNumber = /(?<=^[ \t]{0,40})\[(\d{1,5})\](\S[^[\]\n\r]*)$/gm;
/** What pandoc writes of classes: `:::`, `{.flex .gap-2}`. */
const fence = /^:{3,}.*$/;
const attributes = / ?\{[#.][^{}]*\}/g;
/** A backslash that keeps a sign from being markup. */
const escapedSign = /\\([_*[\]#>~`])/g;
const emphasis = /^((?:[*+-] +)*)(\*\*|__|\*|_)(?=\S)(.+)(?<=\S)\2$/;
/** What shows when the mouse rests on a link. */
const linkTitle = /(\]\([^()\s]{1,2000}) +"[^"]{0,500}"\)/g;
const pageAddress = /^https:\/\/huggingface\.co\/\S*$/;
const pageButton = /^\[LINK: [^[\]]*\]\(\S+\)$/;
/** A line that is one link, wherever it leads. */
const wholeLink = /^\[([^[\]]*)\]\(\S+\)$/;
/** A line that is a link to a paper, also with brackets in its text. */
const paperLink =
  /^((?:\d{1,3}[.)] |[*+-] )?)\[((?:(?!\]\().)+)\]\((?:https:\/\/huggingface\.co)?\/papers\/[^()\s]*\)$/;
/** Several links and nothing else: a menu. */
const menu = /^(?:\[[^[\]]*\]\([^()\s]*\)[ |·•]{0,3}){2,}$/;
const anyLink = /\[([^[\]]*)\]\([^()\s]*\)/g;
const pictureLink = /!\[[^[\]]*\]\([^()\s]*\)/g;
const headingMark = /^#{1,6} +/;
const headingLink = /^#{1,6} +\[(.+)\](?:\[\d+\]|\((?:https:\/\/huggingface\.co)?\/[^()\s]*\))$/;
const checkboxMark = /^\[[- x]\] +/;
const pageLink = /\[([^[\]]*)\](?:\[\d+\]|\((?:https:\/\/huggingface\.co)?\/[^()\s]*\))/g;
/** A comment count that is a link, glued to the date before it: `Sep 1[2](…#community)`. */
const countLink = /(?<=[\p{L}\p{N}])\[(\d[\d.,k]*)\]\((?:https:\/\/huggingface\.co)?\/[^()\s]*\)$/iu;
/** What is left of a list of avatars: bullets, and the backslashes that end lines. */
const emptyItems = /^[\s[\]\\*•-]*\\[\s[\]\\*•-]*$|^\[-$/;
/** An organisation's dot, in front of such a list. */
const dotAboveItems = /^([·∙⋅‧・])[\s[\]\\*•-]+$/;
/** How many stars the code has, as a link to it. */
const starsLink = /\[\d[\d.,]*k?\]\((https?:\/\/(?:www\.)?git(?:hub|lab)\.com\/[^()\s]{1,500})\)/gi;
const lineBreak = /\\+$/;
/** The end of a link that began on a line above. */
const linkEnd = /\](?:\[\d+\]|\((?:https:\/\/huggingface\.co)?\/[^()\s]*\))$/;

/** True for a text with such markup; in any other text the same signs are the author's own. */
export function hasPageMarkup(text: string): boolean {
  return signs.test(text);
}

/** Links that are written by name become links with addresses, and lists of them go; every line keeps its number. */
export function resolveLinks(given: string): string {
  const text = given.replace(linkTitle, '$1)');
  const list = linkList.exec(text);
  if (list !== null) {
    const papers = new Map(
      [...text.slice(list.index).matchAll(listedPaper)].map(([, number = '', address = '']) => [
        number,
        address,
      ]),
    );
    const body = text
      .slice(0, list.index)
      .replace(lastNumber, (whole, number: string, words: string) =>
        papers.has(number) ? `[${words}](${papers.get(number)})` : whole,
      )
      .replace(/\[\d{1,5}\](?=\S)/g, '');
    return body + text.slice(list.index).replace(/[^\n\r]+/g, '');
  }
  const addresses = new Map<string, string>();
  for (const [, name = '', address = ''] of text.matchAll(linkDefinition)) addresses.set(name, address);
  if (addresses.size === 0) return text;
  return text.replace(linkDefinition, '').replace(/\]\[([^[\]\n]{1,60})\]/g, (whole, name: string) => {
    const address = addresses.get(name);
    return address === undefined ? whole : `](${address})`;
  });
}

/** arXiv's id of the paper whose page the line leads to; null where it leads to none. */
export function findLinkedPaper(line: string): string | null {
  return (
    /\]\((?:https:\/\/huggingface\.co)?\/papers\/(\d{4}\.\d{4,5})(?:v\d{1,2})?\)/.exec(line)?.[1] ?? null
  );
}

/** Where a card's buttons lead: its code, its page; not what leads back to the page that was captured. */
export function findButtonLinks(line: string): string[] {
  return [...line.matchAll(/\]\((https?:\/\/[^()\s]{1,2000})\)/g)].flatMap(([, address = '']) =>
    /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\//.test(address) ? [] : address,
  );
}

/** Where its stars lead. */
export function findStarredCode(line: string): string[] {
  return [...line.matchAll(starsLink)].flatMap(([, address]) => address ?? []);
}

/** The line without the page's markup; an empty string when it was nothing else. */
export function stripMarkup(given: string): string {
  const line = given.replace(starsLink, '').trim();
  if (pageAddress.test(line) || pageButton.test(line) || fence.test(line)) return '';
  const linked = wholeLink.exec(line)?.[1]?.trim();
  if (linked !== undefined && isCardButton(linked)) return linked;
  if (menu.test(line)) return line.replace(anyLink, ' $1').trim();
  const plain = line
    .replace(attributes, '')
    .replace(paperLink, '$1$2')
    .replace(pictureLink, '')
    .replace(countLink, ' $1')
    .replace(headingLink, '$1')
    .replace(headingMark, '')
    .replace(pageLink, '$1')
    .replace(linkEnd, '')
    .replace(checkboxMark, '');
  if (emptyItems.test(plain.trim())) return '';
  const [, dot] = dotAboveItems.exec(plain.trim()) ?? [];
  if (dot !== undefined) return dot;
  const isOpen = plain.startsWith('[') && !plain.includes(']');
  const text = (isOpen ? plain.slice(1) : plain).trim();
  return text.replace(lineBreak, '').trim().replace(emphasis, '$1$3').replace(escapedSign, '$1');
}
