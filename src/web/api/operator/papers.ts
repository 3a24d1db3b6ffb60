// /api/v1 about papers: search, one of them, a listing that is taken in; the sources, and who follows which topic.
import { z } from 'zod';
import { sayInEnglish } from '../../../languages/words.ts';
import { parseQuery } from '../../../matching/query/query.ts';
import { findQueryHint } from '../../../matching/query/query-hints.ts';
import { searchPapers } from '../../../matching/search.ts';
import { handSource, handSourceRule } from '../../../papers/hand-source.ts';
import { importListingIn, importTimes } from '../../../papers/import-listing.ts';
import { tryListing } from '../../../papers/listings.ts';
import type { Paper } from '../../../papers/paper.ts';
import { fates, findPaper, lockImports } from '../../../papers/store.ts';
import { createLinks } from '../../../platform/links.ts';
import { parseListingApart } from '../../../sources/parse-apart.ts';
import { utcDay } from '../../../text/days.ts';
import { paperShape } from '../reader/paper-shape.ts';
import type { ApiDeps, Route } from '../route.ts';
import { day, limit, words } from '../shapes.ts';
import { cursorOf } from './cursor.ts';
import { defineKeyRoute, gone, type Refusal } from './key-route.ts';

/** Of the text of a page: a busy day has some 100 kB. */
const largestListing = 4 * 1024 * 1024;

const found = z
  .object({ paper: paperShape, because: z.array(z.string()).describe('The words that fit.') })
  .meta({ id: 'FoundPaper' });

const warning = z.object({ line: z.int().nullable(), message: z.string() });

const report = z
  .object({
    date: day,
    papers: z.int().describe('How many it lists.'),
    added: z.int().nullable().describe('How many were not known; null: it was only read.'),
    titles: z.array(z.string()),
    fates: z
      .array(z.object({ title: z.string(), fate: z.enum(fates) }))
      .describe(
        'What becomes of each, or would: `news` was known from the past alone, and is new to readers; `changed` is known, and more of it is known now. Each once, under the title that is stored.',
      ),
    dropped: z.int().describe('Papers that the listing of this source and day had, and has no longer.'),
    warnings: z.array(warning).describe('What in it is in doubt.'),
  })
  .meta({ id: 'ImportReport' });

const afterPaper = cursorOf(z.object({ day, seq: z.int() }));

function viewPaper({ config }: Pick<ApiDeps, 'config'>, { key: _key, ...paper }: Paper) {
  return { ...paper, url: createLinks(config.baseUrl).paper(paper.seq) };
}

function refuseField(path: string, message: string, place: 'query' | 'body'): Refusal {
  const status = place === 'query' ? 400 : 422;
  return { refused: { status, detail: 'That was not understood.', errors: [{ path, message }], place } };
}

export const papersRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/papers/search',
    id: 'searchPapers',
    tag: 'papers',
    summary: 'The stored papers that a keyword query finds, the newest day first',
    details: 'After much looking a page has fewer than `limit`, or none, and goes on all the same.',
    scope: 'papers:read',
    query: z.strictObject({
      q: words(500).describe('As a reader writes it: words, "phrases", `OR`, `-exclusions`.'),
      limit,
      cursor: afterPaper.optional(),
    }),
    says: 'A page of them.',
    answer: z.object({
      items: z.array(found),
      hint: z.string().nullable().describe('What to write instead, where `q` may mean something else.'),
      nextCursor: z.string().nullable(),
    }),
    async act(deps, { query: { q, limit: most, cursor } }) {
      const parsed = parseQuery(q);
      if (parsed.type === 'invalid') return refuseField('q', parsed.reason, 'query');
      const { query } = parsed;
      const hint = findQueryHint(q, query);
      const result = await searchPapers(deps.db, { query, after: cursor ?? null, limit: most });
      return {
        items: result.found.map(({ paper, match }) => ({
          paper: viewPaper(deps, paper),
          because: [...match.because],
        })),
        hint: hint && sayInEnglish(hint),
        nextCursor: result.next && z.encode(afterPaper, result.next),
      };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/papers/{seq}',
    id: 'showPaper',
    tag: 'papers',
    summary: 'One paper',
    scope: 'papers:read',
    params: z.object({
      seq: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    }),
    says: 'As it was listed.',
    answer: paperShape,
    async act(deps, { params: { seq } }) {
      const paper = await findPaper(deps.db, seq);
      return paper === null ? gone : viewPaper(deps, paper);
    },
  }),
  defineKeyRoute({
    method: 'post',
    path: '/papers/imports',
    id: 'importListing',
    tag: 'papers',
    summary: 'Take in a listing',
    details:
      'The text of a daily papers page, arXiv’s announcement mail, a feed, or the JSON of Hugging Face’s, bioRxiv’s or arXiv’s API. The same again changes nothing. Topics are found within a minute.',
    scope: 'papers:write',
    mostBytes: largestListing,
    body: z.strictObject({
      text: z.string().min(1),
      date: day.optional().describe('Where the text does not tell the day.'),
      source: z
        .string()
        .regex(handSourceRule)
        .default(handSource)
        .describe('A name that no source of the service has.'),
      dryRun: z.boolean().default(false).describe('Only tell what it would bring.'),
    }),
    says: 'What was found in it.',
    answer: report,
    tell: ({ date, papers, added }) => `${papers} papers of ${date}, ${added ?? 'none stored'} new`,
    async act({ db, now, sources }, { body: { text, date, source, dryRun } }) {
      if (sources.some((own) => own.source.id === source))
        return refuseField('source', 'What this source lists is fetched from there.', 'body');
      const options = { today: utcDay(now()), ...(date === undefined ? {} : { date }) };
      const read = await parseListingApart({ bytes: Buffer.from(text), options });
      if (read.type === 'refused') return refuseField('text', read.reason, 'body');
      const { type: _type, warnings, ...listing } = read;
      const { tried, stored } = await db.$transaction(async (tx) => {
        if (!dryRun) await lockImports(tx);
        const toStore = { source, ...listing };
        return {
          tried: await tryListing(tx, toStore),
          stored: dryRun ? null : await importListingIn(tx, toStore),
        };
      }, importTimes);
      return {
        date: listing.date,
        papers: listing.papers.length,
        added: stored?.added.length ?? null,
        titles: listing.papers.map(({ title }) => title),
        fates: tried.papers,
        dropped: tried.dropped,
        warnings,
      };
    },
  }),
];
