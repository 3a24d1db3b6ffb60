// A draft of a topic against the papers that came last: for the console and for programs. Bounded in papers and in time.

import { findDraft, readDraft, type TopicDraft, writeDraft } from '../../topics/draft.ts';
import { listNewestTexts, listTopics } from '../../topics/store.ts';
import { readCatalogue } from '../../topics/topics-file.ts';
import { findApart, tryApart } from '../../topics/try-apart.ts';
import type { TriedTopic } from '../../topics/try-topic.ts';
import { findWritten, listWritten } from '../../topics/written/written.ts';
import type { WebDeps } from './deps.ts';

/** As many as tell, when papers are given their topics, what papers are like. */
const mostPapers = 400;
const longestMs = 60_000;
/** In this process: each takes a processor of its own. */
const mostAtOnce = 2;
let underWay = 0;

export type TriedDraft =
  | { type: 'refused'; reason: string }
  | { type: 'too-long' }
  | { type: 'busy' }
  | { type: 'tried'; yaml: string; trial: TriedTopic };

type Deps = Pick<WebDeps, 'db' | 'config'>;

/** `signal`: whoever asked has gone. Without it they wait for the answer, however that ends. */
export async function tryDraft(
  { db, config }: Deps,
  draft: TopicDraft,
  signal?: AbortSignal,
): Promise<TriedDraft> {
  const read = readDraft(draft, await listGroups(db).then((groups) => groups.map(({ id }) => id)));
  if (read.type === 'refused') return read;
  if (underWay >= mostAtOnce) return { type: 'busy' };
  underWay += 1;
  const late = AbortSignal.timeout(longestMs);
  const over = signal === undefined ? late : AbortSignal.any([signal, late]);
  try {
    const [catalogue, papers, written] = await Promise.all([
      readCatalogue(config),
      listNewestTexts(db, mostPapers),
      listWritten(db),
    ]);
    const trial = await tryApart(catalogue, { topic: read.topic, papers, written }, over);
    return { type: 'tried', yaml: indentLike(catalogue.yaml, writeDraft(draft)), trial };
  } catch (error) {
    if (over.aborted) return { type: 'too-long' };
    throw error;
  } finally {
    underWay -= 1;
  }
}

/** As far in as the file has its topics, which stand last in it: what is put there needs no change. */
function indentLike(file: string, item: string): string {
  const [, indent = ''] = [...file.matchAll(/^( *)- id:/gm)].at(-1) ?? [];
  return item.replaceAll(/^(?=.)/gm, indent);
}

/** As it is in force, as if it were filled in; null where there is none of this id. */
export async function findTopicDraft(deps: Deps, id: string): Promise<TopicDraft | null> {
  const definition = (await findWritten(deps.db, id))?.definition ?? null;
  return (definition === null ? null : findDraft(definition, id)) ?? findTopicOfFile(deps, id);
}

export async function findTopicOfFile(
  { config }: Pick<Deps, 'config'>,
  id: string,
): Promise<TopicDraft | null> {
  return findApart(await readCatalogue(config), id, AbortSignal.timeout(longestMs));
}

/** Those that have a topic. */
export async function listGroups(db: WebDeps['db']): Promise<{ id: string; name: string }[]> {
  const groups = (await listTopics(db)).flatMap(({ group }) => group ?? []);
  return [...new Map(groups.map((group) => [group.id, group])).values()];
}
