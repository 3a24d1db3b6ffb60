// One page of the details of bioRxiv's or medRxiv's papers of a day: https://api.biorxiv.org/
import { z } from 'zod';
import type { ListedPaper } from '../../papers/paper.ts';
import { readDoi } from '../../papers/paper-ids.ts';
import { readText } from '../../text/clean-text.ts';
import { readUtcDay } from '../../text/days.ts';
import {
  describeForeignEntries,
  isOfDay,
  longestTitle,
  nameEntry,
  optional,
  turnName,
} from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';
import { readHighwireAbstract, readHighwireTitle } from './read-highwire.ts';

export type DetailsPage =
  | {
      type: 'page';
      papers: ListedPaper[];
      warnings: string[];
      /** New versions of earlier papers, which are no news. */
      revised: number;
      /** Also revisions and those that could not be read. */
      entries: number;
      /** Of the day, on all pages. */
      total: number;
    }
  | { type: 'refused'; reason: string };

const text = optional(z.string());
/** Numbers come as numbers and as texts. */
const count = z.coerce.number().int().min(0);

const pageShape = z.object({
  messages: optional(z.array(z.object({ status: text, total: optional(count) }))),
  collection: z.array(z.unknown()),
});
const entryShape = z.object({
  doi: text,
  title: text,
  authors: text,
  author_corresponding_institution: text,
  date: text,
  version: optional(count),
  type: text,
  category: text,
  abstract: text,
});
type Entry = z.output<typeof entryShape>;

/**
 * Never throws. `categories` as the API writes them, in small letters; none: all. New versions of earlier papers are left out and counted, and
 * left out is what was posted long before or after `day`, where it is given.
 */
export function parseDetails(
  json: string,
  categories: readonly string[],
  day: string | null = null,
): DetailsPage {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return { type: 'refused', reason: 'the answer is not JSON, or was cut off' };
  }
  const page = pageShape.safeParse(document);
  if (!page.success) return { type: 'refused', reason: 'the answer is JSON, and no list of papers' };
  const { messages, collection } = page.data;
  const [{ status, total } = {}] = messages ?? [];
  const isTold = (messages ?? []).length > 0;
  if (isTold && status !== 'ok' && !/^no (?:posts|articles|papers)/i.test(status ?? ''))
    return { type: 'refused', reason: `the answer says “${status?.slice(0, 100) ?? 'nothing'}”` };

  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  let foreign = 0;
  let revised = 0;
  for (const [index, value] of collection.entries()) {
    const entry = entryShape.safeParse(value).data;
    if (entry !== undefined && !isOf(entry, categories)) continue;
    if (entry !== undefined && isRevision(entry)) {
      revised += 1;
      continue;
    }
    if (!isOfDay(readUtcDay(entry?.date), day)) {
      foreign += 1;
      continue;
    }
    const paper = entry === undefined ? 'it is no paper' : toPaper(entry);
    if (typeof paper === 'string')
      warnings.push(`${nameEntry(index, readText(entry?.doi))} is left out: ${paper}`);
    else papers.push(paper);
  }
  warnings.push(...describeForeignEntries(foreign));
  const entries = collection.length;
  return { type: 'page', papers, warnings, revised, entries, total: total ?? entries };
}

function isOf({ category }: Entry, categories: readonly string[]): boolean {
  return categories.length === 0 || categories.includes(category?.trim().toLowerCase() ?? '');
}

/** A withdrawal comes as one, and is news whatever its version. */
function isRevision({ version, type }: Entry): boolean {
  return (version ?? 1) > 1 && !isWithdrawal(type);
}

function isWithdrawal(type: string | null | undefined): boolean {
  return /withdraw/i.test(type ?? '');
}

function toPaper(entry: Entry): ListedPaper | string {
  const title = readHighwireTitle(entry.title);
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const doi = readDoi(entry.doi ?? '');
  const abstract = readHighwireAbstract(entry.abstract);
  const authors = (entry.authors ?? '').split(';').flatMap((name) => turnName(readText(name)) ?? []);
  return {
    title,
    ...(doi === null ? {} : { ids: { doi } }),
    abstract,
    authorsCount: authors.length === 0 ? null : authors.length,
    ...(authors.length === 0 ? {} : { authors }),
    ...(isWithdrawal(entry.type) ? { isWithdrawn: true } : {}),
    organization: readText(entry.author_corresponding_institution),
    publishedOn: readUtcDay(entry.date),
    comments: null,
    upvotes: null,
    links: findLinks(abstract ?? ''),
  };
}
