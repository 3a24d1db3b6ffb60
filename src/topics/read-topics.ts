// Reads the file of curated topics, and tells a mistake in it with its line.

import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node as YamlNode } from 'yaml';
import { type Language, languageCodes } from '../languages/languages.ts';
import { parseQuery, type Query, type QueryLimits } from '../matching/query/query.ts';
import { splitWords } from '../matching/words/split-words.ts';
import { ConfigError } from '../platform/errors.ts';

export type TopicNames = Partial<Record<Language, string>>;

/** Topics that stand together on the form. */
export type TopicGroup = { id: string; name: string; names: TopicNames };

/** What speaks for a topic, and what against it. The words of one line must stand in one sentence. */
export type Topic = {
  id: string;
  name: string;
  /** In other languages than that of `name`. */
  names: TopicNames;
  /** The id of its group, if it has one. */
  group: string | null;
  /** A sentence or two: what readers see, and what papers are compared with. */
  description: string;
  /** Titles that papers of the topic could have. */
  examples: string[];
  /** Ids of topics that it took the place of: their followers become its own. */
  replaces: string[];
  /** Each says nearly alone what the paper is about: the phrases, and the strong lines of rules. */
  strong: Query[];
  /** Each helps, none is enough. */
  hints: Query[];
  /** Hints in a title; an abstract says them about everything. */
  titles: Query[];
  /** What such words mean elsewhere. */
  against: Query[];
  /** Unless empty: a paper without any of these never has the topic. */
  needs: Query[];
  /** The weight of evidence from which a paper has the topic; see `topic-matcher.ts` for the weights. */
  threshold: number;
};

export const defaultThreshold = 4.25;
/** Without rules more is asked for: nothing speaks against a phrase that means something else. */
export const phrasesThreshold = 5.25;

const evidenceLimits: QueryLimits = { characters: 1000, words: 150 };
const required = ['id', 'name', 'description'];
const optional = [
  ...['names', 'group', 'phrases', 'examples', 'replaces'],
  ...['strong', 'hints', 'titles', 'against', 'needs', 'threshold'],
];

export type TopicsFile = { groups: TopicGroup[]; topics: Topic[] };

/** The topics alone. */
export function parseTopics(yamlText: string, fileName: string): Topic[] {
  return parseTopicsFile(yamlText, fileName).topics;
}

/**
 * A list of topics, or `groups` and `topics`. `fileName` is for messages only. Throws ConfigError with file, line and what
 * is wrong, for the first mistake. A file without groups of its own may name the `known` ones: one topic, which is for a catalogue.
 */
export function parseTopicsFile(
  yamlText: string,
  fileName: string,
  known: readonly TopicGroup[] = [],
): TopicsFile {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines });
  const fail: Fail = (node, message) => {
    const line = node?.range ? lines.linePos(node.range[0]).line : 1;
    throw new ConfigError(`${fileName}, line ${line}: ${message}`);
  };
  const [error] = document.errors;
  if (error) {
    throw new ConfigError(
      `${fileName}, line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`,
    );
  }

  const { contents } = document;
  const parts = isMap<YamlNode, YamlNode | null>(contents)
    ? readFields(contents, { required: ['topics'], optional: ['groups'], what: 'the file' }, fail)
    : new Map([['topics', contents]]);
  const groups = parts.has('groups') ? readAll(parts.get('groups'), readGroup, fail) : [...known];
  const listed = parts.get('topics');
  if (!isSeq(listed) || listed.items.length === 0)
    return fail(listed, 'expected a list of topics, each "- id: ..."');
  const topics = readAll(listed, readTopic, fail);
  for (const [number, { id, group, replaces }] of topics.entries()) {
    const item = listed.items[number] as YamlNode;
    if (group !== null && !groups.some((one) => one.id === group))
      fail(
        item,
        `${id}: there is no group "${group}"; the groups are ${groups.map((one) => one.id).join(', ') || 'none'}`,
      );
    const present = replaces.find((old) => topics.some((one) => one.id === old));
    if (present !== undefined)
      fail(item, `${id}: it replaces ${present}, which is still a topic of this file`);
  }
  return { groups, topics };
}

function readAll<One extends { id: string }>(
  list: YamlNode | null | undefined,
  readOne: (item: YamlNode, fail: Fail) => One,
  fail: Fail,
): One[] {
  if (list === undefined || list === null) return [];
  if (!isSeq<YamlNode>(list)) return fail(list, 'expected a list, each "- id: ..."');
  const all: One[] = [];
  for (const item of list.items) {
    const one = readOne(item, fail);
    if (all.some(({ id }) => id === one.id)) fail(item, `the id ${one.id} is there already, further up`);
    all.push(one);
  }
  return all;
}

function readGroup(item: YamlNode, fail: Fail): TopicGroup {
  const fields = readFields(item, { required: ['id', 'name'], optional: ['names'], what: 'a group' }, fail);
  return { id: readId(fields, fail), name: readLine(fields, 'name', fail), names: readNames(fields, fail) };
}

type Fail = (node: YamlNode | null | undefined, message: string) => never;
type Fields = Map<string, YamlNode | null>;

function readTopic(item: YamlNode, fail: Fail): Topic {
  const fields = readFields(item, { required, optional, what: 'a topic' }, fail);
  const id = readId(fields, fail);
  const strong = [
    ...readQueries(fields, 'phrases', fail, joinPhrase),
    ...readQueries(fields, 'strong', fail),
  ];
  if (strong.length === 0)
    fail(fields.get('phrases') ?? fields.get('strong') ?? item, `${id}: "phrases" needs at least one line`);
  return {
    id,
    name: readLine(fields, 'name', fail),
    names: readNames(fields, fail),
    group: fields.has('group') ? readLine(fields, 'group', fail) : null,
    description: readDescription(fields, fail),
    examples: readTexts(fields, 'examples', fail),
    replaces: readTexts(fields, 'replaces', fail),
    strong,
    hints: readQueries(fields, 'hints', fail),
    titles: readQueries(fields, 'titles', fail),
    against: readQueries(fields, 'against', fail),
    needs: readQueries(fields, 'needs', fail),
    threshold: readThreshold(
      fields.get('threshold'),
      fields.has('strong') ? defaultThreshold : phrasesThreshold,
      fail,
    ),
  };
}

function readId(fields: Fields, fail: Fail): string {
  const id = readLine(fields, 'id', fail);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) || !/[a-z]/.test(id) || id.length > 64) {
    fail(
      fields.get('id'),
      `the id "${id}" must be small letters, digits and single hyphens, such as graph-learning`,
    );
  }
  return id;
}

type Keys = { required: string[]; optional: string[]; what: string };

function readFields(item: YamlNode, { required, optional, what }: Keys, fail: Fail): Fields {
  if (!isMap<YamlNode, YamlNode | null>(item))
    return fail(item, `expected ${what}, which starts with "- id: ..."`);
  const fields: Fields = new Map();
  for (const { key, value } of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (![...required, ...optional].includes(name)) {
      fail(key, `unknown key "${name}"; ${what} has ${[...required, ...optional].join(', ')}`);
    }
    fields.set(name, value);
  }
  const missing = required.find((name) => !fields.has(name));
  if (missing) fail(item, `${what.replace(/^a /, 'the ')} has no "${missing}"`);
  return fields;
}

function readLine(fields: Fields, name: string, fail: Fail): string {
  const node = fields.get(name);
  const text = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
  if (text === '') return fail(node ?? fields.get('id'), `"${name}" is empty or not a text`);
  if (text.includes('\n')) return fail(node, `"${name}" must be one line`);
  return text;
}

/** Papers are compared with it, and readers choose by it: a word or two are not enough for either. */
function readDescription(fields: Fields, fail: Fail): string {
  const text = readLine(fields, 'description', fail);
  if (splitWords(text).length < fewestWords)
    fail(
      fields.get('description'),
      `the description "${text}" must be a sentence, of ${fewestWords} words at least: what is the topic about?`,
    );
  return text;
}

const fewestWords = 3;

function readTexts(fields: Fields, name: string, fail: Fail): string[] {
  if (!fields.has(name)) return [];
  const list = fields.get(name);
  if (!isSeq<YamlNode>(list)) return fail(list ?? fields.get('id'), `"${name}" must be a list, each "- ..."`);
  return list.items.map((node) => readText(node, name, fail, list));
}

function readText(node: YamlNode | null, name: string, fail: Fail, place: YamlNode): string {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
  return text === '' ? fail(node ?? place, `"${name}" has an empty line, or one that is no text`) : text;
}

function readNames(fields: Fields, fail: Fail): TopicNames {
  const names = fields.get('names');
  if (names === undefined) return {};
  if (!isMap<YamlNode, YamlNode | null>(names))
    return fail(
      names ?? fields.get('id'),
      '"names" must have a line for each language, such as "de: Bildverstehen"',
    );
  return Object.fromEntries(
    names.items.map(({ key, value }) => {
      const code = isScalar(key) ? String(key.value) : '';
      if (!languageCodes.some((known) => known === code))
        fail(key, `"names": there is no language "${code}"; there are ${languageCodes.join(', ')}`);
      return [code, readText(value, `names.${code}`, fail, key)];
    }),
  );
}

/** What has no OR, quotation marks or brackets is one phrase: kv cache is "kv cache". */
function joinPhrase(text: string): string {
  return /["()]|(?:^|\s)(?:OR|AND|NOT|-\S)/.test(text) || !/\s/.test(text) ? text : `"${text}"`;
}

function readQueries(
  fields: Fields,
  name: string,
  fail: Fail,
  prepare = (text: string): string => text,
): Query[] {
  if (!fields.has(name)) return [];
  const list = fields.get(name);
  if (!isSeq<YamlNode>(list))
    return fail(list ?? fields.get('id'), `"${name}" must be a list of queries, each "- ..."`);
  return list.items.map((node) => {
    const text = isScalar(node) && node.value !== null ? String(node.value) : '';
    const parsed = parseQuery(prepare(text), evidenceLimits);
    return parsed.type === 'query' ? parsed.query : fail(node ?? list, `"${name}": ${parsed.reason}`);
  });
}

function readThreshold(node: YamlNode | null | undefined, usual: number, fail: Fail): number {
  if (node === undefined) return usual;
  const value = isScalar(node) ? node.value : null;
  if (typeof value !== 'number' || !(value > 0))
    return fail(node, '"threshold" must be a number above 0, such as 4');
  return value;
}
