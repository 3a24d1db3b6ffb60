// What the entries of arXiv's feed and of its API have in common.
import type { ListedPaper } from '../../papers/paper.ts';
import { readText } from '../../text/clean-text.ts';
import { longestTitle } from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';

export type ArxivEntry = {
  arxivId: string;
  title: string | null;
  abstract: string | null;
  authorsCount: number;
  /** YYYY-MM-DD */
  publishedOn: string | null;
};

/** The paper, or why there is none. */
export function toListedPaper({
  arxivId,
  title: titleText,
  abstract: abstractText,
  authorsCount,
  publishedOn,
}: ArxivEntry): ListedPaper | string {
  const title = readText(titleText);
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const abstract = readText(abstractText);
  return {
    title,
    arxivId,
    abstract,
    authorsCount: authorsCount === 0 ? null : authorsCount,
    organization: null,
    publishedOn,
    comments: null,
    upvotes: null,
    links: findLinks(abstract ?? ''),
  };
}
