// Papers out of a file, whichever source's form it has: a page's text, arXiv's announcement as a mail, a feed, or an answer of
// one of the APIs.
import { type ListedPaper, mostListedPapers } from '../papers/paper.ts';
import { idKeys, readArxivId, readDoi, titleKey } from '../papers/paper-ids.ts';
import { isDay } from '../text/days.ts';
import { parseApiPage } from './arxiv/api-page.ts';
import { parseArxivFeed } from './arxiv/feed.ts';
import { parseArxivMail } from './arxiv/mail.ts';
import { parseDetails } from './biorxiv/details.ts';
import { parseFeed } from './feed/parse-feed.ts';
import { readDailyPapers } from './hf/daily-papers.ts';
import { findDayInFileName } from './listing/calendar.ts';
import { decodeListing } from './listing/decode-listing.ts';
import type { ListingOptions, ListingWarning, ParsedListing } from './listing/listing.ts';
import { parseListing } from './listing-text.ts';

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
  const listing = read === null ? parseListing(bytes, options) : toListing(read, options);
  if (listing.type === 'refused') return listing;
  return { ...listing, warnings: [...listing.warnings, ...warnOfNamesakes(listing.papers)] };
}

/** Null for a page's text, and for what is nothing that is known. */
function readForm(text: string): Read | null {
  if (
    /^(?:<\?[^>]*>|<!--[\s\S]{0,2000}?-->|\s){0,20}<(?:(?:\w{1,20}:)?(?:rss|feed)|rdf:RDF)\b/.test(
      text.replace(/<!DOCTYPE[^<>[\]]{0,1000}>/i, ''),
    )
  )
    return readXmlFile(text);
  const document = /^[[{]/.test(text) ? readJson(text) : undefined;
  if (document !== undefined && document !== null) return readDocument(document, text);
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
    return page.type === 'page' ? { day: null, ...page } : page;
  }
  if (Array.isArray(items)) return readAnyFeed(text);
  return Array.isArray(papers)
    ? readEntries(papers, isDay(date) ? date : null)
    : readEntries([document], null);
}

/** Hugging Face's entries; or papers that are written without anything around them, ours among them. */
function readEntries(entries: readonly unknown[], day: string | null): Read {
  const read = entries.map((entry, index) =>
    'paper' in Object(entry) ? readDailyPapers([entry], { from: index }) : readBarePaper(entry, index),
  );
  const days = read.flatMap((one) => [...one.days]).sort();
  const papers = read.flatMap((one) => one.papers);
  const warnings = read.flatMap((one) => one.warnings);
  if (papers.length > 0) return { day: day ?? days.at(-1) ?? null, papers, warnings };
  return entries.length === 0
    ? refuse('It looks like JSON, and has no papers in it.')
    : refuse(`It looks like JSON, and none of its ${entries.length} entries is a paper: ${warnings[0]}.`);
}

function readBarePaper(
  entry: unknown,
  index: number,
): { papers: ListedPaper[]; warnings: string[]; days: Set<string> } {
  const { id, ids, doi, title, summary, abstract, organization } = Object(entry);
  const arxivId = [id, ids?.arxiv, doi].find(
    (name) => typeof name === 'string' && readArxivId(name) !== null,
  );
  const wrapped = {
    organization: typeof organization === 'string' ? { fullname: organization } : organization,
    paper: { ...Object(entry), id: arxivId ?? id, title, summary: summary ?? abstract },
  };
  const { papers, warnings, days } = readDailyPapers([wrapped], { from: index });
  const known = readDoi(String(ids?.doi ?? doi ?? id ?? ''));
  return {
    papers: papers.map((paper) => (known === null ? paper : { ...paper, ids: { doi: known, ...paper.ids } })),
    days,
    // A list that was written by hand need not have ids.
    warnings: papers.length === 0 ? warnings : [],
  };
}

function refuse(reason: string): Refused {
  return { type: 'refused', reason };
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
