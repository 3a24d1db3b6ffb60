// Topics, and which papers were given them, in PostgreSQL.

import type { TopicMatch } from '../matching/match.ts';
import type { Paper } from '../papers/paper.ts';
import type { DbOrTransaction, Prisma } from '../platform/db.ts';

export type ListedTopic = { id: string; name: string; description: string };

/** In the order of seeds/topics.yaml; retired ones are left out. */
export async function listTopics(db: DbOrTransaction): Promise<ListedTopic[]> {
  return db.topic.findMany({
    where: { retired: false },
    orderBy: { position: 'asc' },
    select: { id: true, name: true, description: true },
  });
}

export type Topics = {
  /** As `listTopics` lists them. */
  offered: ListedTopic[];
  /** By id; retired ones too. */
  names: ReadonlyMap<string, string>;
};

/** Read once, for all that a request has to say of topics. */
export async function readTopics(db: DbOrTransaction): Promise<Topics> {
  const rows = await db.topic.findMany({
    orderBy: { position: 'asc' },
    select: { id: true, name: true, description: true, retired: true },
  });
  return {
    offered: rows.filter(({ retired }) => !retired).map(({ retired: _, ...topic }) => topic),
    names: new Map(rows.map(({ id, name }) => [id, name])),
  };
}

/** By id; retired ones too. */
export async function listTopicNames(db: DbOrTransaction): Promise<ReadonlyMap<string, string>> {
  const topics = await db.topic.findMany({ select: { id: true, name: true } });
  return new Map(topics.map(({ id, name }) => [id, name]));
}

/** Makes the stored topics those of the file. Nobody's choice is deleted: a topic that left the file is retired. */
export async function storeTopics(
  tx: Prisma.TransactionClient,
  topics: (ListedTopic & { replaces?: readonly string[] })[],
): Promise<void> {
  for (const [position, { id, name, description }] of topics.entries()) {
    const data = { name, description, position, retired: false };
    await tx.topic.upsert({ where: { id }, create: { id, ...data }, update: data });
  }
  await tx.topic.updateMany({
    where: { id: { notIn: topics.map(({ id }) => id) } },
    data: { retired: true },
  });
  for (const { id, replaces = [] } of topics) await addFollowers(tx, id, replaces);
  const replaced = topics.flatMap(({ replaces = [] }) => replaces);
  await tx.subscriberTopic.deleteMany({ where: { topicId: { in: replaced } } });
}

/** Whoever follows, or never wants, one of the old topics does so with the new one; what they say of the new one stays. */
async function addFollowers(
  tx: Prisma.TransactionClient,
  topicId: string,
  replaced: readonly string[],
): Promise<void> {
  if (replaced.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO subscriber_topic (subscriber_id, topic_id, excluded)
    SELECT subscriber_id, ${topicId}, bool_and(excluded) FROM subscriber_topic
    WHERE topic_id = ANY(${[...replaced]}::text[]) GROUP BY subscriber_id
    ON CONFLICT DO NOTHING`;
}

type UnassignedPaper = Pick<Paper, 'seq' | 'title' | 'abstract' | 'authors'>;

/** Papers whose topics were found with other definitions than `version`, or never; oldest first. */
export async function listUnassignedPapers(
  db: DbOrTransaction,
  { version, limit }: { version: string; limit: number },
): Promise<UnassignedPaper[]> {
  return db.paper.findMany({
    where: { OR: [{ topicsVersion: null }, { topicsVersion: { not: version } }] },
    orderBy: { seq: 'asc' },
    take: limit,
    select: { seq: true, title: true, abstract: true, authors: true },
  });
}

/** Those that were listed last. */
export async function listNewestTexts(
  db: DbOrTransaction,
  limit: number,
): Promise<Pick<Paper, 'title' | 'abstract'>[]> {
  return db.paper.findMany({
    orderBy: { seq: 'desc' },
    take: limit,
    select: { title: true, abstract: true },
  });
}

export async function hasUnassignedPapers(db: DbOrTransaction, seqs: number[]): Promise<boolean> {
  return (
    (await db.paper.findFirst({
      where: { seq: { in: seqs }, topicsVersion: null },
      select: { seq: true },
    })) !== null
  );
}

export async function storePaperTopics(
  tx: Prisma.TransactionClient,
  { version, assigned }: { version: string; assigned: { seq: number; topics: TopicMatch[] }[] },
): Promise<void> {
  const seqs = assigned.map(({ seq }) => seq);
  await tx.paperTopic.deleteMany({ where: { paperSeq: { in: seqs } } });
  await tx.paperTopic.createMany({
    data: assigned.flatMap(({ seq, topics }) =>
      topics.map(({ id, score, because }) => ({ paperSeq: seq, topicId: id, score, because })),
    ),
  });
  await tx.paper.updateMany({ where: { seq: { in: seqs } }, data: { topicsVersion: version } });
}

/** By paper; a paper without topics has no entry. */
export async function findPaperTopics(
  db: DbOrTransaction,
  seqs: number[],
): Promise<Map<number, TopicMatch[]>> {
  const rows = await db.paperTopic.findMany({
    where: { paperSeq: { in: seqs }, topic: { retired: false } },
    orderBy: { score: 'desc' },
  });
  const byPaper = new Map<number, TopicMatch[]>();
  for (const { paperSeq, topicId, score, because } of rows) {
    const matches = byPaper.get(paperSeq) ?? [];
    matches.push({ id: topicId, score, because });
    byPaper.set(paperSeq, matches);
  }
  return byPaper;
}
