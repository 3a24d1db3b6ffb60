// A paper in the words of a mail: mended, shortened, counted. HTML and text are made from the same view.

import type { Translate } from '../languages/catalogue.ts';
import type { Words } from '../languages/words.ts';
import type { Paper } from '../papers/paper.ts';
import { locatePaper } from '../papers/paper-ids.ts';
import { labelLinks, type PaperLink } from '../papers/paper-links.ts';
import { cleanText } from '../text/clean-text.ts';
import { excerptAbstract } from '../text/excerpt.ts';
import { mendText } from '../text/mend-text.ts';
import { shortenText } from '../text/shorten-text.ts';
import type { CardLook } from './form.ts';

export type PaperView = {
  title: string;
  /** What is new in the paper, or all of it within reason; null when there is none. */
  abstract: string | null;
  /** The same with more room, for the first paper of a digest. */
  leadAbstract: string | null;
  /** Who, when, how it was received: what is known of it. */
  facts: string[];
  links: PaperLink[];
};

const titleLength = { words: 40, columns: 220 };
const shortLength = { words: 48, columns: 370, enough: 0.35 };
const leadLength = { words: 75, columns: 560, enough: 0.35 };
const fullLength = { words: 350, columns: 1920 };
const organizationLength = { words: 12, columns: 80 };

/** Without `look` there is no abstract in the view: who shows none, or another part of it, need not wait for it. */
export function viewPaper(paper: Paper, spoken: Words, look?: CardLook): PaperView {
  const abstract = look === undefined ? '' : mendText(paper.abstract ?? '');
  const gist = look?.abstracts === 'short' ? viewGist(paper, spoken) : null;
  const translation = look?.abstracts === 'full' ? viewTranslation(paper, spoken) : null;
  const show = (room: typeof shortLength) => {
    if (gist !== null) return gist;
    if (translation !== null) return translation;
    if (abstract === '') return null;
    return look?.abstracts === 'full' ? shortenText(abstract, fullLength) : excerptAbstract(abstract, room);
  };
  return {
    title: shortenText(mendText(paper.title), titleLength) || spoken.t('paper.untitled'),
    abstract: show(shortLength),
    leadAbstract: show(leadLength),
    facts: listFacts(paper, spoken),
    links: listLinks(paper, spoken.t),
  };
}

const gistLength = { words: 75, columns: 480 };

/** In the reader's language where it was written, else as the source has it. Marked as a machine's; null where there is none. */
export function viewGist(
  { gist, summaries }: Paper,
  { t, language }: Pick<Words, 't' | 'language'>,
): string | null {
  const text = shortenText(mendText(summaries?.get(language)?.gist ?? gist ?? ''), gistLength);
  return text === '' ? null : t('paper.gist', { gist: text });
}

/** Of the abstract, marked as a machine's; null where there is none. */
export function viewTranslation(
  { summaries }: Paper,
  { t, language }: Pick<Words, 't' | 'language'>,
): string | null {
  const text = shortenText(mendText(summaries?.get(language)?.translation ?? ''), fullLength);
  return text === '' ? null : t('paper.translation', { text });
}

/** The paper's own page first, where it is known. */
function listLinks(paper: Paper, t: Translate): PaperLink[] {
  const place = locatePaper(paper);
  const named = labelLinks(paper.links, t);
  if (place === null) return named;
  const { label, url } = place;
  return [{ label, url }, ...named.filter((link) => link.url !== url)];
}

function listFacts(
  { organization, authors, authorsCount, publishedOn, upvotes, comments, isWithdrawn }: Paper,
  { t, days, comma }: Words,
): string[] {
  const name = shortenText(cleanText((organization ?? '').slice(0, 500)), organizationLength);
  const names = nameAuthors({ authors: authors ?? [], authorsCount }, comma);
  return [
    isWithdrawn === true ? t('paper.withdrawn') : null,
    names,
    name || (names === null ? countOf(authorsCount, 'paper.authors', t) : null),
    publishedOn === null ? null : days.short(publishedOn),
    countOf(upvotes, 'paper.upvotes', t),
    countOf(comments, 'paper.comments', t),
  ].filter((fact) => fact !== null);
}

const shownAuthors = 3;
const authorLength = { words: 8, columns: 40 };

/** `Ada Lovelace, Grace Hopper, Alan Turing + 4`; null where no source named them. */
function nameAuthors(
  { authors, authorsCount }: { authors: readonly string[]; authorsCount: number | null },
  comma: string,
): string | null {
  const names = authors
    .slice(0, shownAuthors)
    .map((author) => shortenText(cleanText(author.slice(0, 500)), authorLength))
    .filter((author) => author !== '');
  if (names.length === 0) return null;
  const others = Math.max(authors.length, authorsCount ?? 0) - names.length;
  return `${names.join(comma)}${others > 0 ? ` + ${others}` : ''}`;
}

type Counted = 'paper.authors' | 'paper.upvotes' | 'paper.comments';

function countOf(count: number | null, things: Counted, t: Translate): string | null {
  return count === null || count === 0 ? null : t(things, { count });
}
