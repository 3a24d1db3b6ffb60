// Any feed of papers: RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (https://web.resource.org/rss/1.0/spec),
// Atom (RFC 4287) or JSON Feed (https://www.jsonfeed.org/version/1.1/). Journals say more in Dublin Core and PRISM.
import type { XmlElement } from '@rgrove/parse-xml';
import { z } from 'zod';
import type { ListedPaper } from '../../papers/paper.ts';
import { type PaperIds, readArxivId, readDoi } from '../../papers/paper-ids.ts';
import { readText } from '../../text/clean-text.ts';
import { readUtcDay, utcDay } from '../../text/days.ts';
import { longestTitle, nameEntry, optional, readLink, readMarkup } from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';
import { listChildren, readXml, textOfChild } from '../xml.ts';

/** A paper and the day, in UTC, that its entry is of; null where the feed does not tell. */
export type FeedPaper = { day: string | null; paper: ListedPaper };
export type ParsedFeed =
  | { type: 'feed'; papers: FeedPaper[]; warnings: string[] }
  | { type: 'refused'; reason: string };

/** Texts as the feed has them, markup included. */
type Entry = {
  title: string | null;
  summary: string | null;
  authors: string[];
  published: string | null;
  /** What may hold an identity, the surest first. */
  names: string[];
  link: string | null;
};

/** Never throws. An entry that cannot be read costs only itself, and a warning. */
export function parseFeed(text: string): ParsedFeed {
  const entries = /^\s*\{/.test(text) ? readJsonEntries(text) : readXmlEntries(text);
  if (typeof entries === 'string') return { type: 'refused', reason: entries };
  const papers: FeedPaper[] = [];
  const warnings: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const result = toPaper(entry);
    if (typeof result === 'string')
      warnings.push(`${nameEntry(index, readText(entry.link))} is left out: ${result}`);
    else papers.push(result);
  }
  return { type: 'feed', papers, warnings };
}

function readXmlEntries(text: string): Entry[] | string {
  const document = readXml(text);
  if (document.type === 'refused') return document.reason;
  const { root } = document;
  const channel = listChildren(root, 'channel')[0];
  if (root.name === 'rss' && channel !== undefined) return listChildren(channel, 'item').map(readItem);
  if (root.name === 'rdf:RDF') return listChildren(root, 'item').map(readItem);
  if (root.name === 'feed') return listChildren(root, 'entry').map(readAtomEntry);
  return `the answer is no feed: its root is <${root.name.slice(0, 40)}>`;
}

function readItem(item: XmlElement): Entry {
  const of = (name: string) => textOfChild(item, name);
  const creators = listChildren(item, 'dc:creator').flatMap(({ text }) => splitNames(text));
  return {
    title: of('title') ?? of('dc:title'),
    summary: of('description') ?? of('dc:description') ?? of('content:encoded'),
    authors: creators.length > 0 ? creators : splitNames(of('author') ?? ''),
    published: of('pubDate') ?? of('dc:date') ?? of('prism:publicationDate'),
    names: [of('prism:doi'), of('dc:identifier'), of('guid'), of('link')].flatMap((name) => name ?? []),
    link: of('link') ?? of('guid'),
  };
}

function readAtomEntry(entry: XmlElement): Entry {
  const of = (name: string) => textOfChild(entry, name);
  const links = listChildren(entry, 'link').map(({ attributes }) => attributes);
  const link = links.find(({ rel }) => rel === undefined || rel === 'alternate')?.href ?? null;
  const authors = listChildren(entry, 'author').flatMap((author) => textOfChild(author, 'name') ?? []);
  return {
    title: of('title'),
    summary: of('summary') ?? of('content'),
    authors: authors.length > 0 ? authors : listChildren(entry, 'dc:creator').map(({ text }) => text),
    published: of('published') ?? of('updated'),
    names: [of('arxiv:doi'), of('prism:doi'), of('id'), link].flatMap((name) => name ?? []),
    link,
  };
}

const text = optional(z.string());
const person = optional(z.object({ name: text }));
const jsonFeed = z.object({
  items: z.array(
    z
      .object({
        id: text,
        url: text,
        external_url: text,
        title: text,
        summary: text,
        content_text: text,
        content_html: text,
        date_published: text,
        author: person,
        authors: optional(z.array(person)),
      })
      .catch({}),
  ),
});

function readJsonEntries(json: string): Entry[] | string {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return 'the answer is not JSON, or was cut off';
  }
  const parsed = jsonFeed.safeParse(document);
  if (!parsed.success) return 'the answer is JSON, and no feed';
  return parsed.data.items.map((item) => ({
    title: item.title ?? null,
    summary: item.summary ?? item.content_text ?? item.content_html ?? null,
    authors: (item.authors ?? [item.author]).flatMap((author) => author?.name ?? []),
    published: item.date_published ?? null,
    names: [item.id, item.url, item.external_url].flatMap((name) => name ?? []),
    link: item.url ?? item.external_url ?? null,
  }));
}

function toPaper(entry: Entry): FeedPaper | string {
  const title = readMarkup(entry.title);
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const abstract = readMarkup(entry.summary);
  const authors = entry.authors.flatMap((name) => readMarkup(name) ?? []);
  const day = readDay(entry.published);
  return {
    day,
    paper: {
      title,
      ids: readIds(entry),
      abstract,
      authorsCount: authors.length === 0 ? null : authors.length,
      ...(authors.length === 0 ? {} : { authors }),
      organization: null,
      publishedOn: day,
      comments: null,
      upvotes: null,
      links: findLinks(abstract ?? ''),
    },
  };
}

function readIds({ names, link }: Entry): PaperIds {
  const arxiv = names.flatMap((name) => readArxivId(name) ?? [])[0];
  const doi = names.flatMap((name) => readDoi(name.trim()) ?? [])[0];
  const page = readLink(link);
  return {
    ...(arxiv === undefined ? {} : { arxiv }),
    ...(doi === undefined ? {} : { doi }),
    ...(page === null ? {} : { page }),
  };
}

/** ISO 8601 or RFC 822, which older feeds write. */
function readDay(published: string | null): string | null {
  const given = published?.trim() ?? '';
  const time = Date.parse(given);
  return readUtcDay(given) ?? (/\d{4}/.test(given) && !Number.isNaN(time) ? utcDay(new Date(time)) : null);
}

function splitNames(names: string): string[] {
  return names
    .slice(0, 100_000)
    .split(/;|,|\sand\s/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
