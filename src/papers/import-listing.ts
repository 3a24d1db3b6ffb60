// Stores a listing: all of it, or nothing.
import type { Db } from '../db.ts';
import type { ListedPaper, Paper } from './paper.ts';
import { lockImports, storeListing, storePapers } from './store.ts';

/** Any number of times: the same listing again changes only what grows (comments, upvotes). */
export async function importListing(
  { db }: { db: Db },
  { source, date, papers }: { source: string; date: string; papers: ListedPaper[] },
): Promise<{ stored: Paper[]; added: Paper[] }> {
  return db.$transaction(
    async (tx) => {
      await lockImports(tx);
      const { stored, added } = await storePapers(tx, { papers, date });
      await storeListing(tx, { source, date, papers: stored });
      return { stored, added };
    },
    { maxWait: 30_000, timeout: 120_000 },
  );
}
