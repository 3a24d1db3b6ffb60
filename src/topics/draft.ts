// A topic as its author fills it in, and as the topics file has it.
import { isMap, isSeq, parseDocument, stringify, type YAMLMap } from 'yaml';
import { ConfigError } from '../platform/errors.ts';
import { parseTopicsFile, type Topic } from './read-topics.ts';

export type TopicDraft = {
  id: string;
  name: string;
  /** Empty: none. */
  group: string;
  description: string;
  phrases: string[];
  examples: string[];
  /** Whatever else the file may say of a topic, as it stands there: `hints:` and the like. May be empty. */
  further: string;
};

const filledIn = ['id', 'name', 'group', 'description', 'phrases', 'examples'];

/** As an item of the file's list of topics. */
export function writeDraft({ id, name, group, description, phrases, examples, further }: TopicDraft): string {
  const topic = {
    id,
    ...(group === '' ? {} : { group }),
    name,
    description,
    ...(phrases.length === 0 ? {} : { phrases }),
    ...(examples.length === 0 ? {} : { examples }),
  };
  const rest = further
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => `  ${line}\n`);
  return stringify([topic], { lineWidth: 0 }) + rest.join('');
}

export type ReadDraft = { type: 'topic'; topic: Topic } | { type: 'refused'; reason: string };

/** As the file's reader takes it. `groups` are the ids of those that there are. */
export function readDraft(draft: TopicDraft, groups: readonly string[]): ReadDraft {
  return readDefinition(writeDraft(draft), groups);
}

/** One item of the file's list of topics. */
export function readDefinition(definition: string, groups: readonly string[]): ReadDraft {
  const ofFile = groups.length === 0 ? '' : stringify({ groups: groups.map((id) => ({ id, name: id })) });
  const items = definition.replaceAll(/^/gm, '  ').trimEnd();
  try {
    const { topics } = parseTopicsFile(`${ofFile}topics:\n${items}\n`, place);
    const [topic, ...more] = topics;
    if (topic !== undefined && more.length === 0) return { type: 'topic', topic };
    return { type: 'refused', reason: 'Try one topic at a time.' };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The line is one of a file that nobody has.
    const reason = error.message.replace(/^.*?, line \d+: | at line \d+, column \d+:?$/g, '');
    return { type: 'refused', reason };
  }
}

const place = 'the draft';

/** That of the file's text; null when it has none of this id. */
export function findDraft(yaml: string, id: string): TopicDraft | null {
  return listDrafts(yaml).find((draft) => draft.id === id) ?? null;
}

/** All topics of a file's text; what is no topic there is left out. */
export function listDrafts(yaml: string): TopicDraft[] {
  const { contents } = parseDocument(yaml);
  const list = isMap(contents) ? contents.get('topics') : contents;
  return isSeq(list) ? list.items.flatMap((item) => (isMap(item) ? toDraft(item) : [])) : [];
}

function toDraft(item: YAMLMap): TopicDraft {
  const topic = item.toJSON() as Record<string, unknown>;
  const rest = Object.fromEntries(Object.entries(topic).filter(([key]) => !filledIn.includes(key)));
  const text = (key: string) => String(topic[key] ?? '');
  const texts = (key: string) => [topic[key] ?? []].flat().map(String);
  return {
    id: text('id'),
    name: text('name'),
    group: text('group'),
    description: text('description'),
    phrases: texts('phrases'),
    examples: texts('examples'),
    further: Object.keys(rest).length === 0 ? '' : stringify(rest, { lineWidth: 0 }).trimEnd(),
  };
}
