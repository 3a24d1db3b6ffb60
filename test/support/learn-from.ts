// Vectors learnt from a few papers, as a service learns them from what it has stored.
import type { ListedPaper } from '../../src/papers/paper.ts';
import type { Db } from '../../src/platform/postgres/db.ts';
import { learnModel } from '../../src/vectors/learn.ts';
import { claimLearning, finishLearning } from '../../src/vectors/store.ts';

export async function learnFrom(
  { db, now }: { db: Db; now: () => Date },
  papers: readonly ListedPaper[],
): Promise<void> {
  const claim = await claimLearning(db, { now: now(), isDue: () => true });
  if (claim.type !== 'claimed') throw new Error(claim.type);
  await finishLearning(db, { id: claim.id, model: learnModel([...papers]), now: now() });
}
