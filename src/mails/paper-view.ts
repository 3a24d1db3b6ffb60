// A paper in the words of a mail: mended, shortened, counted. HTML and text are made from the same view.
import type { Translate } from '../languages/catalogue.ts';
import type { Words } from '../languages/words.ts';
import type { Paper } from '../papers/paper.ts';
import { cleanText } from './clean-text.ts';
import { mendText } from './mend-text.ts';
import { labelLinks, type PaperLink } from './paper-links.ts';
import { shortenText } from './shorten-text.ts';

export type PaperView = {
  title: string;
  /** The beginning, or all of it within reason; null when there is none. */
  abstract: string | null;
  /** Who, when, how it was received: what is known of it. */
  facts: string[];
  links: PaperLink[];
};

const titleLength = { words: 40, columns: 220 };
const abstractLength = { short: { words: 60, columns: 460 }, full: { words: 350, columns: 1920 } };
const organizationLength = { words: 12, columns: 80 };

export function viewPaper(paper: Paper, spoken: Words, abstracts: 'short' | 'full' = 'short'): PaperView {
  const abstract = mendText(paper.abstract ?? '');
  return {
    title: shortenText(mendText(paper.title), titleLength) || spoken.t('paper.untitled'),
    abstract: abstract === '' ? null : shortenText(abstract, abstractLength[abstracts]),
    facts: listFacts(paper, spoken),
    links: labelLinks(paper.links, spoken.t),
  };
}

function listFacts(
  { organization, authorsCount, publishedOn, upvotes, comments }: Paper,
  { t, days }: Words,
): string[] {
  const name = shortenText(cleanText((organization ?? '').slice(0, 500)), organizationLength);
  return [
    name || countOf(authorsCount, 'paper.authors', t),
    publishedOn === null ? null : days.short(publishedOn),
    countOf(upvotes, 'paper.upvotes', t),
    countOf(comments, 'paper.comments', t),
  ].filter((fact) => fact !== null);
}

type Counted = 'paper.authors' | 'paper.upvotes' | 'paper.comments';

function countOf(count: number | null, things: Counted, t: Translate): string | null {
  return count === null || count === 0 ? null : t(things, { count });
}
