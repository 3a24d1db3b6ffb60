// Topics, and which papers were given them, in PostgreSQL.

import { fallbackLanguage, type Language, languageCodes } from '../languages/languages.ts';
import type { TopicMatch } from '../matching/match.ts';
import type { Paper } from '../papers/paper.ts';
import { keepFor } from '../platform/keep-for.ts';
import type { Db, DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import type { TopicNames } from './read-topics.ts';

export type ListedTopic = {
  id: string;
  /** In the language that was asked for, as the group's is. */
  name: string;
  description: string;
  group: { id: string; name: string } | null;
};

/** Group by group as the file has them, the most followed of each first; retired ones are left out. */
export async function listTopics(
  db: DbOrTransaction,
  language: Language = fallbackLanguage,
): Promise<ListedTopic[]> {
  return (await readTopics(db, language)).offered;
}

/** By id; retired ones too. */
export async function listTopicNames(
  db: DbOrTransaction,
  language: Language = fallbackLanguage,
): Promise<ReadonlyMap<string, string>> {
  return (await readTopics(db, language)).names;
}

export type Topics = {
  /** As `listTopics` lists them. */
  offered: ListedTopic[];
  /** By id; retired ones too. */
  names: ReadonlyMap<string, string>;
  /** Where the papers of a former topic are now, by its id: the first of those in whose place they came. */
  successors: ReadonlyMap<string, string>;
};

/** Read once, for all that a request has to say of topics. */
export async function readTopics(
  db: DbOrTransaction,
  language: Language = fallbackLanguage,
): Promise<Topics> {
  return toTopics(await listRows(db), language);
}

/**
 * Every page names topics, and they hardly ever change: read once in `keptMs`, by all who ask meanwhile. What another process
 * changes is seen that much later.
 */
export function keepTopics(db: Db, keptMs: number): TopicReader {
  const readRows = keepFor(keptMs, () => listRows(db));
  return async (language = fallbackLanguage) => toTopics(await readRows(), language);
}

/** In the reader's language. */
export type TopicReader = (language?: Language) => Promise<Topics>;

type TopicRow = Awaited<ReturnType<typeof listRows>>[number];

function listRows(db: DbOrTransaction) {
  return db.topic.findMany({ include: { group: true } });
}

function toTopics(rows: readonly TopicRow[], language: Language): Topics {
  const offered = rows
    .filter(({ retired }) => !retired)
    .sort(
      (one, other) =>
        placeOf(one.group) - placeOf(other.group) ||
        other.followers - one.followers ||
        one.position - other.position,
    );
  return {
    offered: offered.map((topic) => ({
      id: topic.id,
      name: nameIn(topic, language),
      description: topic.description,
      group: topic.group && { id: topic.group.id, name: nameIn(topic.group, language) },
    })),
    names: new Map(rows.map((topic) => [topic.id, nameIn(topic, language)])),
    successors: listSuccessors(rows),
  };
}

function listSuccessors(
  topics: readonly { id: string; position: number; retired: boolean; replaces: string[] }[],
): ReadonlyMap<string, string> {
  const inForce = topics.filter(({ retired }) => !retired);
  // Of several the last that is set counts: the first one.
  const backwards = inForce.sort((one, other) => other.position - one.position);
  return new Map(backwards.flatMap(({ id, replaces }) => replaces.map((former) => [former, id] as const)));
}

/** What has no group stands last. */
function placeOf(group: { position: number } | null): number {
  return group?.position ?? Number.MAX_SAFE_INTEGER;
}

function nameIn({ name, names }: { name: string; names: Prisma.JsonValue }, language: Language): string {
  const own = typeof names === 'object' && names !== null && !Array.isArray(names) ? names[language] : null;
  return typeof own === 'string' ? own : name;
}

/** The same for each language. */
export async function listTopicNamesByLanguage(
  db: DbOrTransaction,
): Promise<(language: Language) => ReadonlyMap<string, string>> {
  const topics = await db.topic.findMany({ select: { id: true, name: true, names: true } });
  const named = new Map(
    languageCodes.map((code) => [code, new Map(topics.map((topic) => [topic.id, nameIn(topic, code)]))]),
  );
  return (language) => named.get(language) ?? new Map();
}

type Named = { id: string; name: string; names?: TopicNames };
export type TopicToStore = Named & {
  description: string;
  group?: string | null;
  replaces?: readonly string[];
};

/** Makes the stored topics those of the file. Nobody's choice is deleted: a topic that left the file is retired. */
export async function storeTopics(
  tx: Prisma.TransactionClient,
  topics: readonly TopicToStore[],
  groups: readonly Named[] = [],
): Promise<void> {
  const groupRows = groups.map(({ id, name, names = {} }, position) => ({ id, name, names, position }));
  await tx.$executeRaw`
    INSERT INTO topic_group (id, name, names, position)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(groupRows)}::jsonb)
      AS given (id text, name text, names jsonb, position int)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, names = excluded.names, position = excluded.position`;
  await upsertTopics(
    tx,
    topics.map((topic, position) => ({ ...topic, position })),
  );
  await tx.topic.updateMany({
    where: { id: { notIn: topics.map(({ id }) => id) } },
    data: { retired: true },
  });
  await tx.topicGroup.deleteMany({ where: { id: { notIn: groups.map(({ id }) => id) } } });
  await moveFollowers(tx, topics);
  await tx.$executeRaw`
    UPDATE topic SET followers =
      (SELECT count(*) FROM subscriber_topic WHERE topic_id = topic.id AND NOT excluded)`;
}

/** One at a time stores topics: what another one is about to change, or has, is not undone. Until the transaction ends. */
export async function lockTopics(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('paperround topics'))`;
}

/** One more topic, or a change of one, among those that are stored. */
export async function storeTopic(tx: Prisma.TransactionClient, topic: TopicToStore): Promise<void> {
  const known = await tx.topic.findUnique({ where: { id: topic.id }, select: { position: true } });
  const { _max: last } = await tx.topic.aggregate({ _max: { position: true } });
  await upsertTopics(tx, [{ ...topic, position: known?.position ?? (last.position ?? -1) + 1 }]);
  await moveFollowers(tx, [topic]);
}

async function upsertTopics(
  tx: Prisma.TransactionClient,
  topics: readonly (TopicToStore & { position: number })[],
): Promise<void> {
  const rows = topics.map(({ id, name, names = {}, description, group = null, replaces = [], position }) => ({
    ...{ id, name, names, description, position, replaces },
    group_id: group,
  }));
  await tx.$executeRaw`
    INSERT INTO topic (id, name, names, description, group_id, position, replaces, retired)
    SELECT *, false FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS given (id text, name text, names jsonb, description text, group_id text, position int, replaces text[])
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, names = excluded.names, description = excluded.description,
      group_id = excluded.group_id, position = excluded.position, replaces = excluded.replaces, retired = false`;
}

async function moveFollowers(tx: Prisma.TransactionClient, topics: readonly TopicToStore[]): Promise<void> {
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

export type UnassignedPaper = Pick<Paper, 'seq' | 'title' | 'abstract' | 'authors'>;

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
): Promise<Pick<Paper, 'seq' | 'title' | 'abstract'>[]> {
  return db.paper.findMany({
    orderBy: { seq: 'desc' },
    take: limit,
    select: { seq: true, title: true, abstract: true },
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

export type FollowedTopic = { id: string; name: string; retired: boolean; followers: number; papers: number };

/** The most followed first; `followers` are readers of today. */
export async function countFollowers(db: DbOrTransaction): Promise<FollowedTopic[]> {
  return db.$queryRaw<FollowedTopic[]>`
    SELECT topic.id, name, retired,
      (SELECT count(*)::int FROM subscriber_topic JOIN subscriber ON subscriber.id = subscriber_id
        WHERE topic_id = topic.id AND NOT excluded AND status = 'active') AS followers,
      (SELECT count(*)::int FROM paper_topic WHERE topic_id = topic.id) AS papers
    FROM topic ORDER BY followers DESC, position`;
}
