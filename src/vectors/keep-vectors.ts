// Keeps what is learnt in step with what is stored: learns when it is time, and places every paper in what was learnt.
import { breathe } from '../platform/breathe.ts';
import type { Db } from '../platform/postgres/db.ts';
import { fewestPapersForVectors } from './learn.ts';
import { learnInThread } from './learn-in-thread.ts';
import { createVectorizer } from './paper-vector.ts';
import {
  abandonLearning,
  claimLearning,
  findModel,
  findModelId,
  finishLearning,
  type LearningState,
  listPapersToLearnFrom,
  listPapersWithoutVector,
  storeVectors,
} from './store.ts';

type Deps = { db: Db; now: () => Date };

export type Learnt = { papers: number; terms: number; dimensions: number };

/** Of fewer papers nothing is to be learnt. */
const fewestPapers = 20;
const growth = 1.5;

/** When the store has grown by half; and from 300 papers on, when there are no vectors yet. */
export function isLearningDue({ storedPapers, model }: LearningState): boolean {
  if (storedPapers < fewestPapers) return false;
  if (model === null || storedPapers >= model.storedPapers * growth) return true;
  return model.dimensions === 0 && storedPapers >= fewestPapersForVectors;
}

/**
 * Learns in a thread of its own; only one process does at a time, and until it is done the model before stays in force,
 * whatever ends it. `isDue` says whether it is time.
 */
export async function learn(
  { db, now }: Deps,
  { isDue = isLearningDue, signal }: { isDue?: (state: LearningState) => boolean; signal?: AbortSignal },
): Promise<{ type: 'learnt'; learnt: Learnt } | { type: 'not-due' } | { type: 'learning' }> {
  const claim = await claimLearning(db, { now: now(), isDue });
  if (claim.type !== 'claimed') return claim;
  const { id } = claim;
  try {
    const model = await learnInThread(await listPapersToLearnFrom(db), signal);
    if (!(await finishLearning(db, { id, model, now: now() }))) return { type: 'learning' };
    const { papers, terms, dimensions } = model;
    return { type: 'learnt', learnt: { papers, terms: terms.length, dimensions } };
  } catch (error) {
    await abandonLearning(db, id);
    throw error;
  }
}

const papersPerStep = 500;

/** Places the papers that the model in force has not seen. Returns how many; any number of times, also after a kill. */
export async function placePapers({ db }: Pick<Deps, 'db'>, signal?: AbortSignal): Promise<number> {
  const modelId = await findModelId(db);
  const model = modelId === null ? null : await findModel(db, modelId);
  if (model === null) return 0;
  const vectorize = createVectorizer(model);
  for (let count = 0; ; ) {
    const papers = await listPapersWithoutVector(db, { modelId: model.id, limit: papersPerStep });
    if (papers.length === 0 || signal?.aborted || (await findModelId(db)) !== model.id) return count;
    const vectors = [];
    for (const paper of papers) {
      await breathe();
      vectors.push({ seq: paper.seq, vector: vectorize(paper) });
    }
    await storeVectors(db, { modelId: model.id, vectors });
    count += papers.length;
  }
}
