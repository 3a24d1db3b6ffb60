// What the entries of arXiv's feed, of its API and of its mails have in common: their texts are as authors typed them, in TeX.
import type { ListedPaper } from '../../papers/paper.ts';
import { isWithdrawnVersion } from '../../papers/withdrawal.ts';
import { readText } from '../../text/clean-text.ts';
import { longestTitle, readTypedName, readTypedText } from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';

export type ArxivEntry = {
  arxivId: string;
  title: string | null;
  abstract: string | null;
  /** Names in order, as they are written. */
  authors: string[];
  /** What the authors say about this version, often where its code is; null where it is not told. */
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
  authors: authorTexts,
  comment,
  publishedOn,
  doi = null,
}: ArxivEntry): ListedPaper | string {
  const title = readTypedText(titleText);
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const abstract = readTypedText(abstractText);
  const authors = authorTexts.flatMap((name) => readTypedName(name) ?? []);
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
    links: [...new Set([...findLinks(readText(comment) ?? ''), ...findLinks(abstract ?? '')])],
  };
}

/** All names stand in one text: `Ada Lovelace (1, 2), Alan Turing, Jr. ((1) Example Lab, London, (2) Elsewhere)`. */
export function splitAuthors(text: string): string[] {
  const inner = /\([^()]*\)/g;
  return (
    text
      .slice(0, 100_000)
      // Small numbers that refer to a list of places, and TeX's spaces.
      .replace(/\$\s{0,9}\^[^$]{0,80}\$|\\textsuperscript\s{0,9}\{[^{}]{0,80}\}/g, '')
      .replace(/\\[,;:]/g, ' ')
      .replace(inner, '')
      .replace(inner, '')
      .split(/[,;\n]|\sand\s/)
      .map((name) => name.trim())
      .filter((name) => name !== '' && !/^(?:jr|sr|ii|iii|iv)\.?$/i.test(name))
  );
}
