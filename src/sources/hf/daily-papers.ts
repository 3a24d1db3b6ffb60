// One answer of the Hugging Face daily papers API. Only what a digest needs is read, and most of it may be missing: the
// API drops and adds fields from one month to the next.
import { z } from 'zod';
import type { ListedPaper } from '../../papers/paper.ts';
import { readArxivId } from '../../papers/paper-ids.ts';
import { readText } from '../../text/clean-text.ts';
import { readUtcDay } from '../../text/days.ts';
import {
  describeForeignEntries,
  isOfDay,
  longestTitle,
  nameEntry,
  optional,
  readLink,
  readTypedName,
  readTypedText,
} from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';

type Page = {
  type: 'page';
  papers: ListedPaper[];
  warnings: string[];
  /** Of all entries, also those that could not be read: a full page has a next one. */
  entries: number;
  /** On which days the papers were put on the page. */
  days: Set<string>;
};
export type DailyPapers = Page | { type: 'refused'; reason: string };

const text = optional(z.string());
const organization = optional(z.object({ fullname: text, name: text }));
const author = z
  .union([
    z.string().transform((name) => ({ name, hidden: null })),
    z.object({ name: text, hidden: optional(z.boolean()) }),
  ])
  .catch({ name: null, hidden: null });
const mostUpvotes = 2_147_483_647;

const entryShape = z.object({
  title: text,
  summary: text,
  organization,
  paper: z.object({
    id: text,
    title: text,
    summary: text,
    ai_summary: text,
    authors: optional(z.array(author)),
    // The outer one is hours off, and marked as UTC all the same.
    publishedAt: text,
    submittedOnDailyAt: text,
    withdrawnAt: text,
    upvotes: optional(
      z.union([
        z.int().min(0).max(mostUpvotes),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ]),
    ),
    organization,
    githubRepo: text,
    projectPage: text,
  }),
});
type Entry = z.output<typeof entryShape>;

/**
 * Never throws. An entry that cannot be read costs only itself, and a warning. So does one that was put on the page long
 * before or after `day`, where it is given.
 */
export function parseDailyPapers(json: string, day: string | null = null): DailyPapers {
  const document = readJson(json);
  if (!Array.isArray(document)) return { type: 'refused', reason: describeForeign(document) };
  return readDailyPapers(document, { day });
}

/** The same of an answer that is read already, or of a part of it that begins at entry `from`. */
export function readDailyPapers(
  document: readonly unknown[],
  { from = 0, day = null }: { from?: number; day?: string | null } = {},
): Page {
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  const days = new Set<string>();
  let foreign = 0;
  for (const [index, value] of document.entries()) {
    const result = readEntry(value, from + index);
    if (typeof result === 'string') {
      warnings.push(result);
      continue;
    }
    if (result.day !== null) days.add(result.day);
    if (!isOfDay(result.day, day)) {
      foreign += 1;
      continue;
    }
    papers.push(result.paper);
    warnings.push(...result.warnings);
  }
  warnings.push(...describeForeignEntries(foreign));
  return { type: 'page', papers, warnings, entries: document.length, days };
}

/** The paper, or the warning that it cost. */
function readEntry(
  value: unknown,
  index: number,
): { paper: ListedPaper; day: string | null; warnings: string[] } | string {
  const parsed = entryShape.safeParse(value);
  if (!parsed.success) return `${nameEntry(index)} is left out: it has no paper`;
  const { paper, ...outer } = parsed.data;
  const title = readTypedText(paper.title) ?? readTypedText(outer.title);
  const name = nameEntry(index, readText(paper.id), title);
  if (title === null) return `${name} is left out: it has no title`;
  if ([...title].length > longestTitle) return `${name} is left out: its title is longer than a page`;
  const arxivId = readArxivId(paper.id ?? '');
  return {
    paper: { title, ...(arxivId === null ? {} : { ids: { arxiv: arxivId } }), ...readDetails(parsed.data) },
    day: readUtcDay(paper.submittedOnDailyAt),
    warnings: arxivId === null ? [`${name} has no arXiv id: it is known by its title alone`] : [],
  };
}

function readDetails({ paper, ...outer }: Entry): Omit<ListedPaper, 'title' | 'ids'> {
  const abstract = readTypedText(paper.summary) ?? readTypedText(outer.summary);
  const gist = readGist(paper.ai_summary);
  const links = [readLink(paper.githubRepo), readLink(paper.projectPage), ...findLinks(abstract ?? '')];
  const shown = paper.authors?.filter(({ hidden }) => hidden !== true) ?? [];
  const authors = shown.flatMap(({ name }) => readTypedName(name) ?? []);
  const [organization] = [paper.organization, outer.organization].flatMap(
    (given) => readText(given?.fullname) ?? readText(given?.name) ?? [],
  );
  return {
    abstract,
    ...(gist === null ? {} : { gist }),
    authorsCount: shown.length === 0 ? null : shown.length,
    ...(authors.length === 0 ? {} : { authors }),
    ...(paper.withdrawnAt === null || paper.withdrawnAt === undefined ? {} : { isWithdrawn: true }),
    organization: organization ?? null,
    publishedOn: readUtcDay(paper.publishedAt),
    // `numComments` is 2 to 4 for every paper: bots.
    comments: null,
    upvotes: paper.upvotes ?? null,
    links: [...new Set(links.filter((link) => link !== null))],
  };
}

const longestGist = 600;

/** A sentence without links: what a machine wrote is shown as it is, and leads nowhere. */
function readGist(given: unknown): string | null {
  const gist = readText(given);
  const isPlain = gist !== null && gist.length <= longestGist && !/https?:|www\.|<[a-z/!]/i.test(gist);
  return isPlain ? gist : null;
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function describeForeign(document: unknown): string {
  if (document === undefined) return 'the answer is not JSON, or was cut off';
  return 'the answer is JSON, and not a list of papers';
}
