// Listings for whoever takes one in by hand: those that are stored, what one more would bring, and storing just that.
import { createHash } from 'node:crypto';
import { type Db, type DbOrTransaction, fromDateColumn, toDateColumn } from '../platform/postgres/db.ts';
import { importListingIn, importTimes, type ListingToStore } from './import-listing.ts';
import { comparePapers, type Fate, lockImports } from './store.ts';

export type StoredListing = { id: number; source: string; date: string; importedAt: Date; papers: number };

/** The last that were begun come first; `before` is the id of the last one seen. */
export async function listListings(
  db: DbOrTransaction,
  { before, limit }: { before: number | null; limit: number },
): Promise<StoredListing[]> {
  const rows = await db.listing.findMany({
    where: before === null ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' },
    take: limit,
    include: { _count: { select: { papers: true } } },
  });
  return rows.map(({ id, source, date, importedAt, _count }) => ({
    ...{ id, source, importedAt },
    date: fromDateColumn(date),
    papers: _count.papers,
  }));
}

export type TriedListing = {
  /** Each once, in the order of the listing, under the title that is or would be stored. */
  papers: { title: string; fate: Fate }[];
  /** Papers that the stored listing of this source and day has, and would have no longer. */
  dropped: number;
  /** The same for the same listing, as long as it brings the same. */
  mark: string;
};

/** Changes nothing. */
export async function tryListing(db: DbOrTransaction, listing: ListingToStore): Promise<TriedListing> {
  const compared = await comparePapers(db, listing.papers);
  const kept = compared.flatMap(({ seq }) => seq ?? []);
  const dropped = await db.listingPaper.count({
    where: {
      listing: { source: listing.source, date: toDateColumn(listing.date) },
      paperSeq: { notIn: kept },
    },
  });
  const papers = compared.map(({ title, fate }) => ({ title, fate }));
  // Counts of upvotes that grow meanwhile are nothing that anybody looked for.
  const brings = papers.map(({ fate }) => fate === 'new' || fate === 'news');
  const mark = createHash('sha256')
    .update(JSON.stringify([listing, brings, dropped]))
    .digest('hex');
  return { papers, dropped, mark };
}

/** Stores it if it still brings what it did when `seen` was its mark; else nothing. */
export async function importTried(
  { db }: { db: Db },
  { listing, seen }: { listing: ListingToStore; seen: string },
): Promise<{ type: 'stored' | 'changed'; tried: TriedListing }> {
  return db.$transaction(async (tx) => {
    await lockImports(tx);
    const tried = await tryListing(tx, listing);
    if (tried.mark !== seen) return { type: 'changed', tried };
    await importListingIn(tx, listing);
    return { type: 'stored', tried };
  }, importTimes);
}

/** As people and the log read it: `3 new, 1 known`. */
export function countFates({ papers }: Pick<TriedListing, 'papers'>): { fate: Fate; count: number }[] {
  const counts = new Map<Fate, number>();
  for (const { fate } of papers) counts.set(fate, (counts.get(fate) ?? 0) + 1);
  return [...counts].map(([fate, count]) => ({ fate, count }));
}
