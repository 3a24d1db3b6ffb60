// The two addresses of a feed, as a page's head and its foot name them.
import type { FeedSubject, Links } from '../../links.ts';

export type FeedLinks = { title: string; atom: string; json: string };

/** `title` says what the feed is of, without the site's name. */
export function linkFeed(links: Links, subject: FeedSubject, title: string): FeedLinks {
  return { title, atom: links.feed(subject, 'atom'), json: links.feed(subject, 'json') };
}
