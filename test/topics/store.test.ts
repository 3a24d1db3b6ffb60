import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepTopics, listTopics, readTopics, storeTopics } from '../../src/topics/store.ts';
import { ada, createWorld, grace, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.close());

describe('a topic that takes the place of others', () => {
  const topicsOf = async (email: string) => {
    const { preferences } = await world.find(email);
    return { wanted: [...preferences.topics].sort(), never: [...preferences.excludedTopics].sort() };
  };
  const line = (id: string, replaces: string[] = []) => ({
    id,
    name: id,
    description: `All of ${id}`,
    replaces,
  });

  test('has their followers, and those who never want it, each time topics are stored', async () => {
    await world.subscribe(ada, { topics: ['llm-training', 'graph-learning'] });
    await world.subscribe(grace, { topics: ['mixture-of-experts'], excludedTopics: ['llm-training'] });
    const after = [
      line('pretraining', ['llm-training']),
      line('tuning', ['llm-training']),
      line('graph-learning'),
    ];
    for (const _ of [1, 2]) await world.db.$transaction((tx) => storeTopics(tx, after));

    expect(await topicsOf(ada)).toEqual({ wanted: ['graph-learning', 'pretraining', 'tuning'], never: [] });
    expect(await topicsOf(grace)).toEqual({
      wanted: ['mixture-of-experts'],
      never: ['pretraining', 'tuning'],
    });
    const { successors } = await readTopics(world.db);
    expect(Object.fromEntries(successors)).toEqual({ 'llm-training': 'pretraining' });
    expect((await listTopics(world.db)).map(({ id }) => id)).toEqual([
      'pretraining',
      'tuning',
      'graph-learning',
    ]);
  });
});

describe('topics that are kept', () => {
  test('are read once for all who ask meanwhile, in each one’s language, and anew when the time is over', async () => {
    const rename = (name: string) =>
      world.db.topic.update({
        where: { id: 'graph-learning' },
        data: { name, names: { de: `${name} (de)` } },
      });
    const nameOf = async (topics: ReturnType<typeof readTopics>) =>
      (await topics).names.get('graph-learning');
    await rename('Before');
    const [kept, always] = [keepTopics(world.db, 60_000), keepTopics(world.db, 0)];
    expect(await nameOf(kept())).toBe('Before');
    await rename('After');
    expect(await nameOf(kept())).toBe('Before');
    expect(await nameOf(kept('de'))).toBe('Before (de)');
    expect(await nameOf(always())).toBe('After');
  });
});
