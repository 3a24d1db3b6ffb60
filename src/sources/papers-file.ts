// Papers out of a file, whichever source's form it has: a page's text, arXiv's announcement as a mail, a feed, or an answer of
// one of the APIs.
import { type ListedPaper, mostListedPapers } from '../papers/paper.ts';
import { idKeys, titleKey } from '../papers/paper-ids.ts';
import { addDays, isDay } from '../text/days.ts';
import { parseApiPage } from './arxiv/api-page.ts';
import { parseArxivFeed } from './arxiv/feed.ts';
import { parseArxivMail } from './arxiv/mail.ts';
import { parseDetails } from './biorxiv/details.ts';
import { parseFeed } from './feed/parse-feed.ts';
import { readDailyPapers } from './hf/daily-papers.ts';
import { describeRevised } from './listed-entry.ts';
import { findDayInFileName } from './listing/calendar.ts';
import { decodeListing } from './listing/decode-listing.ts';
import type { ListingOptions, ListingWarning, ParsedListing } from './listing/listing.ts';
import { parseListing } from './listing-text.ts';
import { readBarePaper } from './lists/bare-paper.ts';
import { parsePaperList } from './lists/paper-list.ts';
import { parseNotes } from './openreview/notes.ts';

/** What such a file has; `day` as it tells it. */
type Papers = {
  day: string | null;
  papers: ListedPaper[];
  withdrawn?: string[];
  warnings: (string | ListingWarning)[];
};
type Refused = { type: 'refused'; reason: string };
type Read = Papers | Refused;

/** Never throws. What is in doubt becomes a warning; so do cards that are stored as one paper. */
export function parsePapersFile(bytes: Uint8Array, options: ListingOptions): ParsedListing {
  const decoded = decodeListing(bytes);
  if (decoded.type === 'refused') return decoded;
  const read = readForm(decoded.text.trimStart());
  const listing = read === null ? readText(decoded.text, { bytes, options }) : toListing(read, options);
  if (listing.type === 'refused') return listing;
  return { ...listing, warnings: [...listing.warnings, ...warnOfNamesakes(listing.papers)] };
}

/** `3 authors` on a line, a dot alone, or who submitted: what no list has. */
const cardDetails =
  /^[^\p{L}\p{N}\n]{0,12}(?:\[\d{1,5}\])?\d{1,4} (?:authors?|autor(?:en|es|i|zy|ów)?|auteurs?|автор(?:ов|а|и|ів)?|yazar)[^\p{L}\n]{0,9}$|^\s{0,9}[·∙⋅‧・]\s{0,9}$|^submitted by\b|\d ?[位名人명]? ?(?:の?著者|作者|저자)|(?:著者|저자) ?\d/imu;

/** A page of cards; a list, where the text is a table or no such page. */
function readText(
  text: string,
  { bytes, options }: { bytes: Uint8Array; options: ListingOptions },
): ParsedListing {
  const isPage = cardDetails.test(text);
  const list = parsePaperList(text, options, isPage ? 'tables' : 'all');
  if (list !== null) return list;
  const page = parseListing(bytes, options);
  return page.type === 'refused' && isPage ? (parsePaperList(text, options) ?? page) : page;
}

/** Null for a page's text, and for what is nothing that is known. */
function readForm(text: string): Read | null {
  if (
    /^(?:<\?[^>]*>|<!--(?:(?!-->)[\s\S]){0,2000}-->|\s){0,20}<(?:(?:\w{1,20}:)?(?:rss|feed)|rdf:RDF)\b/.test(
      text.replace(/<!DOCTYPE[^<>[\]]{0,1000}>/i, ''),
    )
  )
    return readXmlFile(text);
  const document = /^[[{]/.test(text) ? readJson(text) : undefined;
  if (document !== undefined && document !== null) return readDocument(document, text);
  if (/^(?:\{\s*"|\[\s*\{\s*")/.test(text)) return refuse(describeDamage(text));
  return parseArxivMail(text);
}

function toListing(read: Read, { date, fileName = '', today, wanted }: ListingOptions): ParsedListing {
  if ('reason' in read) return read;
  const { day, papers, withdrawn } = read;
  if (papers.length > mostListedPapers)
    return refuse(
      `It has ${papers.length} papers, and a listing is one day's: ${mostListedPapers} at the most.`,
    );
  const warnings = read.warnings.map((warning) =>
    typeof warning === 'string' ? { line: null, message: warning } : warning,
  );
  const chosen = date ?? findDayInFileName(fileName) ?? day;
  if (wanted === 'papers') return { type: 'listing', date: chosen ?? today, papers, warnings };
  if (chosen === null)
    warnings.push({
      line: null,
      message: `it does not say its day: today, ${today}, was taken; give the day with --date`,
    });
  else if (date === undefined && day !== null && day !== chosen)
    warnings.push({ line: null, message: `its papers are of ${day}: ${chosen} was taken as its day` });
  return {
    type: 'listing',
    date: chosen ?? today,
    papers,
    ...(withdrawn === undefined || withdrawn.length === 0 ? {} : { withdrawn }),
    warnings,
  };
}

/** Cards of one title are one paper, unless two ids tell them apart. */
function warnOfNamesakes(papers: readonly ListedPaper[]): ListingWarning[] {
  const byTitle = new Map<string, ListedPaper[]>();
  for (const paper of papers) {
    const key = titleKey(paper.title);
    const cards = byTitle.get(key);
    if (cards === undefined) byTitle.set(key, [paper]);
    else cards.push(paper);
  }
  return [...byTitle.values()].flatMap((cards) => {
    const ids = new Set(cards.flatMap(({ ids: known }) => idKeys(known ?? {})[0] ?? []));
    const one = cards.length - Math.max(ids.size, 1) + 1;
    if (one < 2) return [];
    return { line: null, message: `${one} cards are one paper: ${cards[0]?.title.slice(0, 120)}` };
  });
}

const allTimes = { from: new Date(-8.64e15), to: new Date(8.64e15) };

function readXmlFile(xml: string): Read {
  if (/<opensearch:totalResults/.test(xml)) {
    const page = parseApiPage(xml, allTimes);
    return page.type === 'page' ? { day: null, ...page } : refuse(page.reason);
  }
  return /<arxiv:announce_type|Announce Type:/.test(xml) ? readArxivFeed(xml) : readAnyFeed(xml);
}

function readArxivFeed(xml: string): Read {
  const feed = parseArxivFeed(xml);
  return feed.type === 'feed' ? feed : refuse(feed.reason);
}

function readAnyFeed(text: string): Read {
  const feed = parseFeed(text);
  if (feed.type === 'refused') return feed;
  return { day: null, papers: feed.papers.map(({ paper }) => paper), warnings: feed.warnings };
}

/** Of an object its list of papers, under whichever of the known names. */
function readDocument(document: object, text: string): Read {
  if (Array.isArray(document)) return readEntries(document, null);
  const { collection, items, papers, date } = Object(document);
  if (Array.isArray(collection)) {
    const page = parseDetails(text, []);
    if (page.type === 'refused') return page;
    return { day: null, ...page, warnings: [...page.warnings, ...describeRevised(page.revised)] };
  }
  if (Array.isArray(items)) return readAnyFeed(text);
  if (Array.isArray(Object(document).notes)) {
    const page = parseNotes(text, { day: null, limit: Number.POSITIVE_INFINITY });
    return page.type === 'page' ? { day: null, ...page } : page;
  }
  const list = Array.isArray(papers) ? papers : findEntries(document);
  return readEntries(list ?? [document], list !== null && isDay(date) ? date : null);
}

/**
 * What is neither a paper nor an entry may have a list of them under any name: `data`, `results`, `daily_papers`, or two:
 * `message.items`, `hits.hits`.
 */
function findEntries(document: object): unknown[] | null {
  if ('title' in document || 'paper' in document) return null;
  const isList = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null);
  const values = Object.values(document);
  return (
    values.find(isList) ??
    values.flatMap((value) => (Array.isArray(value) ? [] : Object.values(Object(value)))).find(isList) ??
    null
  );
}

/** Hugging Face's entries; or papers that are written without anything around them, ours among them. */
function readEntries(entries: readonly unknown[], day: string | null): Read {
  const read = entries.map((entry, index) =>
    'paper' in Object(entry) ? readDailyPapers([entry], { from: index }) : readBarePaper(entry, index),
  );
  const days = read.flatMap((one) => [...one.days]).sort();
  const newest = days.at(-1) ?? null;
  const isForeign = ({ days: [told] }: { days: ReadonlySet<string> }) =>
    told !== undefined && newest !== null && addDays(told, longestSpanDays) < newest;
  const foreign = read.filter(isForeign).length;
  const papers = read.flatMap((one) => (isForeign(one) ? [] : one.papers));
  const warnings = [...read.flatMap((one) => one.warnings), ...describeOld(foreign, newest)];
  if (papers.length > 0) return { day: day ?? newest, papers, warnings };
  return entries.length === 0
    ? refuse('It looks like JSON, and has no papers in it.')
    : refuse(`It looks like JSON, and none of its ${entries.length} entries is a paper: ${warnings[0]}.`);
}

/** A page may be of a day, of a week or of a month. */
const longestSpanDays = 31;

function describeOld(count: number, newest: string | null): string[] {
  return count === 0 ? [] : [`${count} entries are left out: they are of a day long before ${newest}`];
}

function refuse(reason: string): Refused {
  return { type: 'refused', reason };
}

/** Where reading ends, for a text that begins as JSON does. */
function describeDamage(text: string): string {
  try {
    JSON.parse(text);
    return 'It looks like JSON, and has no papers in it.';
  } catch (error) {
    const { message } = error as Error;
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.trimEnd().length);
    const line = text.slice(0, at).split('\n').length;
    return `It looks like JSON that is damaged or was cut off: nothing can be read from line ${line} on (${message.slice(0, 100)}).`;
  }
}

/** One document, or one on every line. Undefined for what is neither. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.length > 1 ? lines.map((line) => JSON.parse(line)) : undefined;
    } catch {
      return undefined;
    }
  }
}
