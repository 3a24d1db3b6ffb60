// An entry of a reader's library as one line of text: how it is stored, shown and typed. `Attention Is All You Need
// [arXiv:1706.03762]`, `[doi:10.1000/182]`, or only a title.
import { readArxivId, readDoi } from '../papers/paper-ids.ts';

export type LibraryEntry = { arxiv: string | null; doi: string | null; title: string | null };

export const longestEntry = 320;
const longestTitle = 280;

/** A line that is an id or an address of one, with a title beside it or without. */
export function readEntry(line: string): LibraryEntry {
  const tidy = line.replace(/\s+/g, ' ').trim();
  const [, before, id] =
    /^(.*?) ?\[((?:arxiv|doi):(?:[^[\]\s]|\[[^[\]\s]{0,60}\]){1,250})\]$/i.exec(tidy) ?? [];
  const name = id ?? tidy;
  const [arxiv, doi] = [readArxivId(name), readDoi(name)];
  const isNamed = arxiv !== null || doi !== null;
  const title = isNamed ? (before ?? '') : line;
  return { arxiv, doi, title: tidyTitle(title) };
}

/** Null for an entry that names nothing. */
export function writeEntry({ arxiv, doi, title: given }: LibraryEntry): string | null {
  const title = given === null ? null : tidyTitle(given);
  const id = arxiv === null ? (doi === null ? null : `doi:${doi}`) : `arXiv:${arxiv}`;
  if (id === null) return title;
  return title === null ? `[${id}]` : `${title} [${id}]`;
}

/** As programs allow them in titles: https://www.zotero.org/support/kb/rich_text_bibliography */
const titleTags =
  /<\/?(?:jats:)?(?:i|b|u|em|strong|italic|bold|sub|sup|inf|sc|scp|tt|span)(?:\s[^<>=]{1,40}=[^<>]{0,200})?\/?>/gi;

function tidyTitle(title: string): string | null {
  const tidy = title
    .replace(titleTags, '')
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, longestTitle)
    .trim();
  return /[\p{L}\p{N}]/u.test(tidy) ? tidy : null;
}
