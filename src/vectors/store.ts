// Models and vectors in PostgreSQL.
import type { MatchablePaper } from '../matching/match.ts';
import { type Db, type DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import { mostLearntFrom, type VectorModel } from './learn.ts';
import { packNumbers, packVector, unpackFloats, unpackVector } from './pack.ts';
import type { PaperVector } from './paper-vector.ts';

/** A model by its number: a vector means something only beside others of the same one. */
export type StoredModel = VectorModel & { id: number };

/** The one in force; null before the first was learnt. */
export async function findModelId(db: DbOrTransaction): Promise<number | null> {
  const row = await db.learntModel.findFirst({
    where: { learntAt: { not: null } },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  return row?.id ?? null;
}

export async function findModel(db: DbOrTransaction, id: number): Promise<StoredModel | null> {
  const row = await db.learntModel.findUnique({ where: { id } });
  if (row === null || row.learntAt === null) return null;
  const { papers, dimensions, terms } = row;
  const none = new Uint8Array();
  return {
    id,
    papers,
    dimensions,
    terms,
    idf: unpackFloats(row.idf ?? none),
    matrix: Int8Array.from(Buffer.from(row.matrix ?? none), (byte) => (byte << 24) >> 24),
    scales: unpackFloats(row.scales ?? none),
  };
}

/** What decides whether it is time to learn anew. `model` is the one in force. */
export type LearningState = {
  storedPapers: number;
  model: { storedPapers: number; dimensions: number } | null;
};

/** How long a process that learns is believed to be alive: many times what it takes. */
const leaseMs = 15 * 60_000;

/**
 * Begins to learn when `isDue`; of any number of processes only one does. `learning`: another one is at it. What a dead
 * process had begun is taken away.
 */
export async function claimLearning(
  db: Db,
  { now, isDue }: { now: Date; isDue: (state: LearningState) => boolean },
): Promise<{ type: 'claimed'; id: number } | { type: 'not-due' } | { type: 'learning' }> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('paperround learning'))`;
    const others = { learntAt: null, leaseUntil: { gt: now } };
    if ((await tx.learntModel.count({ where: others })) > 0) return { type: 'learning' };
    await tx.learntModel.deleteMany({ where: { learntAt: null } });
    const model = await tx.learntModel.findFirst({
      orderBy: { id: 'desc' },
      select: { storedPapers: true, dimensions: true },
    });
    const storedPapers = await tx.paper.count();
    if (!isDue({ storedPapers, model })) return { type: 'not-due' };
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const { id } = await tx.learntModel.create({ data: { startedAt: now, leaseUntil, storedPapers } });
    return { type: 'claimed', id };
  });
}

/** Puts it in force, and takes the ones before away. False for one whose lease was over, and which another has taken. */
export async function finishLearning(
  db: Db,
  { id, model, now }: { id: number; model: VectorModel; now: Date },
): Promise<boolean> {
  const { papers, dimensions, terms, idf, matrix, scales } = model;
  return db.$transaction(async (tx) => {
    const { count } = await tx.learntModel.updateMany({
      where: { id, learntAt: null },
      data: {
        learntAt: now,
        papers,
        dimensions,
        terms,
        idf: packNumbers(idf),
        matrix: packNumbers(matrix),
        scales: packNumbers(scales),
      },
    });
    if (count > 0) await tx.learntModel.deleteMany({ where: { id: { lt: id } } });
    return count > 0;
  });
}

export async function abandonLearning(db: Db, id: number): Promise<void> {
  await db.learntModel.deleteMany({ where: { id, learntAt: null } });
}

/** Those that were listed last; what was taken back says nothing. */
export async function listPapersToLearnFrom(db: DbOrTransaction): Promise<MatchablePaper[]> {
  return db.paper.findMany({
    where: { isWithdrawn: false },
    orderBy: [{ firstListedOn: 'desc' }, { seq: 'desc' }],
    take: mostLearntFrom,
    select: { title: true, abstract: true },
  });
}

/** Papers without a vector of this model, the newest first. */
export async function listPapersWithoutVector(
  db: DbOrTransaction,
  { modelId, limit }: { modelId: number; limit: number },
): Promise<(MatchablePaper & { seq: number })[]> {
  return db.$queryRaw`
    SELECT seq, title, abstract FROM paper
    WHERE NOT EXISTS (SELECT 1 FROM paper_vector WHERE paper_seq = seq AND model_id = ${modelId})
    ORDER BY seq DESC LIMIT ${limit}`;
}

/** Any number of processes may do so at once. A paper that is gone meanwhile is passed over. */
export async function storeVectors(
  db: DbOrTransaction,
  { modelId, vectors }: { modelId: number; vectors: { seq: number; vector: PaperVector }[] },
): Promise<void> {
  const inOrder = vectors.toSorted((one, other) => one.seq - other.seq);
  await db.$executeRaw`
    INSERT INTO paper_vector (paper_seq, model_id, vector)
    SELECT new.seq, ${modelId}, new.vector
    FROM unnest(${inOrder.map(({ seq }) => seq)}::int[], ${inOrder.map(({ vector }) => packVector(vector))}::bytea[])
      AS new(seq, vector) JOIN paper ON paper.seq = new.seq ORDER BY new.seq
    ON CONFLICT (paper_seq) DO UPDATE SET model_id = EXCLUDED.model_id, vector = EXCLUDED.vector
    WHERE paper_vector.model_id < EXCLUDED.model_id`;
}

/** By paper; those that this model has not seen yet have no entry. */
export async function findVectors(
  db: DbOrTransaction,
  { modelId, seqs }: { modelId: number; seqs: readonly number[] },
): Promise<Map<number, PaperVector>> {
  if (seqs.length === 0) return new Map();
  const rows = await db.$queryRaw<{ seq: number; vector: Uint8Array }[]>(Prisma.sql`
    SELECT paper_seq AS seq, vector FROM paper_vector WHERE model_id = ${modelId} AND paper_seq = ANY(${[...seqs]}::int[])`);
  return new Map(rows.map(({ seq, vector }) => [seq, unpackVector(vector)]));
}
