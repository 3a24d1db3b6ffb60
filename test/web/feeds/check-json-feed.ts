// What JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) requires, as a schema that knows no other fields.
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });
const authors = z
  .array(z.strictObject({ name: z.string().min(1).optional(), url: url.optional(), avatar: url.optional() }))
  .refine((list) => list.every((author) => Object.keys(author).length > 0), 'an author without anything');

const item = z
  .strictObject({
    id: z.string().min(1),
    url: url.optional(),
    external_url: url.optional(),
    title: z.string().optional(),
    content_html: z.string().optional(),
    content_text: z.string().optional(),
    summary: z.string().optional(),
    image: url.optional(),
    banner_image: url.optional(),
    date_published: z.iso.datetime({ offset: true }).optional(),
    date_modified: z.iso.datetime({ offset: true }).optional(),
    authors: authors.optional(),
    tags: z.array(z.string()).optional(),
    language: z.string().optional(),
  })
  .refine(
    (one) => one.content_html !== undefined || one.content_text !== undefined,
    'an item without content',
  );

const feed = z
  .strictObject({
    version: z.literal('https://jsonfeed.org/version/1.1'),
    title: z.string().min(1),
    home_page_url: url.optional(),
    feed_url: url.optional(),
    description: z.string().optional(),
    user_comment: z.string().optional(),
    next_url: url.optional(),
    icon: url.optional(),
    favicon: url.optional(),
    authors: authors.optional(),
    language: z.string().optional(),
    expired: z.boolean().optional(),
    items: z.array(item),
  })
  .refine(({ items }) => new Set(items.map(({ id }) => id)).size === items.length, 'two items have one id');

export type JsonFeed = z.infer<typeof feed>;

/** Throws an error that names every field that is wrong. */
export function readJsonFeed(text: string): JsonFeed {
  return feed.parse(JSON.parse(text));
}
