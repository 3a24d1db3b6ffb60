// Reads the file of curated topics, and tells a mistake in it with its line.
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node as YamlNode } from 'yaml';
import { parseQuery, type Query, type QueryLimits } from '../matching/query.ts';
import { ConfigError } from '../platform/errors.ts';

/** What speaks for a topic, and what against it. The words of one line must stand in one sentence. */
export type Topic = {
  id: string;
  name: string;
  /** One line, for the sign-up page. */
  description: string;
  /** Each says nearly alone what the paper is about. */
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

const evidenceLimits: QueryLimits = { characters: 1000, words: 150 };
const required = ['id', 'name', 'description', 'strong'];
const optional = ['hints', 'titles', 'against', 'needs', 'threshold'];

/** `fileName` is for messages only. Throws ConfigError with file, line and what is wrong, for the first mistake. */
export function parseTopics(yamlText: string, fileName: string): Topic[] {
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
  if (!isSeq(contents) || contents.items.length === 0)
    return fail(contents, 'expected a list of topics, each "- id: ..."');
  const topics: Topic[] = [];
  for (const item of contents.items as YamlNode[]) {
    const topic = readTopic(item, fail);
    if (topics.some(({ id }) => id === topic.id))
      fail(item, `the id ${topic.id} is there already, further up`);
    topics.push(topic);
  }
  return topics;
}

type Fail = (node: YamlNode | null | undefined, message: string) => never;
type Fields = Map<string, YamlNode | null>;

function readTopic(item: YamlNode, fail: Fail): Topic {
  const fields = readFields(item, fail);
  const id = readLine(fields, 'id', fail);
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) || id.length > 64) {
    fail(
      fields.get('id'),
      `the id "${id}" must be small letters, digits and single hyphens, such as graph-learning`,
    );
  }
  const strong = readQueries(fields, 'strong', fail);
  if (strong.length === 0) fail(fields.get('strong') ?? item, `${id}: "strong" needs at least one line`);
  return {
    id,
    name: readLine(fields, 'name', fail),
    description: readLine(fields, 'description', fail),
    strong,
    hints: readQueries(fields, 'hints', fail),
    titles: readQueries(fields, 'titles', fail),
    against: readQueries(fields, 'against', fail),
    needs: readQueries(fields, 'needs', fail),
    threshold: readThreshold(fields.get('threshold'), fail),
  };
}

function readFields(item: YamlNode, fail: Fail): Fields {
  if (!isMap<YamlNode, YamlNode | null>(item))
    return fail(item, 'expected a topic, which starts with "- id: ..."');
  const fields: Fields = new Map();
  for (const { key, value } of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (![...required, ...optional].includes(name)) {
      fail(key, `unknown key "${name}"; a topic has ${[...required, ...optional].join(', ')}`);
    }
    fields.set(name, value);
  }
  const missing = required.find((name) => !fields.has(name));
  if (missing) fail(item, `the topic has no "${missing}"`);
  return fields;
}

function readLine(fields: Fields, name: string, fail: Fail): string {
  const node = fields.get(name);
  const text = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
  if (text === '') return fail(node ?? fields.get('id'), `"${name}" is empty or not a text`);
  if (text.includes('\n')) return fail(node, `"${name}" must be one line`);
  return text;
}

function readQueries(fields: Fields, name: string, fail: Fail): Query[] {
  if (!fields.has(name)) return [];
  const list = fields.get(name);
  if (!isSeq<YamlNode>(list))
    return fail(list ?? fields.get('id'), `"${name}" must be a list of queries, each "- ..."`);
  return list.items.map((node) => {
    const text = isScalar(node) && node.value !== null ? String(node.value) : '';
    const parsed = parseQuery(text, evidenceLimits);
    return parsed.type === 'query' ? parsed.query : fail(node ?? list, `"${name}": ${parsed.reason}`);
  });
}

function readThreshold(node: YamlNode | null | undefined, fail: Fail): number {
  if (node === undefined) return defaultThreshold;
  const value = isScalar(node) ? node.value : null;
  if (typeof value !== 'number' || !(value > 0))
    return fail(node, '"threshold" must be a number above 0, such as 4');
  return value;
}
