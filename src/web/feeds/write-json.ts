// A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
import { dropInvisible } from '../../text/clean-text.ts';
import type { Feed, FeedItem } from './feed.ts';
import { writeItemHtml } from './item-html.ts';

export function writeJsonFeed({ title, description, pageUrl, urls, publisher, items }: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: dropInvisible(title),
    home_page_url: pageUrl,
    feed_url: urls.json,
    description: dropInvisible(description),
    authors: [{ name: publisher }],
    items: items.map(toJsonItem),
  });
}

function toJsonItem(item: FeedItem) {
  const { url, title, authors, topics, publishedAt, updatedAt } = item;
  return {
    id: url,
    url,
    title: dropInvisible(title),
    content_html: writeItemHtml(item),
    date_published: publishedAt.toISOString(),
    date_modified: updatedAt.toISOString(),
    ...(authors.length === 0 ? {} : { authors: authors.map((name) => ({ name: dropInvisible(name) })) }),
    ...(topics.length === 0 ? {} : { tags: topics }),
  };
}
