// What reference managers are told of a paper, before it is written as BibTeX or RIS. Texts are mended and on one line.

import { cleanText } from '../text/clean-text.ts';
import { mendText } from '../text/mend-text.ts';
import { nameParticles } from './authors.ts';
import type { Paper } from './paper.ts';
import { locatePaper, type PaperIds } from './paper-ids.ts';

export type Citation = {
  /** Of the first words of its title and its number here: the same in every file, whatever is learnt of the paper later. */
  key: string;
  title: string;
  authors: string[];
  organization: string | null;
  abstract: string | null;
  /** YYYY-MM-DD. */
  date: string;
  ids: PaperIds;
  url: string;
};

const mostAuthors = 3000;
const longestName = 300;

/** `pageOf`: its own page here, for a paper that is known by its title alone. */
export function toCitation(paper: Paper, pageOf: (paper: Paper) => string): Citation {
  const { title, authors = [], organization, abstract, publishedOn, firstListedOn, ids = {}, seq } = paper;
  const clean = (text: string) => cleanText(text.slice(0, longestName));
  return {
    key: `${nameTitle(title)}-${seq}`,
    title: mendText(title),
    authors: authors
      .slice(0, mostAuthors)
      .map(clean)
      .filter((name) => name !== ''),
    organization: clean(organization ?? '') || null,
    abstract: mendText(abstract ?? '') || null,
    date: publishedOn ?? firstListedOn,
    ids,
    url: locatePaper(paper)?.url ?? pageOf(paper),
  };
}

/** Letters and digits of ASCII only: keys stand in commands. */
function nameTitle(title: string): string {
  const words = mendText(title)
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? ['paper']).slice(0, 3).join('-').slice(0, 60);
}

/** A team or a laboratory: no family name is to be looked for in it. */
export function isGroup(name: string): boolean {
  return (
    !/\s/.test(name.trim()) ||
    /\b(?:team|collaboration|consortium|group|labs?|laboratory|university|institute|inc|ai)\.?$/i.test(
      name,
    ) ||
    /\sand\s/i.test(name) ||
    (name.match(/,/g)?.length ?? 0) > 2
  );
}

const suffixShape = /^(?:jr|sr|ii|iii|iv)\.?$/i;

/** Null for a group, and for a name that has its commas already. */
export function splitName(name: string): { given: string; family: string; suffix: string | null } | null {
  if (name.includes(',') || isGroup(name)) return null;
  const words = name.trim().split(/\s+/);
  const suffix = words.length > 2 && suffixShape.test(words.at(-1) ?? '') ? (words.pop() ?? null) : null;
  let family = words.length - 1;
  while (family > 1 && nameParticles.has(words[family - 1] ?? '')) family -= 1;
  return { given: words.slice(0, family).join(' '), family: words.slice(family).join(' '), suffix };
}
