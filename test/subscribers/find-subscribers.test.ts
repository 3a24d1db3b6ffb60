// A batch of readers is read by a statement of its own: it must say what the one for a single reader says.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPaper } from '../../src/papers/store.ts';
import { castVote } from '../../src/subscribers/preferences/vote.ts';
import { findSubscriber, findSubscribers } from '../../src/subscribers/store.ts';
import { ada, alan, createWorld, expertPaper, grace, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

test('readers of a batch are the same as when each is looked for alone, with everything in its order', async () => {
  await world.list('2026-03-02', [expertPaper('speech'), expertPaper('music')]);
  const full = await world.subscribe(ada, {
    topics: ['llm-inference', 'mixture-of-experts'],
    excludedTopics: ['graph-learning'],
    keywords: ['second', 'a "first"', 'ü, \\ and {braces}'],
    excludedKeywords: ['survey'],
    organizations: ['Lab, Inc.', 'Gensyn'],
    days: ['mon', 'thu'],
    pausedUntil: '2026-03-05',
    timeZone: 'Asia/Tokyo',
    whenEmpty: 'top3',
  });
  for (const [seq, wish] of [
    [2, 'fewer'],
    [1, 'more'],
  ] as const) {
    const paper = await findPaper(world.db, seq);
    if (paper === null) throw new Error('no paper');
    world.clock.now = new Date(world.clock.now.getTime() + 60_000);
    await castVote(world, { subscriberId: full.id, paper, wish });
  }
  const ids = [full.id, (await world.subscribe(grace)).id, (await world.signUp(alan)).id];
  const alone = await Promise.all(ids.map((id) => findSubscriber(world.db, id)));
  expect(alone[0]?.votes).toHaveLength(2);
  const batch = await findSubscribers(world.db, [...ids, '00000000-0000-4000-8000-000000000000']);
  expect(ids.map((id) => batch.find((reader) => reader.id === id))).toEqual(alone);
  expect(batch).toHaveLength(3);
});
