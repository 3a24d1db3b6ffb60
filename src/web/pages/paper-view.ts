// A paper as a page shows it: texts mended and cut to a length, facts in words, http(s) links only.
import type { Reason } from '../../digests/digest.ts';
import type { Links } from '../../links.ts';
import { mendText } from '../../mails/mend-text.ts';
import { shortenText } from '../../mails/shorten-text.ts';
import { cutToWidth } from '../../mails/text-width.ts';
import type { Paper } from '../../papers/paper.ts';
import { formatShortDay } from '../days.ts';

export type PaperView = {
  href: string;
  title: string;
  /** Who, when, how liked: each a few words. */
  facts: string[];
  /** The abstract's beginning; empty when there is none. */
  excerpt: string;
  /** The abstract, when the excerpt is not all of it. */
  abstract: string | null;
  reasons: { label: string; words: string }[];
};

const room = {
  title: { words: 60, columns: 300 },
  excerpt: { words: 40, columns: 240 },
  abstract: { words: 350, columns: 1920 },
  search: { words: 30, columns: 200 },
};

export function viewPaper(
  paper: Paper,
  { links, reasons = [] }: { links: Links; reasons?: Reason[] },
): PaperView {
  const abstract = shortenText(mendText(paper.abstract ?? ''), room.abstract);
  const excerpt = shortenText(abstract, room.excerpt);
  return {
    href: links.paper(paper.seq),
    title: shortenText(mendText(paper.title), room.title),
    facts: listFacts(paper),
    excerpt,
    abstract: excerpt === abstract ? null : abstract,
    reasons: reasons.map(viewReason),
  };
}

/** Organisation or number of authors, day, upvotes; what is not known is left out. */
export function listFacts({ organization, authorsCount, publishedOn, upvotes }: Paper): string[] {
  const authors = authorsCount === null ? null : count(authorsCount, 'author');
  const who = organization === null ? authors : mendText(organization);
  const when = publishedOn === null ? null : formatShortDay(publishedOn);
  const liked = upvotes === null || upvotes === 0 ? null : count(upvotes, 'upvote');
  return [who, when, liked].filter((fact) => fact !== null);
}

export type PaperLink = { href: string; label: string };

/** The links in the abstract, then where to find the paper itself. */
export function listPaperLinks({ key, title, links }: Paper): PaperLink[] {
  const named = links.flatMap((href) => {
    const url = URL.canParse(href) ? new URL(href) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) return [];
    return [{ href: url.href, label: cutToWidth(`${url.host}${url.pathname.replace(/\/$/, '')}`, 60) }];
  });
  const [, arxivId] = /^arxiv:([\w./-]+)$/.exec(key) ?? [];
  const search = new URLSearchParams({
    query: shortenText(mendText(title), room.search),
    searchtype: 'title',
  });
  const itself = arxivId
    ? { href: `https://arxiv.org/abs/${arxivId}`, label: `arXiv ${arxivId}` }
    : { href: `https://arxiv.org/search/?${search}`, label: 'Search arXiv for the title' };
  return [...named, itself];
}

function viewReason(reason: Reason): { label: string; words: string } {
  return {
    label: reason.type === 'topic' ? reason.name : reason.query,
    words: reason.because.slice(0, 4).map(mendText).join(', '),
  };
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
