// Papers out of a file, whichever source's form it has: a page's text, a feed, or an answer of one of the APIs. For those who
// want the papers and no listing: what day it is of does not matter.
import type { ListedPaper } from '../papers/paper.ts';
import { readDoi } from '../papers/paper-ids.ts';
import { parseApiPage } from './arxiv/api-page.ts';
import { parseArxivFeed } from './arxiv/feed.ts';
import { parseDetails } from './biorxiv/details.ts';
import { parseFeed } from './feed/parse-feed.ts';
import { readDailyPapers } from './hf/daily-papers.ts';
import { decodeListing } from './listing/decode-listing.ts';
import { parseListing } from './listing-text.ts';

export type PapersFile =
  | { type: 'papers'; papers: ListedPaper[]; warnings: string[] }
  | { type: 'refused'; reason: string };

/** Never throws. `fileName` may tell the day, where the text of a page has dates without a year. */
export function parsePapersFile(
  bytes: Uint8Array,
  { today, fileName }: { today: string; fileName: string },
): PapersFile {
  const decoded = decodeListing(bytes);
  if (decoded.type === 'refused') return decoded;
  const text = decoded.text.trimStart();
  if (text.startsWith('<')) return readXmlFile(text);
  const document = /^[[{]/.test(text) ? readJson(text) : undefined;
  if (document !== undefined) return readDocument(document, text);
  const listing = parseListing(bytes, { today, fileName });
  if (listing.type === 'refused') return listing;
  const warnings = listing.warnings.map(({ line, message }) => `line ${line}: ${message}`);
  return { type: 'papers', papers: listing.papers, warnings };
}

const allTimes = { from: new Date(-8.64e15), to: new Date(8.64e15) };

function readXmlFile(xml: string): PapersFile {
  if (/<opensearch:totalResults/.test(xml)) {
    const page = parseApiPage(xml, allTimes);
    return page.type === 'page' ? toPapers(page) : { type: 'refused', reason: page.reason };
  }
  if (/<arxiv:announce_type|Announce Type:/.test(xml)) {
    const feed = parseArxivFeed(xml);
    return feed.type === 'feed' ? toPapers(feed) : feed;
  }
  return readAnyFeed(xml);
}

function readAnyFeed(text: string): PapersFile {
  const feed = parseFeed(text);
  if (feed.type === 'refused') return feed;
  return toPapers({ papers: feed.papers.map(({ paper }) => paper), warnings: feed.warnings });
}

/** Of an object its list of papers, under whichever of the known names. */
function readDocument(document: unknown, text: string): PapersFile {
  if (Array.isArray(document)) return readEntries(document);
  const { collection, items, papers } = Object(document);
  if (Array.isArray(collection)) {
    const page = parseDetails(text, []);
    return page.type === 'page' ? toPapers(page) : page;
  }
  if (Array.isArray(items)) return readAnyFeed(text);
  return Array.isArray(papers) ? readEntries(papers) : readEntries([document]);
}

/** Hugging Face's entries; or papers that are written without anything around them, ours among them. */
function readEntries(entries: readonly unknown[]): PapersFile {
  const read = entries.map((entry, index) =>
    'paper' in Object(entry) ? readDailyPapers([entry], index) : readBarePaper(entry, index),
  );
  const papers = read.flatMap((one) => one.papers);
  const warnings = read.flatMap((one) => one.warnings);
  return papers.length === 0 && entries.length > 0
    ? { type: 'refused', reason: `none of its ${entries.length} entries is a paper: ${warnings[0]}` }
    : { type: 'papers', papers, warnings };
}

function readBarePaper(entry: unknown, index: number): { papers: ListedPaper[]; warnings: string[] } {
  const { id, ids, doi, title, summary, abstract, organization } = Object(entry);
  const wrapped = {
    organization: typeof organization === 'string' ? { fullname: organization } : organization,
    paper: { ...Object(entry), id: id ?? ids?.arxiv, title, summary: summary ?? abstract },
  };
  const { papers, warnings } = readDailyPapers([wrapped], index);
  const known = readDoi(String(ids?.doi ?? doi ?? id ?? ''));
  return {
    papers: papers.map((paper) => (known === null ? paper : { ...paper, ids: { doi: known, ...paper.ids } })),
    // A list that was written by hand need not have ids.
    warnings: papers.length === 0 ? warnings : [],
  };
}

function toPapers({ papers, warnings }: { papers: ListedPaper[]; warnings: string[] }): PapersFile {
  return { type: 'papers', papers, warnings };
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
