// /admin/papers: the listings that are stored, and taking one in. First it is only read, and told what it would bring; the
// button below that brings along the same bytes, and stores them as long as they bring the same.
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { handSource, handSourceRule } from '../../../papers/hand-source.ts';
import {
  countFates,
  importTried,
  listListings,
  type TriedListing,
  tryListing,
} from '../../../papers/listings.ts';
import type { Fate } from '../../../papers/store.ts';
import type { ListingWarning } from '../../../sources/listing/listing.ts';
import { parseListingApart } from '../../../sources/parse-apart.ts';
import { isDay, utcDay } from '../../../text/days.ts';
import { readRowId } from '../../../text/row-id.ts';
import { describeFirst } from '../../../text/schema-words.ts';
import type { SentFile } from '../../http/read-multipart.ts';
import { recordAndReturn } from '../actions.ts';
import { type ActionForm, type AdminDeps, cutPage, perPage, type Section, sendAdminPage } from '../page.ts';
import { readQuery } from '../read-query.ts';

/** A busy day has some 100 kB. What is larger is for the command, which holds up no page. */
const mostMegabytes = 4;
const mostBytes = mostMegabytes * 1024 * 1024;
/** Of the form: base64 adds a third to what cannot be made smaller. */
export const listingLimit = '6mb';
/** Titles that a page shows of what it would store. */
const mostShown = 500;

const path = '/papers';

export function getListings(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['before']);
    const before = readRowId(query.before ?? '');
    const isPossible = before !== null && before <= 2n ** 31n - 1n;
    const found = await listListings(db, { before: isPossible ? Number(before) : null, limit: perPage + 1 });
    const { shown: listings, olderHref } = cutPage(found, {
      href: links.admin(path),
      query,
      next: ({ id }) => ({ name: 'before', value: String(id) }),
    });
    sendAdminPage(deps, response, {
      title: 'Papers',
      lead: 'The listings that papers came with. One that no source has is taken in here, or by `papers import`.',
      sections: [
        { type: 'actions', title: 'Take in a listing', forms: [emptyForm] },
        {
          type: 'table',
          title: 'Listings',
          columns: ['Day', 'Source', 'Papers', 'Last taken in'],
          rows: listings.map(({ date, source, papers, importedAt }) => [
            { text: date, href: links.papersOf(date) },
            source,
            papers,
            importedAt,
          ]),
          empty: 'There is none.',
          olderHref,
        },
      ],
    });
  };
}

const emptyForm: ActionForm = {
  action: { path },
  label: 'Try it: nothing is stored yet',
  hidden: {},
  fields: [
    {
      name: 'file',
      label: 'A file',
      isFile: true,
      help: `A page as text, arXiv’s announcement as a mail, an API’s answer or a feed: at most ${mostMegabytes} MiB.`,
    },
    { name: 'text', label: 'Or its text', lines: 6 },
    {
      name: 'date',
      label: 'Day',
      help: 'Such as 2026-03-01, where neither the text nor the name of the file tells it.',
    },
    {
      name: 'source',
      label: 'Source',
      value: handSource,
      help: 'Another one of the same source and day takes the place of the listing before.',
    },
  ],
};

/** The form as it is sent, with its file beside its texts. */
export function foldFile(texts: Record<string, unknown>, files: SentFile[]): Record<string, unknown> {
  return { ...texts, file: files.find(({ field }) => field === 'file') };
}

type Given = { bytes: Uint8Array; name: string; date: string | undefined; source: string };

export function postListing(deps: AdminDeps): RequestHandler {
  const { db, now } = deps;
  return async ({ body }, response) => {
    const read = await readGiven(deps, body);
    if ('problem' in read) return refuse(deps, response, read.problem);
    const { given, seen } = read;
    const options = {
      today: utcDay(now()),
      date: given.date,
      ...(given.name === '' ? {} : { fileName: given.name }),
    };
    const listing = await parseListingApart({ bytes: given.bytes, options });
    if (listing.type === 'refused') return refuse(deps, response, listing.reason);
    const { type: _type, warnings, ...papers } = listing;
    const toStore = { source: given.source, ...papers };
    if (seen === null) {
      const tried = await tryListing(db, toStore);
      return showTrial(deps, response, { given, date: papers.date, tried, warnings });
    }
    const { type, tried } = await importTried({ db }, { listing: toStore, seen });
    if (type === 'changed')
      return showTrial(deps, response.status(409), {
        given,
        date: papers.date,
        tried,
        warnings,
        isAgain: true,
      });
    const target = `listing ${given.source} of ${papers.date}`;
    const result = `Stored: ${describeCounts(tried)}. Their topics are found within a minute.`;
    return recordAndReturn(deps, response, { action: 'papers-import', target, result, back: path });
  };
}

const fields = z.object({
  text: z.string().default(''),
  date: z.union([z.string().refine(isDay, 'Give the day as 2026-03-01.'), z.literal('')]).default(''),
  source: z
    .string()
    .trim()
    .regex(handSourceRule, 'is not in small letters, digits and hyphens')
    .default(handSource),
  name: z.string().max(255).default(''),
  carried: z.string().default(''),
  seen: z.string().max(64).optional(),
});

async function readGiven(
  { sources }: Pick<AdminDeps, 'sources'>,
  body: Record<string, unknown>,
): Promise<{ given: Given; seen: string | null } | { problem: string }> {
  const parsed = fields.safeParse(body);
  if (!parsed.success) return { problem: describeFirst(parsed.error) };
  const { text, date, source, name, carried, seen = null } = parsed.data;
  const own = sources.find((one) => one.source.id === source);
  if (own !== undefined)
    return { problem: `What ${own.source.name} lists is fetched from there: give it another source’s name.` };
  const file = body.file as SentFile | undefined;
  if (file !== undefined && text.trim() !== '') return { problem: 'Give the file or its text, not both.' };
  const bytes =
    carried === '' ? (file?.bytes ?? Buffer.from(text.trim() === '' ? '' : text)) : await unpack(carried);
  if (bytes === null) return { problem: 'What was tried did not come along. Give the file once more.' };
  if (bytes.length === 0) return { problem: 'Choose a file, or paste its text.' };
  if (bytes.length > mostBytes)
    return {
      problem: `It is larger than ${mostMegabytes} MiB: \`papers import\` takes up to 32, or split it into days.`,
    };
  const given = { bytes, name: file?.name ?? name, date: date === '' ? undefined : date, source };
  return { given, seen };
}

/** Small enough for a page, and the same bytes when they come back. */
async function pack(bytes: Uint8Array): Promise<string> {
  return (await promisify(deflateRaw)(bytes)).toString('base64url');
}

async function unpack(text: string): Promise<Uint8Array | null> {
  const options = { maxOutputLength: mostBytes + 1 };
  return promisify(inflateRaw as Inflate)(Buffer.from(text, 'base64url'), options).catch(() => null);
}

type Inflate = (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
  done: (error: Error | null, bytes: Buffer) => void,
) => void;

function refuse(deps: AdminDeps, response: Response, problem: string): void {
  sendAdminPage(deps, response.status(422), {
    title: 'Nothing to store',
    lead: problem,
    sections: [{ type: 'actions', title: 'Try again', forms: [emptyForm] }],
  });
}

const fateWords: Readonly<Record<Fate, string>> = {
  new: 'new',
  news: 'known, and news to readers from now on',
  changed: 'known, with something added',
  known: 'known',
};

async function showTrial(
  deps: AdminDeps,
  response: Response,
  {
    given,
    date,
    tried,
    warnings,
    isAgain = false,
  }: { given: Given; date: string; tried: TriedListing; warnings: ListingWarning[]; isAgain?: boolean },
): Promise<void> {
  const { papers, dropped, mark } = tried;
  const { source, name, bytes } = given;
  const sections: Section[] = [
    {
      type: 'facts',
      facts: [
        ['Day', date],
        ['Source', source],
        ['Comes to', describeCounts(tried)],
        ...(dropped === 0
          ? []
          : [['Stands in that day’s listing no longer', `${dropped} papers`] satisfies [string, string]]),
      ],
    },
    {
      type: 'actions',
      title: 'Carry it out',
      forms: [
        {
          action: { path },
          label: `Store this listing of ${date}`,
          hidden: { carried: await pack(bytes), name, date, source, seen: mark },
        },
      ],
    },
    {
      type: 'table',
      title: 'What in it is in doubt',
      columns: ['Line', 'What'],
      rows: warnings.map(({ line, message }) => [line, message]),
      empty: 'Nothing is.',
    },
    {
      type: 'table',
      title: papers.length > mostShown ? `The first ${mostShown} papers` : 'Its papers',
      columns: ['What becomes of it', 'Title'],
      rows: papers
        .slice(0, mostShown)
        .map(({ title, fate }) => [
          { text: fateWords[fate], tone: fate === 'new' || fate === 'news' ? 'good' : 'dim' },
          title,
        ]),
      empty: 'It has none.',
    },
  ];
  sendAdminPage(deps, response, {
    title: isAgain ? 'It comes to something else by now' : 'Tried, and nothing stored',
    lead: isAgain
      ? 'Other papers were taken in meanwhile, so that nothing was stored. This is what it would bring now.'
      : 'This is what the listing would bring. The button stores just that.',
    sections,
  });
}

function describeCounts(tried: Pick<TriedListing, 'papers'>): string {
  const counts = countFates(tried).map(({ fate, count }) => `${count} ${fateWords[fate]}`);
  return counts.join('; ') || 'no paper';
}
