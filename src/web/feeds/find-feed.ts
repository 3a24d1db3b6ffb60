// What a feed holds: all papers, those of a topic or a query, or those that one reader's interests match.
import { listWantedPapers } from '../../digests/reader-papers.ts';
import type { Message } from '../../languages/catalogue.ts';
import type { Words } from '../../languages/words.ts';
import { listPapersOfTopic } from '../../matching/browse-store.ts';
import { parseQuery } from '../../matching/query/query.ts';
import { searchPapers } from '../../matching/search.ts';
import { listNewestPapers } from '../../papers/browse-store.ts';
import type { Paper } from '../../papers/paper.ts';
import type { FeedSubject, Links } from '../../platform/links.ts';
import { findFeedReader } from '../../subscribers/account/own-feed.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../http/deps.ts';

export type FeedContent = { title: string; description: string; pageUrl: string; papers: Paper[] };

export type FoundFeed =
  | ({ type: 'found' } & FeedContent)
  | { type: 'not-there' }
  /** Of a former topic: the one in whose feed its papers are now. */
  | { type: 'moved'; topic: string }
  | { type: 'not-understood'; words: Message }
  /** The reader left. */
  | { type: 'ended'; subscriber: Subscriber }
  | { type: 'expired' | 'invalid' | 'gone' };

type Deps = Pick<PageDeps, 'db' | 'matches' | 'tokens' | 'now' | 'readTopics'> & {
  links: Links;
  words: Words;
};

const mostPapers = { all: 100, other: 50 };

/** `links` are whole addresses. */
export async function findFeed(deps: Deps, subject: FeedSubject): Promise<FoundFeed> {
  const { db, links, words } = deps;
  switch (subject.type) {
    case 'all':
      return {
        type: 'found',
        title: words.t('feeds.all'),
        description: words.t('feeds.allText'),
        pageUrl: links.latestPapers(),
        papers: await listNewestPapers(db, mostPapers.all),
      };
    case 'topic':
      return findTopicFeed(deps, subject.id);
    case 'search':
      return findSearchFeed(deps, subject.query);
    case 'reader':
      return findReaderFeed(deps, subject.token);
  }
}

async function findTopicFeed({ db, links, words, readTopics }: Deps, id: string): Promise<FoundFeed> {
  const { offered, successors } = await readTopics(words.language);
  const topic = offered.find((one) => one.id === id);
  const successor = successors.get(id);
  if (topic === undefined && successor !== undefined) return { type: 'moved', topic: successor };
  if (topic === undefined) return { type: 'not-there' };
  return {
    type: 'found',
    title: topic.name,
    description: topic.description,
    pageUrl: links.topic(id),
    papers: await listPapersOfTopic(db, { topicId: id, after: null, limit: mostPapers.other }),
  };
}

async function findSearchFeed({ db, links, words }: Deps, text: string): Promise<FoundFeed> {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') return { type: 'not-understood', words: parsed.words };
  const { query } = parsed;
  const { found } = await searchPapers(db, { query, after: null, limit: mostPapers.other });
  return {
    type: 'found',
    title: query.text,
    description: words.t('feeds.searchText', { query: query.text }),
    pageUrl: links.search(query.text),
    papers: found.map(({ paper }) => paper),
  };
}

async function findReaderFeed(deps: Deps, token: string): Promise<FoundFeed> {
  const found = await findFeedReader(deps, token);
  if (found.type !== 'found') return found;
  const { subscriber } = found;
  if (subscriber.status === 'unsubscribed') return { type: 'ended', subscriber };
  return {
    type: 'found',
    title: deps.words.t('feeds.mine'),
    description: deps.words.t('feeds.mineText'),
    pageUrl: deps.links.home(),
    papers: await listWantedPapers(deps, subscriber, mostPapers.other),
  };
}
