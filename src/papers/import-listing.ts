// Stores a listing: all of it, or nothing.
import type { Db, Prisma } from '../platform/postgres/db.ts';
import type { ListedPaper } from './paper.ts';
import { lockImports, markWithdrawn, type StoredPapers, storeListing, storePapers } from './store.ts';

/** `date` is YYYY-MM-DD; `withdrawn` are arXiv's ids of earlier papers. */
export type ListingToStore = {
  source: string;
  date: string;
  papers: ListedPaper[];
  withdrawn?: string[];
};

/** How long an import may wait for others, and take. */
export const importTimes = { maxWait: 30_000, timeout: 120_000 };

/** Any number of times: the same listing again changes only what grows (comments, upvotes). */
export async function importListing({ db }: { db: Db }, listing: ListingToStore): Promise<StoredPapers> {
  return db.$transaction((tx) => importListingIn(tx, listing), importTimes);
}

/** The same inside of a transaction, which is to do little else: every other import waits for its end. */
export async function importListingIn(
  tx: Prisma.TransactionClient,
  { source, date, papers, withdrawn = [] }: ListingToStore,
): Promise<StoredPapers> {
  await lockImports(tx);
  const papersStored = await storePapers(tx, { papers, date });
  await markWithdrawn(tx, withdrawn);
  await storeListing(tx, { source, date, papers: papersStored.stored });
  return papersStored;
}
