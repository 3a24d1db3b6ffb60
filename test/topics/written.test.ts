import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTopicAssigner } from '../../src/topics/assign-topics.ts';
import { findDraft, type TopicDraft } from '../../src/topics/draft.ts';
import { parseTopicsFile } from '../../src/topics/read-topics.ts';
import { findPaperTopics, listTopics } from '../../src/topics/store.ts';
import {
  addTopic,
  editTopic,
  restoreTopic,
  retireTopic,
  takeBackTopic,
} from '../../src/topics/written/write-topic.ts';
import { layOver, listWritten, type WrittenTopic, writeCatalogue } from '../../src/topics/written/written.ts';
import { ada, createWorld, paper, topicsYaml, type World } from '../support/world.ts';

const kites: TopicDraft = {
  id: 'kites',
  name: 'Kites',
  group: '',
  description: 'Kites, their tails and strings, and the wind that lifts them.',
  phrases: ['kite', 'tail string'],
  examples: [],
  further: 'names: { de: Drachen }\nthreshold: 2',
};

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.list('2026-03-02', [
    paper({
      title: 'A Kite and Its Tail String',
      abstract: 'A kite has a tail string. A kite flies by its tail string.',
    }),
  ]);
});
afterAll(() => world?.close());

const offered = async () => (await listTopics(world.db)).map(({ id }) => id);
const ofPaper = async () => {
  const paper = await world.db.paper.findFirstOrThrow({ select: { seq: true } });
  return ((await findPaperTopics(world.db, [paper.seq])).get(paper.seq) ?? []).map(({ id }) => id);
};
const change = (id: string, expected: number | null = null) => ({ id, by: 'olga', expected });

describe('a topic that is written by hand', () => {
  test('is offered at once, and papers get it with the next round of a worker', async () => {
    expect(await addTopic(world, { draft: kites, by: 'olga' })).toEqual({ type: 'stored', version: 1 });
    expect(await addTopic(world, { draft: kites, by: 'olga' })).toEqual({ type: 'unchanged', version: 1 });
    expect(await offered()).toContain('kites');
    expect(await world.topics.assignTopics(world.db)).toBe(1);
    expect(await ofPaper()).toEqual(['kites']);
    expect(await world.topics.assignTopics(world.db)).toBe(0);
  });

  test('survives a start, and the choice of its followers survives that it is retired', async () => {
    await world.subscribe(ada, { topics: ['kites'] });
    expect(await retireTopic(world, change('kites', 1))).toEqual({ type: 'stored', version: 2 });
    await createTopicAssigner(topicsYaml, 'topics.yaml').storeTopics(world.db);
    expect(await offered()).not.toContain('kites');
    await world.topics.assignTopics(world.db);
    expect(await ofPaper()).toEqual([]);
    expect(await restoreTopic(world, { ...change('kites', 2), ofFile: null })).toMatchObject({ version: 3 });
    await createTopicAssigner(topicsYaml, 'topics.yaml').storeTopics(world.db);
    expect(await offered()).toContain('kites');
    expect((await world.find(ada)).preferences.topics).toEqual(['kites']);
  });

  test('is not overwritten by whoever saw an earlier version', async () => {
    const draft = { ...kites, name: 'Kites and strings' };
    expect(await editTopic(world, { ...change('kites', 1), draft })).toMatchObject({
      type: 'conflict',
      version: 3,
      changedBy: 'olga',
    });
    expect(await editTopic(world, { ...change('kites', 3), draft })).toMatchObject({ version: 4 });
    // The same form twice is one change.
    expect(await editTopic(world, { ...change('kites', 3), draft })).toMatchObject({ type: 'unchanged' });
  });

  test('is refused with the field that is wrong', async () => {
    const refused = (changed: Partial<TopicDraft>) =>
      addTopic(world, { draft: { ...kites, id: 'gliders', ...changed }, by: 'olga' });
    expect(await refused({ id: 'graph-learning' })).toMatchObject({ type: 'refused', field: 'id' });
    expect(await refused({ id: 'Kites!' })).toMatchObject({ field: 'id' });
    expect(await refused({ description: 'Gliders' })).toMatchObject({ field: 'description' });
    expect(await refused({ name: 'x'.repeat(200) })).toMatchObject({ field: 'name' });
    expect(await refused({ group: 'nowhere' })).toMatchObject({ field: 'group' });
    expect(await refused({ phrases: [] })).toMatchObject({ field: 'phrases' });
    expect(await refused({ further: 'replaces: [kites]' })).toMatchObject({ field: 'further' });
    expect(await refused({ further: 'wind: 3' })).toMatchObject({ field: 'further' });
    expect(await offered()).not.toContain('gliders');
  });
});

test('a topic of the file is as it was written, until that is taken back', async () => {
  const ofFile = findDraft(topicsYaml, 'graph-learning');
  if (ofFile === null) throw new Error('no such topic');
  const nameNow = async () => (await listTopics(world.db)).find(({ id }) => id === 'graph-learning')?.name;
  await editTopic(world, { ...change('graph-learning', 0), draft: { ...ofFile, name: 'Graphs' } });
  await world.topics.storeTopics(world.db);
  expect(await nameNow()).toBe('Graphs');
  const yaml = writeCatalogue(topicsYaml, await listWritten(world.db));
  const names = parseTopicsFile(yaml, 'exported.yaml').topics.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Graphs', 'Kites and strings', 'LLM training']));
  await takeBackTopic(world, { ...change('graph-learning', 1), ofFile });
  expect(await nameNow()).toBe('Graph learning');
  expect(await takeBackTopic(world, { ...change('kites'), ofFile: null })).toMatchObject({ type: 'refused' });
});

describe('what was written and cannot be read any more', () => {
  const row = (id: string, definition: string): WrittenTopic => ({
    ...{ id, definition, retired: false, version: 1 },
    ...{ changedAt: new Date(0), changedBy: 'olga' },
  });
  const file = parseTopicsFile(topicsYaml, 'topics.yaml');

  test('leaves the topic as the file has it, keeps no start, and is told', () => {
    const laid = layOver(file, [row('graph-learning', '- { id: graph-learning, colour: red }')]);
    expect(laid.topics).toEqual(file.topics);
    expect(laid.problems).toEqual([
      { id: 'graph-learning', reason: expect.stringContaining('unknown key "colour"') },
    ]);
  });

  test('loses only its group where the file has that no more', () => {
    const definition =
      '- { id: kites, group: toys, name: Kites, description: Kites in the wind, phrases: [kite] }';
    const laid = layOver(file, [row('kites', definition)]);
    expect(laid.topics.at(-1)).toMatchObject({ id: 'kites', group: null });
    expect(laid.problems).toEqual([{ id: 'kites', reason: 'the file has no group "toys" any more' }]);
  });
});
