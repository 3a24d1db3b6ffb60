// From papers to the items of a feed: texts mended, times and topics added.

import type { Words } from '../../languages/words.ts';
import { findChangeTimes } from '../../matching/browse-store.ts';
import type { Paper } from '../../papers/paper.ts';
import type { FeedSubject, Links } from '../../platform/links.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { cleanText } from '../../text/clean-text.ts';
import { mendText } from '../../text/mend-text.ts';
import { shortenText } from '../../text/shorten-text.ts';
import type { Topics } from '../../topics/store.ts';
import { linkFeed } from '../public/feed-links.ts';
import { findTopicLinks } from '../public/listed-paper.ts';
import { listPaperLinks } from '../public/paper-view.ts';
import type { Feed, FeedItem } from './feed.ts';
import type { FeedContent } from './find-feed.ts';

const abstractLength = { words: 400, columns: 3000 };

/** `links` are whole addresses. What was withdrawn is no news. A feed without papers was last changed at the epoch. */
export async function buildFeed(
  {
    db,
    links,
    words,
    siteName,
    topics,
  }: { db: Db; links: Links; words: Words; siteName: string; topics: Topics },
  { title, description, pageUrl, papers: all }: FeedContent,
  subject: FeedSubject,
): Promise<Feed> {
  const papers = all.filter(({ isWithdrawn }) => isWithdrawn !== true);
  const changedAt = await findChangeTimes(
    db,
    papers.map(({ seq }) => seq),
  );
  const topicLinks = await findTopicLinks({ db, links, topics }, papers);
  const items = papers.map((paper): FeedItem => {
    const listedAt = new Date(`${paper.firstListedOn}T00:00:00Z`);
    const updatedAt = changedAt.get(paper.seq) ?? listedAt;
    return {
      url: links.paper(paper.seq),
      title: mendText(paper.title) || words.t('paper.untitled'),
      authors: listAuthors(paper),
      abstract: shortenText(mendText(paper.abstract ?? ''), abstractLength),
      links: listPaperLinks(paper, words),
      topics: (topicLinks.get(paper.seq) ?? []).map(({ name }) => name),
      // A listing's day may begin later than here.
      publishedAt: new Date(Math.min(listedAt.getTime(), updatedAt.getTime())),
      updatedAt,
    };
  });
  return {
    title: `${siteName} · ${title}`,
    description,
    pageUrl,
    urls: linkFeed(links, subject, { title, words }),
    publisher: siteName,
    updatedAt: new Date(Math.max(0, ...items.map(({ updatedAt }) => updatedAt.getTime()))),
    items,
  };
}

const mostAuthors = 50;

/** The organisation, where no source named them. */
function listAuthors({ authors = [], organization }: Paper): string[] {
  const names = authors.length > 0 ? authors.slice(0, mostAuthors) : [organization ?? ''];
  return names.map((name) => cleanText(name.slice(0, 500))).filter((name) => name !== '');
}
