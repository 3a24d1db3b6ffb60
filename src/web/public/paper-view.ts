// A paper as a page shows it: texts mended and cut to a length, facts in words, http(s) links only.
import type { Reason } from '../../digests/digest.ts';
import { viewPaper as viewPaperInMail } from '../../digests/paper-view.ts';
import { listWords, type ReasonView, separate, viewReasons } from '../../digests/reason-view.ts';
import type { Words } from '../../languages/words.ts';
import { parseQuery } from '../../matching/query/query.ts';
import type { Paper } from '../../papers/paper.ts';
import { locatePaper, type PaperPlace } from '../../papers/paper-ids.ts';
import type { Links } from '../../platform/links.ts';
import { cleanText } from '../../text/clean-text.ts';
import { type Span, splitAtWords } from '../../text/find-words.ts';
import { mendText } from '../../text/mend-text.ts';
import { shortenText } from '../../text/shorten-text.ts';
import { cutToWidth } from '../../text/text-width.ts';

export type PaperView = {
  href: string;
  title: string;
  /** The title, cut where the words stand that matched. */
  marked: Span[];
  /** Who, when, how liked: each a few words. */
  facts: string[];
  /** The abstract's beginning; empty when there is none. */
  excerpt: string;
  markedExcerpt: Span[];
  /** The abstract, when the excerpt is not all of it. */
  abstract: string | null;
  reasons: (ReasonView & { separator: string })[];
};

const room = {
  excerpt: { words: 40, columns: 240 },
  abstract: { words: 350, columns: 1920 },
  author: { words: 20, columns: 120 },
  search: { words: 30, columns: 200 },
};

export function viewPaper(
  paper: Paper,
  { links, words, reasons = [] }: { links: Links; words: Words; reasons?: Reason[] },
): PaperView {
  const { title, facts } = viewPaperInMail(paper, words);
  const abstract = shortenText(mendText(paper.abstract ?? ''), room.abstract);
  const excerpt = shortenText(abstract, room.excerpt);
  return {
    href: links.paper(paper.seq),
    title,
    marked: splitAtWords(title, listWords(reasons)),
    facts,
    excerpt,
    markedExcerpt: splitAtWords(excerpt, listWords(reasons)),
    abstract: excerpt === abstract ? null : abstract,
    reasons: viewReasons(reasons, { paper, spoken: words }).map((reason) => ({
      ...reason,
      separator: separate(reason.places, words),
    })),
  };
}

export type PaperLink = { href: string; label: string };

export type AuthorLink = { name: string; href: string | null };

/** Each with a search for their papers, where one can be made of the name. */
export function listAuthorLinks({ authors = [] }: Paper, links: Links): AuthorLink[] {
  return authors.slice(0, mostAuthors).flatMap((author) => {
    const name = shortenText(cleanText(author.slice(0, 500)), room.author);
    if (name === '') return [];
    const parsed = parseQuery(`au:"${author.slice(0, 500).replaceAll('"', '')}"`);
    return [{ name, href: parsed.type === 'query' ? links.search(parsed.query.text) : null }];
  });
}

/** As many as the largest collaborations have. */
const mostAuthors = 3000;

/** The links in the abstract, then where to find the paper itself. */
export function listPaperLinks(paper: Paper, words: Words): PaperLink[] {
  const { title, links } = paper;
  const named = links.flatMap((href) => {
    const url = URL.canParse(href) ? new URL(href) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) return [];
    return [{ href: url.href, label: cutToWidth(`${url.host}${url.pathname.replace(/\/$/, '')}`, 60) }];
  });
  const place = locatePaper(paper);
  const own = place === null ? [searchArxiv(title, words)] : linkPlace(place);
  return [...named.filter(({ href }) => href !== place?.url), ...own];
}

function linkPlace({ name, url, pdf, html }: PaperPlace): PaperLink[] {
  return [
    { href: url, label: name },
    ...(pdf === null ? [] : [{ href: pdf, label: 'PDF' }]),
    ...(html === null ? [] : [{ href: html, label: 'HTML' }]),
  ];
}

function searchArxiv(title: string, { t }: Words): PaperLink {
  const search = new URLSearchParams({
    query: shortenText(mendText(title), room.search),
    searchtype: 'title',
  });
  return { href: `https://arxiv.org/search/?${search}`, label: t('paper.searchArxiv') };
}
