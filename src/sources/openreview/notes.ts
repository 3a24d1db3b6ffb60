// One page of OpenReview's notes, API version 2: https://docs.openreview.net/reference/api-v2/entities/note
import { z } from 'zod';
import type { ListedPaper } from '../../papers/paper.ts';
import { readText } from '../../text/clean-text.ts';
import { addDays, utcDay } from '../../text/days.ts';
import { longestTitle, nameEntry, optional, readLink, readTypedText } from '../listed-entry.ts';
import { findLinks } from '../listing/find-links.ts';

export type NotesPage =
  | {
      type: 'page';
      papers: ListedPaper[];
      warnings: string[];
      /** Also those of other days. */
      entries: number;
      /** On all pages; infinite when the answer does not tell and may go on. */
      total: number;
    }
  | { type: 'refused'; reason: string };

const time = optional(z.number().int().min(0).max(8.64e15));
/** Version 2 wraps every value, so that it may have readers of its own. */
const value = optional(
  z.union([z.object({ value: z.unknown() }).transform((wrapped) => wrapped.value), z.unknown()]),
);

const noteShape = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  replyto: optional(z.string()),
  cdate: time,
  odate: time,
  pdate: time,
  ddate: time,
  content: z.object({
    title: value,
    abstract: value,
    authors: value,
    venueid: value,
    code: value,
  }),
});
type Note = z.output<typeof noteShape>;

const pageShape = z.object({ notes: z.array(z.unknown()), count: optional(z.number().int().min(0)) });

/** How much later than its date a note may show up and still be news. */
const lateDays = 3;

/**
 * Never throws. The papers that came out on `day` or shortly before, or on any where none is asked for; replies, drafts that were
 * taken back and other days are none.
 */
export function parseNotes(json: string, { day, limit }: { day: string | null; limit: number }): NotesPage {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return { type: 'refused', reason: 'the answer is not JSON, or was cut off' };
  }
  const page = pageShape.safeParse(document);
  if (!page.success) return { type: 'refused', reason: 'the answer is JSON, and no list of notes' };
  const { notes, count } = page.data;
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  for (const [index, one] of notes.entries()) {
    const note = noteShape.safeParse(one).data;
    if (note === undefined) {
      warnings.push(`${nameEntry(index)} is left out: it is no paper`);
      continue;
    }
    const publishedOn = findDay(note, day);
    if ((publishedOn === null && day !== null) || !isPaper(note)) continue;
    const paper = toPaper(note, publishedOn);
    if (typeof paper === 'string') warnings.push(`${nameEntry(index, note.id)} is left out: ${paper}`);
    else papers.push(paper);
  }
  const isLast = notes.length < limit;
  return {
    type: 'page',
    papers,
    warnings,
    entries: notes.length,
    total: count ?? (isLast ? 0 : Number.POSITIVE_INFINITY),
  };
}

/** The day on which it could be read first, or was published; null where that is none of those that are asked for. */
function findDay({ cdate, odate, pdate }: Note, day: string | null): string | null {
  const end = day === null ? Number.POSITIVE_INFINITY : Date.parse(`${addDays(day, 1)}T00:00:00Z`);
  const past = [cdate, odate, pdate].filter((at) => at !== null && at !== undefined && at < end);
  if (past.length === 0) return null;
  const latest = utcDay(new Date(Math.max(...past.map(Number))));
  return day === null || latest >= addDays(day, -lateDays) ? latest : null;
}

function isPaper({ replyto, ddate, content }: Note): boolean {
  const isReply = replyto !== null && replyto !== undefined;
  const isDeleted = ddate !== null && ddate !== undefined;
  return !isReply && !isDeleted && !/Desk_Rejected/i.test(String(content.venueid));
}

function toPaper({ id, content }: Note, publishedOn: string | null): ListedPaper | string {
  const title = readTypedText(content.title);
  if (title === null) return 'it has no title';
  if ([...title].length > longestTitle) return 'its title is longer than a page';
  const abstract = readTypedText(content.abstract);
  const given = Array.isArray(content.authors) ? content.authors : [];
  const authors = given.flatMap((author) => readText(author) ?? readText(Object(author).fullname) ?? []);
  const links = [readLink(content.code), ...findLinks(abstract ?? '')];
  return {
    title,
    ids: { page: `https://openreview.net/forum?id=${id}` },
    abstract,
    authorsCount: authors.length === 0 ? null : authors.length,
    ...(authors.length === 0 ? {} : { authors }),
    ...(/Withdrawn/i.test(String(content.venueid)) ? { isWithdrawn: true } : {}),
    organization: null,
    publishedOn,
    comments: null,
    upvotes: null,
    links: [...new Set(links.filter((link) => link !== null))],
  };
}
