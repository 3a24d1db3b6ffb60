// What the entries of arXiv's feed and of its API have in common.
import type { ListedPaper } from '../../papers/paper.ts';
import { isWithdrawnVersion } from '../../papers/withdrawal.ts';
import { readText } from '../../text/clean-text.ts';
import { longestTitle } from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';

export type ArxivEntry = {
  arxivId: string;
  title: string | null;
  abstract: string | null;
  /** Names in order. */
  authors: string[];
  /** What the authors say about this version; null where it is not told. */
  comment: string | null;
  /** YYYY-MM-DD */
  publishedOn: string | null;
  /** Of a journal's version; left out where it is not told. */
  doi?: string | null;
};

/** The paper, or why there is none. */
export function toListedPaper({
  arxivId,
  title: titleText,
  abstract: abstractText,
  authors,
  comment,
  publishedOn,
  doi = null,
}: ArxivEntry): ListedPaper | string {
  const title = readText(titleText);
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const abstract = readText(abstractText);
  return {
    title,
    ids: { arxiv: arxivId, ...(doi === null ? {} : { doi }) },
    abstract,
    authorsCount: authors.length === 0 ? null : authors.length,
    ...(authors.length === 0 ? {} : { authors }),
    ...(isWithdrawnVersion({ abstract, comment }) ? { isWithdrawn: true } : {}),
    organization: null,
    publishedOn,
    comments: null,
    upvotes: null,
    links: findLinks(abstract ?? ''),
  };
}

/** All names stand in one text: `Ada Lovelace (1, 2), Alan Turing, Jr. ((1) Example Lab, London, (2) Elsewhere)`. */
export function splitAuthors(text: string): string[] {
  const inner = /\([^()]*\)/g;
  return text
    .slice(0, 100_000)
    .replace(inner, '')
    .replace(inner, '')
    .split(/[,;\n]|\sand\s/)
    .map((name) => name.trim())
    .filter((name) => name !== '' && !/^(?:jr|sr|ii|iii|iv)\.?$/i.test(name));
}
