// Topics that operators wrote, changed or retired: they count before those of the file.
import { isMap, isSeq, parseDocument } from 'yaml';
import type { DbOrTransaction } from '../../platform/postgres/db.ts';
import { readDefinition } from '../draft.ts';
import type { Topic, TopicsFile } from '../read-topics.ts';

export type WrittenTopic = {
  id: string;
  /** As the file would have it, an item of its list; null: as in the file. */
  definition: string | null;
  retired: boolean;
  /** Raised with each change. */
  version: number;
  changedAt: Date;
  changedBy: string;
};

/** By id, those of whom nothing is left but their version, too. */
export function listWritten(db: DbOrTransaction): Promise<WrittenTopic[]> {
  return db.writtenTopic.findMany({ orderBy: { id: 'asc' } });
}

/** Null where nothing was written of it. */
export function findWritten(db: DbOrTransaction, id: string): Promise<WrittenTopic | null> {
  return db.writtenTopic.findUnique({ where: { id } });
}

/** What was written and does not count now. */
export async function findProblems(db: DbOrTransaction): Promise<LaidOver['problems']> {
  const groups = await db.topicGroup.findMany({ select: { id: true, name: true } });
  const file = { groups: groups.map((group) => ({ ...group, names: {} })), topics: [] };
  return layOver(file, await listWritten(db)).problems;
}

export type LaidOver = TopicsFile & {
  /** What was written and does not count, for this version reads it otherwise, or the file changed under it. */
  problems: { id: string; reason: string }[];
};

/** The topics in force: in the file's order, then what it does not have. Nothing that was written keeps a start. */
export function layOver(file: TopicsFile, written: readonly WrittenTopic[]): LaidOver {
  const problems: LaidOver['problems'] = [];
  const groups = file.groups.map(({ id }) => id);
  const read = new Map<string, Topic>();
  for (const { id, definition, retired } of written) {
    if (definition === null || retired) continue;
    const found = readWritten(definition, groups);
    if (found.topic !== null) read.set(id, found.topic);
    if (found.problem !== null) problems.push({ id, reason: found.problem });
  }
  const retired = new Set(written.filter((one) => one.retired).map(({ id }) => id));
  const inFile = file.topics.filter(({ id }) => !retired.has(id)).map((topic) => read.get(topic.id) ?? topic);
  const known = new Set(file.topics.map(({ id }) => id));
  const topics = [...inFile, ...[...read.values()].filter(({ id }) => !known.has(id))];
  const ids = new Set(topics.map(({ id }) => id));
  // Followers are moved once: those of a topic that is still there stay with it.
  const apart = topics.map((topic) => ({
    ...topic,
    replaces: topic.replaces.filter((old) => !ids.has(old)),
  }));
  return { groups: file.groups, topics: apart, problems };
}

/** Where its group has left the file it has none: it would be nobody's topic otherwise. */
function readWritten(
  definition: string,
  groups: readonly string[],
): { topic: Topic | null; problem: string | null } {
  const whole = readDefinition(definition, groups);
  if (whole.type === 'topic') return { topic: whole.topic, problem: null };
  const group = findGroup(definition);
  if (group === null || groups.includes(group)) return { topic: null, problem: whole.reason };
  const apart = readDefinition(definition, [...groups, group]);
  if (apart.type === 'refused') return { topic: null, problem: apart.reason };
  return { topic: { ...apart.topic, group: null }, problem: `the file has no group "${group}" any more` };
}

function findGroup(definition: string): string | null {
  const { contents } = parseDocument(definition);
  const item = isSeq(contents) ? contents.items[0] : null;
  const group = isMap(item) ? item.get('group') : null;
  return typeof group === 'string' ? group : null;
}

/** The file's text as it would be with all that was written in it; comments stay. */
export function writeCatalogue(yaml: string, written: readonly WrittenTopic[]): string {
  const document = parseDocument(yaml);
  const { contents } = document;
  const list: unknown = isMap(contents) ? contents.get('topics') : contents;
  if (!isSeq(list)) return yaml;
  for (const { id, definition, retired } of written) {
    if (definition === null && !retired) continue;
    const place = list.items.findIndex((item) => isMap(item) && item.get('id') === id);
    const items = retired || definition === null ? [] : readItems(definition);
    if (place < 0) list.items.push(...items);
    else list.items.splice(place, 1, ...items);
  }
  return document.toString({ lineWidth: 0 });
}

function readItems(definition: string): unknown[] {
  const { contents } = parseDocument(definition);
  return isSeq(contents) ? contents.items : [];
}
