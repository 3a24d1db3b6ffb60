// A feed as Atom 1.0 (RFC 4287).

import { escapeMarkup } from '../../text/html.ts';
import type { Feed, FeedItem } from './feed.ts';
import { writeItemHtml } from './item-html.ts';

export function writeAtom({ title, description, pageUrl, urls, publisher, updatedAt, items }: Feed): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>${escapeMarkup(urls.atom)}</id>`,
    `<title>${escapeMarkup(title)}</title>`,
    `<subtitle>${escapeMarkup(description)}</subtitle>`,
    `<updated>${updatedAt.toISOString()}</updated>`,
    `<author><name>${escapeMarkup(publisher)}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${escapeMarkup(urls.atom)}"/>`,
    `<link rel="alternate" type="text/html" href="${escapeMarkup(pageUrl)}"/>`,
    ...items.map(writeEntry),
    '</feed>',
  ];
  return `${lines.join('\n')}\n`;
}

function writeEntry(item: FeedItem): string {
  const { url, title, authors, topics, publishedAt, updatedAt } = item;
  const lines = [
    '<entry>',
    `<id>${escapeMarkup(url)}</id>`,
    `<title>${escapeMarkup(title)}</title>`,
    `<link rel="alternate" type="text/html" href="${escapeMarkup(url)}"/>`,
    `<published>${publishedAt.toISOString()}</published>`,
    `<updated>${updatedAt.toISOString()}</updated>`,
    ...authors.map((name) => `<author><name>${escapeMarkup(name)}</name></author>`),
    ...topics.map((topic) => `<category term="${escapeMarkup(topic)}"/>`),
    `<content type="html">${escapeMarkup(writeItemHtml(item))}</content>`,
    '</entry>',
  ];
  return lines.join('\n');
}
