// The stored papers that a library names.
import type { Paper } from '../papers/paper.ts';
import { titleKey } from '../papers/paper-ids.ts';
import { findPapersByIdentity } from '../papers/store.ts';
import type { DbOrTransaction } from '../platform/postgres/db.ts';
import { readEntry } from './entry.ts';

/** One per entry, in order; `paper` is null for one that is not stored. */
export async function findNamedPapers(
  db: DbOrTransaction,
  library: readonly string[],
): Promise<{ title: string | null; paper: Paper | null }[]> {
  if (library.length === 0) return [];
  const entries = library.map(readEntry);
  const found = await findPapersByIdentity(db, {
    arxiv: entries.flatMap(({ arxiv }) => arxiv ?? []),
    doi: entries.flatMap(({ doi }) => doi ?? []),
    titleKeys: entries.flatMap(({ title }) => (title === null ? [] : titleKey(title))),
  });
  const byKey = new Map(found.flatMap(({ keys, paper }) => keys.map((key) => [key, paper] as const)));
  return entries.map(({ arxiv, doi, title }) => {
    const keys = [
      ...(arxiv === null ? [] : [`arxiv:${arxiv}`]),
      ...(doi === null ? [] : [`doi:${doi}`]),
      ...(title === null ? [] : [titleKey(title)]),
    ];
    return { title, paper: keys.flatMap((key) => byKey.get(key) ?? [])[0] ?? null };
  });
}
