// What operators do to topics, by whichever door: each in one transaction, in force from then on. Papers follow with the
// next round of a worker, which sees by the version of the definitions what is to be looked at again.
import type { Db, Prisma } from '../../platform/postgres/db.ts';
import { findDraft, readDraft, type TopicDraft, writeDraft } from '../draft.ts';
import type { Topic } from '../read-topics.ts';
import { lockTopics, storeTopic } from '../store.ts';
import type { WrittenTopic } from './written.ts';

export type TopicOutcome =
  | { type: 'stored'; version: number }
  /** It was so already. */
  | { type: 'unchanged'; version: number }
  /** Somebody else was first: what they did is kept. */
  | { type: 'conflict'; version: number; changedBy: string; changedAt: Date }
  | { type: 'refused'; field: string | null; reason: string }
  | { type: 'unknown' };

/** For whoever did it, by whichever door. */
export function describeOutcome(outcome: TopicOutcome): string {
  switch (outcome.type) {
    case 'stored':
      return `Done, as version ${outcome.version}: readers see it at once, papers follow within a minute or so.`;
    case 'unchanged':
      return `It was so already, as version ${outcome.version}.`;
    case 'conflict':
      return `Not done: ${outcome.changedBy} changed it meanwhile, at ${outcome.changedAt.toISOString()}, to version ${outcome.version}. Look at it again.`;
    case 'refused':
      return `Not done. ${outcome.field === null ? '' : `${outcome.field}: `}${outcome.reason}.`;
    case 'unknown':
      return 'Not done: there is no topic that this can be done to.';
  }
}

type Deps = { db: Db; now: () => Date };

export type Change = {
  id: string;
  by: string;
  /** The version that was changed, 0 where nothing was written yet; null: whichever it is. */
  expected: number | null;
};

const mostWritten = 500;
const longest = { name: 120, description: 1000, line: 300, further: 10_000 };
const mostLines = { phrases: 100, examples: 50 };

/** The field that is too long, or has too many lines. */
export function findTooLong(draft: TopicDraft): { field: string; reason: string } | null {
  for (const field of ['name', 'description', 'further'] as const)
    if (draft[field].length > longest[field])
      return { field, reason: `"${field}" has at most ${longest[field]} characters` };
  for (const field of ['phrases', 'examples'] as const) {
    if (draft[field].length > mostLines[field])
      return { field, reason: `"${field}" has at most ${mostLines[field]} lines` };
    if (draft[field].some((line) => line.length > longest.line))
      return { field, reason: `each line of "${field}" has at most ${longest.line} characters` };
  }
  return null;
}

/** A topic that there was not yet. The same again is `unchanged`. */
export function addTopic(
  deps: Deps,
  { draft, by }: { draft: TopicDraft; by: string },
): Promise<TopicOutcome> {
  return write(deps, { draft, by, expected: null, isNew: true });
}

/** One that there is: of the file, or written. One that was retired is back. */
export function editTopic(
  deps: Deps,
  { draft, ...change }: Omit<Change, 'id'> & { draft: TopicDraft },
): Promise<TopicOutcome> {
  return write(deps, { ...change, draft, isNew: false });
}

/** Whichever it is: a new one, or a change. */
export async function putTopic(
  deps: Deps,
  change: Omit<Change, 'id'> & { draft: TopicDraft },
): Promise<TopicOutcome> {
  const { draft, by } = change;
  const known = await deps.db.topic.findUnique({ where: { id: draft.id }, select: { id: true } });
  return known === null ? addTopic(deps, { draft, by }) : editTopic(deps, change);
}

function write(
  deps: Deps,
  { draft, isNew, ...change }: Omit<Change, 'id'> & { draft: TopicDraft; isNew: boolean },
): Promise<TopicOutcome> {
  const { id } = draft;
  return alter(deps, { ...change, id }, async (tx, row) => {
    const tooLong = findTooLong(draft);
    if (tooLong !== null) return { type: 'refused', ...tooLong };
    const definition = writeDraft(draft);
    if (row?.definition === definition && !row.retired) return { type: 'same' };
    const known = await tx.topic.findUnique({ where: { id }, select: { retired: true } });
    if (!isNew && known === null) return { type: 'unknown' };
    if (isNew && known !== null)
      return {
        type: 'refused',
        field: 'id',
        reason: `the id ${id} is taken${known.retired ? ', by a topic that is retired: restore or edit it' : ': edit it'}`,
      };
    if (row === null && (await tx.writtenTopic.count()) >= mostWritten)
      return { type: 'refused', field: null, reason: `there are ${mostWritten} written topics, no more fit` };
    const read = await readForForce(tx, draft);
    if (read.type === 'refused') return read;
    return { type: 'change', topic: read.topic, to: { definition, retired: false } };
  });
}

/** Offered to nobody, given to no paper. Nobody's choice is deleted: it counts again when the topic is restored. */
export function retireTopic(deps: Deps, change: Change): Promise<TopicOutcome> {
  return alter(deps, change, async (tx, row) => {
    const known = await tx.topic.findUnique({ where: { id: change.id }, select: { retired: true } });
    if (known === null) return { type: 'unknown' };
    if (known.retired) return { type: 'same' };
    return { type: 'change', topic: null, to: { definition: row?.definition ?? null, retired: true } };
  });
}

/** `ofFile`: as the file has it, if it does. */
export function restoreTopic(
  deps: Deps,
  { ofFile, ...change }: Change & { ofFile: TopicDraft | null },
): Promise<TopicOutcome> {
  return alter(deps, change, async (tx, row) => {
    if (row === null) return { type: 'unknown' };
    if (!row.retired) return { type: 'same' };
    const draft = row.definition === null ? ofFile : findDraft(row.definition, row.id);
    if (draft === null) return { type: 'unknown' };
    const read = await readForForce(tx, draft);
    if (read.type === 'refused') return read;
    return { type: 'change', topic: read.topic, to: { definition: row.definition, retired: false } };
  });
}

/** As in the file again, whatever was written. */
export function takeBackTopic(
  deps: Deps,
  { ofFile, ...change }: Change & { ofFile: TopicDraft | null },
): Promise<TopicOutcome> {
  return alter(deps, change, async (tx, row) => {
    const known = await tx.topic.findUnique({ where: { id: change.id }, select: { id: true } });
    if (known === null) return { type: 'unknown' };
    if (row === null || (row.definition === null && !row.retired)) return { type: 'same' };
    if (ofFile === null)
      return {
        type: 'refused',
        field: 'id',
        reason: `the file has no topic ${change.id}: retire it instead`,
      };
    const read = await readForForce(tx, ofFile);
    if (read.type === 'refused') return read;
    return { type: 'change', topic: read.topic, to: { definition: null, retired: false } };
  });
}

type Decision =
  /** `topic` is what is in force then; null: none. */
  | { type: 'change'; topic: Topic | null; to: Pick<WrittenTopic, 'definition' | 'retired'> }
  | { type: 'same' }
  | Extract<TopicOutcome, { type: 'refused' | 'unknown' }>;

/** What is so already is no conflict: the same form twice is one change. */
function alter(
  { db, now }: Deps,
  { id, by, expected }: Change,
  decide: (tx: Prisma.TransactionClient, row: WrittenTopic | null) => Promise<Decision>,
): Promise<TopicOutcome> {
  return db.$transaction(async (tx) => {
    await lockTopics(tx);
    const row = await tx.writtenTopic.findUnique({ where: { id } });
    const version = row?.version ?? 0;
    const decision = await decide(tx, row);
    if (decision.type === 'same') return { type: 'unchanged', version };
    if (decision.type !== 'change') return decision;
    if (row !== null && expected !== null && expected !== version) {
      const { changedBy, changedAt } = row;
      return { type: 'conflict', version, changedBy, changedAt };
    }
    const { topic, to } = decision;
    if (topic === null) await tx.topic.update({ where: { id }, data: { retired: true } });
    else await storeTopic(tx, topic);
    const change = { ...to, version: version + 1, changedAt: now(), changedBy: by };
    await tx.writtenTopic.upsert({ where: { id }, create: { id, ...change }, update: change });
    return { type: 'stored', version: version + 1 };
  });
}

/** Among the topics that are offered now. */
async function readForForce(
  tx: Prisma.TransactionClient,
  draft: TopicDraft,
): Promise<{ type: 'topic'; topic: Topic } | Extract<TopicOutcome, { type: 'refused' }>> {
  const groups = await tx.topicGroup.findMany({ orderBy: { position: 'asc' }, select: { id: true } });
  const read = readDraft(
    draft,
    groups.map(({ id }) => id),
  );
  if (read.type === 'refused') return { ...read, field: findNamedField(read.reason) };
  const { topic } = read;
  const present = await tx.topic.findFirst({
    where: { id: { in: topic.replaces }, retired: false },
    select: { id: true },
  });
  if (present !== null)
    return { type: 'refused', field: 'further', reason: `it replaces ${present.id}, which is not retired` };
  return read;
}

const fields = ['id', 'name', 'group', 'description', 'phrases', 'examples'];

/** What the reader of the file quotes first, or begins with; all else stands in the further lines. */
function findNamedField(reason: string): string {
  if (/there is no group/.test(reason)) return 'group';
  return fields.find((field) => new RegExp(`^the ${field}\\b|"${field}"`).test(reason)) ?? 'further';
}
