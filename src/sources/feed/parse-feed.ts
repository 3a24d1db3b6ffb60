// Any feed of papers: RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (https://web.resource.org/rss/1.0/spec),
// Atom (RFC 4287) or JSON Feed (https://www.jsonfeed.org/version/1.1/). Journals say more in Dublin Core and PRISM.
import type { XmlElement } from '@rgrove/parse-xml';
import { z } from 'zod';
import type { ListedPaper } from '../../papers/paper.ts';
import { type PaperIds, readArxivId, readDoi } from '../../papers/paper-ids.ts';
import { readText } from '../../text/clean-text.ts';
import {
  longestTitle,
  nameEntry,
  optional,
  readLink,
  readMarkup,
  readTypedName,
  readTypedText,
  turnName,
} from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';
import { listChildren, readXml, textOfChild } from '../xml.ts';
import { readFeedDay } from './feed-day.ts';
import { readAbstract } from './read-abstract.ts';

/** A paper and the day, in UTC, that its entry is of; null where the feed does not tell. */
export type FeedPaper = { day: string | null; paper: ListedPaper };
export type ParsedFeed =
  | { type: 'feed'; papers: FeedPaper[]; warnings: string[] }
  | { type: 'refused'; reason: string };

/** Texts as the feed has them, markup included. */
type Entry = {
  title: string | null;
  /** What may be its abstract, the likeliest first. */
  summaries: (string | null)[];
  authors: string[];
  /** The surest first. */
  published: (string | null)[];
  /** What may hold an identity, the surest first. */
  names: string[];
  link: string | null;
  /** What a relative link begins at. */
  base: string | null;
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
  const document = readXml(dropPrefixes(text));
  if (document.type === 'refused') return document.reason;
  const { root } = document;
  const channel = listChildren(root, 'channel')[0];
  const base = root.attributes['xml:base'] ?? (channel === undefined ? null : textOfChild(channel, 'link'));
  const read = (item: XmlElement) => readItem(item, base);
  if (root.name === 'rss' && channel !== undefined) return listChildren(channel, 'item').map(read);
  if (root.name === 'rdf:RDF') return listChildren(root, 'item').map(read);
  if (root.name === 'feed')
    return listChildren(root, 'entry').map((entry) => readAtomEntry(entry, base ?? findLink(root)));
  return `the answer is no feed: its root is <${root.name.slice(0, 40)}>`;
}

/** `<atom:feed>` and `<rss:item>` are written without their prefix by nearly everybody. */
function dropPrefixes(xml: string): string {
  const [, prefix] = /<(\w{1,20}):(?:feed|item)[\s>]/.exec(xml) ?? [];
  return prefix === undefined || /<(?:feed|item)[\s>]/.test(xml)
    ? xml
    : xml.replaceAll(`<${prefix}:`, '<').replaceAll(`</${prefix}:`, '</');
}

function readItem(item: XmlElement, base: string | null): Entry {
  const of = (name: string) => textOfChild(item, name);
  const all = (name: string) => listChildren(item, name).map(({ text }) => text);
  const creators = ['dc:creator', 'author', 'authors'].map(all).find(([first = '']) => first !== '') ?? [];
  const [guid] = listChildren(item, 'guid');
  const isPlace = guid?.attributes.isPermaLink !== 'false' || readLink(guid.text) !== null;
  return {
    title: chooseTitle(of('title'), of('dc:title')),
    summaries: [of('description'), of('dc:description'), of('content:encoded'), findMediaText(item)],
    authors: creators.length > 1 ? creators : splitNames(creators[0] ?? ''),
    published: [
      of('pubDate'),
      of('pubdate'),
      of('dc:date'),
      of('prism:publicationDate'),
      of('prism:coverDate'),
    ],
    names: [...all('prism:doi'), ...all('dc:identifier'), ...all('guid'), ...all('link')],
    link: of('link') || (isPlace ? (guid?.text ?? null) : null),
    base,
  };
}

/** MDPI's have the journal and the page in front: `Sensors, Vol. 26, Pages 690: Radar for Bees`. */
function chooseTitle(title: string | null, inDublinCore: string | null): string | null {
  const bare = readMarkup(inDublinCore);
  const isLonger = bare !== null && readMarkup(title)?.endsWith(`: ${bare}`) === true;
  return title === null || isLonger ? inDublinCore : title;
}

/** https://www.rssboard.org/media-rss, as channels of videos have it. */
function findMediaText(element: XmlElement): string | null {
  const groups = [element, ...listChildren(element, 'media:group')];
  return groups.flatMap((group) => textOfChild(group, 'media:description') ?? [])[0] ?? null;
}

function findLink(element: XmlElement): string | null {
  const links = listChildren(element, 'link').map(({ attributes }) => attributes);
  return links.find(({ rel }) => rel === undefined || rel === 'alternate')?.href ?? null;
}

function readAtomEntry(entry: XmlElement, base: string | null): Entry {
  const of = (name: string) => textOfChild(entry, name);
  const link = findLink(entry);
  const authors = listChildren(entry, 'author').flatMap((author) => textOfChild(author, 'name') ?? []);
  return {
    title: of('title'),
    summaries: [of('summary'), of('content'), findMediaText(entry)],
    authors: authors.length > 0 ? authors : listChildren(entry, 'dc:creator').map(({ text }) => text),
    published: [of('published'), of('updated')],
    names: [of('arxiv:doi'), of('prism:doi'), of('id'), link].flatMap((name) => name ?? []),
    link: link ?? of('id'),
    base: entry.attributes['xml:base'] ?? base,
  };
}

const text = optional(z.string());
const person = optional(z.object({ name: text }));
const jsonFeed = z.object({
  home_page_url: text,
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
        date_modified: text,
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
    summaries: [item.summary, item.content_text, item.content_html].map((given) => given ?? null),
    authors: (item.authors ?? [item.author]).flatMap((author) => author?.name ?? []),
    published: [item.date_published ?? null, item.date_modified ?? null],
    names: [item.id, item.url, item.external_url].flatMap((name) => name ?? []),
    link: item.url ?? item.external_url ?? null,
    base: parsed.data.home_page_url ?? null,
  }));
}

function toPaper(entry: Entry): FeedPaper | string {
  const ids = readIds(entry);
  // Of arXiv's papers, whoever lists them, the texts are as their authors typed them.
  const [readTyped, readTypedAuthor] =
    ids.arxiv === undefined ? [readText, readText] : [readTypedText, readTypedName];
  const title = readTyped(readMarkup(entry.title));
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const told = readAbstract(entry.summaries, title);
  const abstract = readTyped(told.abstract);
  const inText = splitNames(told.authors ?? '');
  const names = inText.length > entry.authors.length ? inText : entry.authors;
  const authors = names.flatMap((name) => readTypedAuthor(readAuthor(name)) ?? []);
  const [day = null] = entry.published.flatMap((published) => readFeedDay(published) ?? []);
  return {
    day,
    paper: {
      title,
      ids,
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

function readIds({ names: given, link, base }: Entry): PaperIds {
  const names = given.map((name) => readTarget(name) ?? name);
  const arxiv = names.flatMap((name) => readArxivId(name) ?? [])[0];
  const doi = names.flatMap((name) => readDoi(name.trim()) ?? [])[0];
  const page = readLink(readTarget(link)) ?? readLink(resolveLink(link, base));
  return {
    ...(arxiv === undefined ? {} : { arxiv }),
    ...(doi === undefined ? {} : { doi }),
    ...(page === null ? {} : { page }),
  };
}

/** Google's alerts lead to what they found by way of Google. */
function readTarget(link: string | null): string | null {
  if (link === null || !/^\s*https?:\/\/www\.google\.[a-z.]{2,6}\/url\?/i.test(link)) return link;
  const { searchParams } = new URL(link.trim());
  return readLink(searchParams.get('url') ?? searchParams.get('q')) ?? link;
}

function resolveLink(link: string | null, base: string | null): string | null {
  const isPath = link !== null && base !== null && !/^\s*[a-z][a-z\d+.-]*:|^\s*\d|\s/i.test(link.trim());
  return isPath && URL.canParse(link.trim(), base.trim()) ? new URL(link.trim(), base.trim()).href : null;
}

/** `ada@example.org (Ada Lovelace)`, `Lovelace, Ada`. Null for an address alone. */
function readAuthor(text: string): string | null {
  const name = readMarkup(text);
  const [, inBrackets] = /^\S{1,320}@\S{1,320} \(([^()]+)\)$/.exec(name ?? '') ?? [];
  if (inBrackets !== undefined) return inBrackets;
  return name === null || /^[^\s@]+@\S+$/.test(name) ? null : turnName(name);
}

/** Several in one text: `Lovelace, Ada; Turing, Alan`, `Lovelace, A., Turing, A. M.`, `Ada Lovelace, Alan Turing and Grace Hopper`. */
function splitNames(names: string): string[] {
  const text = names.slice(0, 100_000).replace(/\s&(?:amp;)?\s/g, ' and ');
  const split = (by: RegExp) =>
    text
      .split(by)
      .map((name) => name.trim())
      .filter((name) => name !== '');
  if (text.includes(';') && !/&#?\w+;/.test(text)) return split(/;/);
  const parts = split(/,|\sand\s/);
  const isTurned =
    parts.length % 2 === 0 &&
    parts.every(
      (part, at) =>
        at % 2 === 0 || /^(?:\p{Lu}[.-]?\s?){1,4}$/u.test(part) || (parts.length === 2 && !/\s/.test(part)),
    );
  if (!isTurned || !text.includes(',')) return parts;
  return parts.flatMap((part, at) => (at % 2 === 0 ? `${part}, ${parts[at + 1]}` : []));
}
