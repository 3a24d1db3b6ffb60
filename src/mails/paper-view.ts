// A paper in the words of a mail: mended, shortened, counted. HTML and text are made from the same view.
import type { Paper } from '../papers/paper.ts';
import { cleanText } from './clean-text.ts';
import { formatShortDay } from './dates.ts';
import { mendText } from './mend-text.ts';
import { labelLinks, type PaperLink } from './paper-links.ts';
import { shortenText } from './shorten-text.ts';

export type PaperView = {
  title: string;
  /** The beginning, or null when there is none. */
  abstract: string | null;
  /** Who, when, how it was received: what is known of it. */
  facts: string[];
  links: PaperLink[];
};

const titleLength = { words: 40, columns: 220 };
const abstractLength = { words: 60, columns: 460 };
const organizationLength = { words: 12, columns: 80 };

export function viewPaper(paper: Paper): PaperView {
  const abstract = mendText(paper.abstract ?? '');
  return {
    title: shortenText(mendText(paper.title), titleLength) || 'Untitled paper',
    abstract: abstract === '' ? null : shortenText(abstract, abstractLength),
    facts: listFacts(paper),
    links: labelLinks(paper.links),
  };
}

function listFacts({ organization, authorsCount, publishedOn, upvotes, comments }: Paper): string[] {
  const name = shortenText(cleanText((organization ?? '').slice(0, 500)), organizationLength);
  return [
    name || countOf(authorsCount, 'author'),
    publishedOn === null ? null : formatShortDay(publishedOn),
    countOf(upvotes, 'upvote'),
    countOf(comments, 'comment'),
  ].filter((fact) => fact !== null);
}

function countOf(count: number | null, thing: string): string | null {
  if (count === null || count === 0) return null;
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
