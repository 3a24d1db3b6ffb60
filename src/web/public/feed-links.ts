// The two addresses of a feed, as a page's head and its foot name them.
import { fallbackLanguage } from '../../languages/languages.ts';
import type { Words } from '../../languages/words.ts';
import { addToQuery, type FeedFormat, type FeedSubject, type Links } from '../../platform/links.ts';

export type FeedLinks = { title: string; atom: string; json: string };

/**
 * `title` says what the feed is of, without the site's name. `links` name no language: a feed reader prefers none, so
 * that the address says which one the page was read in.
 */
export function linkFeed(
  links: Links,
  subject: FeedSubject,
  { title, words: { language } }: { title: string; words: Words },
): FeedLinks {
  const link = (format: FeedFormat) => {
    const url = links.feed(subject, format);
    return language === fallbackLanguage ? url : addToQuery(url, 'lang', language);
  };
  return { title, atom: link('atom'), json: link('json') };
}
