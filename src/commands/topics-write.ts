// `topics add` and the like: topics written by hand, over the same functions as the console.
import { resolve } from 'node:path';
import { recordAction } from '../operators/audit.ts';
import { ConfigError, PermanentError } from '../platform/errors.ts';
import { listDrafts, type TopicDraft } from '../topics/draft.ts';
import { readCatalogue, readTopicsText } from '../topics/topics-file.ts';
import {
  addTopic,
  type Change,
  describeOutcome,
  editTopic,
  restoreTopic,
  retireTopic,
  type TopicOutcome,
  takeBackTopic,
} from '../topics/written/write-topic.ts';
import { listWritten, writeCatalogue } from '../topics/written/written.ts';
import { openDb, print, printJson, type Surroundings } from './run.ts';

export const topicActions = ['add', 'edit', 'retire', 'restore', 'take-back'] as const;
export type TopicAction = (typeof topicActions)[number];

const by = 'command line';

/** `given` is a file for what is written, else an id. Throws what was refused. */
export async function changeTopic(
  surroundings: Surroundings,
  action: TopicAction,
  given: string,
  { seen, json }: { seen?: number; json?: true },
): Promise<void> {
  const { config } = surroundings;
  const now = () => new Date();
  const draft = action === 'add' || action === 'edit' ? await readGivenDraft(surroundings, given) : null;
  const id = draft?.id ?? given;
  const db = await openDb(surroundings);
  const change: Change = { id, by, expected: seen ?? null };
  const outcome = await act();
  const result = describeOutcome(outcome);
  await recordAction(db, {
    at: now(),
    adminName: by,
    action: `topic-${action}`,
    target: `topic ${id}`,
    result,
  });
  if (outcome.type === 'unknown')
    throw new PermanentError(
      `There is no topic “${id}” that this can be done to: \`topics list\` has those of the file, \`topics export\` those in force`,
    );
  if (outcome.type !== 'stored' && outcome.type !== 'unchanged') throw new PermanentError(`${id}: ${result}`);
  if (json) return printJson({ id, ...outcome });
  print(`${id}: ${result}\n`);

  async function act(): Promise<TopicOutcome> {
    if (draft !== null)
      return action === 'add'
        ? addTopic({ db, now }, { draft, by })
        : editTopic({ db, now }, { ...change, draft });
    if (action === 'retire') return retireTopic({ db, now }, change);
    const ofFile = await findOfFile(config, id);
    return (action === 'restore' ? restoreTopic : takeBackTopic)({ db, now }, { ...change, ofFile });
  }
}

async function findOfFile(config: Surroundings['config'], id: string): Promise<TopicDraft | null> {
  return listDrafts((await readCatalogue(config)).yaml).find((one) => one.id === id) ?? null;
}

async function readGivenDraft({ config }: Surroundings, file: string): Promise<TopicDraft> {
  const [draft, ...more] = listDrafts(await readTopicsText(resolve(config.workingFolder, file)));
  if (draft === undefined || more.length > 0)
    throw new ConfigError(`${file} must have one topic, "- id: ..." and what follows it`);
  return draft;
}

/** As a file for TOPICS_FILE. */
export async function exportTopics(surroundings: Surroundings, { json }: { json?: true }): Promise<void> {
  const { yaml } = await readCatalogue(surroundings.config);
  const whole = writeCatalogue(yaml, await listWritten(await openDb(surroundings)));
  if (json) return printJson({ topics: listDrafts(whole) });
  print(whole);
}
