// Papers and listings in PostgreSQL.
import { isDeepStrictEqual } from 'node:util';
import { type DbOrTransaction, fromDateColumn, Prisma, toDateColumn } from '../platform/postgres/db.ts';
import { readTexName } from '../text/read-tex.ts';
import { type MergedPaper, mergePapers } from './merge-papers.ts';
import type { ListedPaper, Paper } from './paper.ts';
import { idKeys, listTitleKeys, type PaperIds } from './paper-ids.ts';

/**
 * Waits for any other import to end. Sequence numbers must become visible in their order: a digest that covers
 * everything up to 11 would lose a 10 that is committed later.
 */
export async function lockImports(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('paperround imports'))`;
}

/**
 * Adds new papers in order; what is known is merged with what the listing says (see `mergePapers`). Returns all, each
 * once, in order. Papers that changed, be it their counts, are `updated`.
 */
export async function storePapers(
  tx: Prisma.TransactionClient,
  { papers, date, isNews = true }: { papers: ListedPaper[]; date: string; isNews?: boolean },
): Promise<StoredPapers> {
  if (isNews) await makeNews(tx, { papers, date });
  const merged = mergePapers(await listNamesakes(tx, papers), papers);
  const missing = merged.filter(({ before }) => before === null);
  await insertPapers(tx, { papers: missing.map((entry) => entry.merged), date, isNews });
  const changed = merged.filter(
    ({ before, merged }) => before !== null && !isDeepStrictEqual(before, merged),
  );
  await updatePapers(tx, changed);

  const keys = merged.map(({ merged }) => merged.key);
  const rows = await tx.paper.findMany({ where: { key: { in: keys } } });
  const paperOf = new Map(rows.map((row) => [row.key, toPaper(row)]));
  const pick = (entries: typeof merged) => entries.flatMap(({ merged }) => paperOf.get(merged.key) ?? []);
  return {
    stored: pick(merged),
    added: pick(missing),
    updated: pick(changed),
  };
}

export type StoredPapers = { stored: Paper[]; added: Paper[]; updated: Paper[] };

/**
 * What storing a listed paper comes to: `news` is one that was only filled in, and is new to readers all the same; `changed`
 * one that is known and of which more is known now, be it its counts.
 */
export const fates = ['new', 'news', 'changed', 'known'] as const;
export type Fate = (typeof fates)[number];

/** What `storePapers` would do with news, each paper once; changes nothing. `seq` is null for what is not known. */
export async function comparePapers(
  db: DbOrTransaction,
  papers: ListedPaper[],
): Promise<{ seq: number | null; title: string; fate: Fate }[]> {
  const filledIn = new Set((await listFilledIn(db, papers)).map(({ seq }) => seq));
  return mergePapers(await listNamesakes(db, papers), papers).map(({ before, merged }) => {
    const { seq, title } = merged;
    if (before === null) return { seq, title, fate: 'new' };
    if (seq !== null && filledIn.has(seq)) return { seq, title, fate: 'news' };
    return { seq, title, fate: isDeepStrictEqual(before, merged) ? 'known' : 'changed' };
  });
}

/**
 * What was only filled in, and is listed now, is new to everybody: it takes the place among the papers that it would have
 * without that, after all that readers were served.
 */
async function makeNews(
  tx: Prisma.TransactionClient,
  { papers, date }: { papers: ListedPaper[]; date: string },
): Promise<void> {
  const filledIn = await listFilledIn(tx, papers);
  if (filledIn.length === 0) return;
  await tx.$executeRaw`
    UPDATE paper SET seq = nextval(pg_get_serial_sequence('paper', 'seq')), is_news = TRUE,
      first_listed_on = ${toDateColumn(date)}::date
    WHERE seq = ANY(${filledIn.map(({ seq }) => seq)}::int[])`;
}

async function listFilledIn(db: DbOrTransaction, papers: ListedPaper[]): Promise<{ seq: number }[]> {
  return db.paper.findMany({
    where: { isNews: false, ...namesakesOf(papers) },
    select: { seq: true },
    orderBy: { seq: 'asc' },
  });
}

function namesakesOf(papers: ListedPaper[]): Prisma.PaperWhereInput {
  return {
    OR: [
      { arxivId: { in: papers.flatMap(({ ids }) => ids?.arxiv ?? []) } },
      { doi: { in: papers.flatMap(({ ids }) => ids?.doi ?? []) } },
      { titleKeys: { hasSome: papers.flatMap(({ title }) => listTitleKeys(title)) } },
    ],
  };
}

/** Every stored paper that has the id or a title of one of these. */
async function listNamesakes(db: DbOrTransaction, papers: ListedPaper[]): Promise<MergedPaper[]> {
  const rows = await db.paper.findMany({ where: namesakesOf(papers) });
  return rows.map((row) => {
    const { firstListedOn: _day, ...paper } = toPaper(row);
    // As they are stored, so that what was read anew is a change.
    return { ...paper, authors: row.authors, titleKeys: row.titleKeys };
  });
}

/** What a row of JSON that stands for a paper is, to PostgreSQL. */
const paperColumns = Prisma.sql`position int, seq int, key text, "titleKeys" text[], title text, abstract text, gist text,
  "authorsCount" int, authors text[], "isWithdrawn" boolean, "arxivId" text, doi text, "pageUrl" text, organization text, "publishedOn" date, comments int, upvotes int, links text[]`;

/** Sequence numbers follow the order of the listing. */
async function insertPapers(
  tx: Prisma.TransactionClient,
  { papers, date, isNews }: { papers: MergedPaper[]; date: string; isNews: boolean },
): Promise<void> {
  const rows = papers.map((paper, position) => ({ ...toRow(paper), position }));
  await tx.$executeRaw`
    INSERT INTO paper (key, title_keys, title, abstract, gist, authors_count, authors, is_withdrawn, arxiv_id, doi, page_url,
      organization, published_on, comments, upvotes, links, first_listed_on, is_news)
    SELECT key, "titleKeys", title, abstract, gist, "authorsCount", authors, "isWithdrawn", "arxivId", doi, "pageUrl",
      organization, "publishedOn", comments, upvotes, links,
      ${toDateColumn(date)}::date, ${isNews}
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS new(${paperColumns}) ORDER BY position`;
}

/** A paper whose title, abstract or authors are others now is looked at for topics and words again; null would hold back the papers after it. */
async function updatePapers(
  tx: Prisma.TransactionClient,
  changed: { before: MergedPaper | null; merged: MergedPaper }[],
): Promise<void> {
  const rows = changed.map(({ merged }) => toRow(merged));
  const explained = changed
    .filter(
      ({ before, merged }) =>
        before?.title !== merged.title ||
        before?.abstract !== merged.abstract ||
        !isDeepStrictEqual(before?.authors ?? [], merged.authors ?? []),
    )
    .flatMap(({ merged }) => merged.seq ?? []);
  await tx.$executeRaw`
    UPDATE paper SET key = new.key, title_keys = new."titleKeys", title = new.title, abstract = new.abstract, gist = new.gist,
      authors_count = new."authorsCount", authors = new.authors, is_withdrawn = new."isWithdrawn",
      arxiv_id = new."arxivId", doi = new.doi, page_url = new."pageUrl", organization = new.organization, published_on = new."publishedOn",
      comments = new.comments, upvotes = new.upvotes, links = new.links,
      topics_version = CASE WHEN new.seq = ANY(${explained}::int[]) AND topics_version IS NOT NULL THEN 'outdated'
        ELSE topics_version END
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS new(${paperColumns})
    WHERE paper.seq = new.seq`;
  await tx.paperVector.deleteMany({ where: { paperSeq: { in: explained } } });
}

/** With the ids in columns of their own. */
function toRow({ ids, ...paper }: MergedPaper) {
  return { ...paper, arxivId: ids.arxiv ?? null, doi: ids.doi ?? null, pageUrl: ids.page ?? null };
}

/** Half a surrogate pair, as a text that was cut may end in, is refused as JSON. */
function toJson(rows: object[]): string {
  return JSON.stringify(rows, (_, value) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value,
  );
}

/** Those of them that are known, by arXiv's ids. */
export async function markWithdrawn(tx: Prisma.TransactionClient, arxivIds: string[]): Promise<void> {
  if (arxivIds.length === 0) return;
  await tx.paper.updateMany({ where: { arxivId: { in: arxivIds } }, data: { isWithdrawn: true } });
}

/** Those of them that are withdrawn by now. */
export async function listWithdrawn(db: DbOrTransaction, seqs: number[]): Promise<Set<number>> {
  if (seqs.length === 0) return new Set();
  const rows = await db.paper.findMany({
    where: { seq: { in: seqs }, isWithdrawn: true },
    select: { seq: true },
  });
  return new Set(rows.map(({ seq }) => seq));
}

/** The same source and day again replaces what stood in that listing. */
export async function storeListing(
  tx: Prisma.TransactionClient,
  { source, date, papers }: { source: string; date: string; papers: Paper[] },
): Promise<void> {
  const day = toDateColumn(date);
  const { id: listingId } = await tx.listing.upsert({
    where: { source_date: { source, date: day } },
    create: { source, date: day },
    update: { importedAt: new Date() },
  });
  await tx.listingPaper.deleteMany({ where: { listingId } });
  await tx.$executeRaw`
    INSERT INTO listing_paper (listing_id, paper_seq, position)
    SELECT ${listingId}, seq, ordinality - 1
    FROM unnest(${papers.map(({ seq }) => seq)}::int[]) WITH ORDINALITY AS listed(seq, ordinality)`;
}

/** YYYY-MM-DD, or null before the first import. */
export async function findLatestListingDate(db: DbOrTransaction): Promise<string | null> {
  const row = await db.listing.findFirst({ orderBy: { date: 'desc' }, select: { date: true } });
  return row === null ? null : fromDateColumn(row.date);
}

/** SQL: a digest may cover everything up to here. A paper that was not yet looked at for topics holds back the rest. */
export const lastReadySeq = Prisma.sql`(SELECT COALESCE(
  (SELECT min(seq) - 1 FROM paper WHERE topics_version IS NULL), (SELECT max(seq) FROM paper), 0))`;

/** As `listPapersOfDay` has them. */
export async function listSeqsOfDay(db: DbOrTransaction, date: string): Promise<{ seq: number }[]> {
  return db.$queryRaw`
    SELECT paper_seq AS seq FROM listing_paper JOIN listing ON listing.id = listing_id
    WHERE date = ${toDateColumn(date)}::date GROUP BY paper_seq ORDER BY min(ARRAY[listing_id, position])`;
}

/** In the order of the listing; of all sources together, each paper once. Empty on a day without a listing. */
export async function listPapersOfDay(db: DbOrTransaction, date: string): Promise<Paper[]> {
  const rows = await db.listingPaper.findMany({
    where: { listing: { date: toDateColumn(date) } },
    orderBy: [{ listingId: 'asc' }, { position: 'asc' }],
    include: { paper: true },
  });
  return [...new Map(rows.map(({ paper }) => [paper.seq, toPaper(paper)])).values()];
}

/**
 * `after < seq <= through`, of these the `most` that were listed last, and none from before `listedFrom` or that was filled
 * in; oldest first.
 */
export async function listNews(
  db: DbOrTransaction,
  { after, through, listedFrom, most }: { after: number; through: number; listedFrom: string; most: number },
): Promise<Paper[]> {
  const rows = await db.paper.findMany({
    where: {
      seq: { gt: after, lte: through },
      firstListedOn: { gte: toDateColumn(listedFrom) },
      isNews: true,
    },
    orderBy: [{ firstListedOn: 'desc' }, { seq: 'desc' }],
    take: most,
  });
  return rows.map(toPaper).sort((one, other) => one.seq - other.seq);
}

/** Also by a former number, from before two rows became one. */
export async function findPaper(db: DbOrTransaction, seq: number): Promise<Paper | null> {
  return (await findPapers(db, [seq])).get(seq) ?? null;
}

/** By sequence number, a former one too; what is not there has no entry. */
export async function findPapers(db: DbOrTransaction, seqs: number[]): Promise<Map<number, Paper>> {
  const rows = await db.paper.findMany({ where: { seq: { in: seqs } } });
  const found = new Map(rows.map((row) => [row.seq, toPaper(row)]));
  const missing = [...new Set(seqs)].filter((seq) => !found.has(seq));
  if (missing.length === 0) return found;
  const united = await db.paper.findMany({ where: { formerSeqs: { hasSome: missing } } });
  for (const row of united)
    for (const seq of row.formerSeqs) if (missing.includes(seq)) found.set(seq, toPaper(row));
  return found;
}

/** Those that have one of these, each with all the keys that it can be found by. */
export async function findPapersByIdentity(
  db: DbOrTransaction,
  { arxiv, doi, titleKeys }: { arxiv: string[]; doi: string[]; titleKeys: string[] },
): Promise<{ keys: string[]; paper: Paper }[]> {
  const rows = await db.paper.findMany({
    where: { OR: [{ arxivId: { in: arxiv } }, { doi: { in: doi } }, { titleKeys: { hasSome: titleKeys } }] },
    orderBy: { seq: 'desc' },
  });
  return rows.map((row) => {
    const paper = toPaper(row);
    return { keys: [...idKeys(paper.ids), ...row.titleKeys], paper };
  });
}

type StoredPaper = Paper & { ids: PaperIds; authors: string[]; isWithdrawn: boolean; gist: string | null };

export function toPaper(row: Prisma.PaperGetPayload<object>): StoredPaper {
  const { publishedOn, firstListedOn, ...internal } = row;
  const {
    topicsVersion: _version,
    titleKeys: _titles,
    isNews: _news,
    formerSeqs: _seqs,
    ...columns
  } = internal;
  const { arxivId, doi, pageUrl, ...paper } = columns;
  const ids = {
    ...(arxivId === null ? {} : { arxiv: arxivId }),
    ...(doi === null ? {} : { doi }),
    ...(pageUrl === null ? {} : { page: pageUrl }),
  };
  return {
    ...paper,
    // Rows of versions that did not read them have names in TeX. Titles and abstracts are mended where they are shown.
    authors: paper.authors.map(readTexName),
    ids,
    publishedOn: publishedOn === null ? null : fromDateColumn(publishedOn),
    firstListedOn: fromDateColumn(firstListedOn),
  };
}
