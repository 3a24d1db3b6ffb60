import { afterAll, beforeAll, expect, test } from 'vitest';
import { importListing } from '../../src/papers/import-listing.ts';
import { createTopicAssigner } from '../../src/topics/assign-topics.ts';
import { parseTopics } from '../../src/topics/read-topics.ts';
import { findPaperTopics } from '../../src/topics/store.ts';
import { compileTopics } from '../../src/topics/topic-matcher.ts';
import { createWorld, paper, type World } from '../support/world.ts';

const yaml = `
- id: kites
  name: Kites
  description: Kites, their tails and strings, and the wind that lifts them from the ground
  phrases: [kite, tail string]
  examples: [How a Kite Climbs in Gusty Wind]
- id: trains
  name: Trains
  description: Old trains, rusty rails, and all that runs on them
  phrases: [old trains, rusty rails]
`;
const trains = Array.from({ length: 30 }, (_, number) =>
  paper({
    title: `A Study of Old Trains and Rusty Rails, Part ${number}`,
    abstract: `We look at old trains and rusty rails of kind ${number}, and at what their makers say of them in letters.`,
  }),
);
/** Their words alone say too little of kites. */
const onKites = [
  paper({
    title: 'Climbing in Gusty Wind',
    abstract: 'A kite climbs from the ground. The wind lifts it, and each kite comes down again.',
  }),
  paper({
    title: 'Old Trains and Rusty Rails, Drawn',
    abstract: 'Kite draws rails. Of old trains Kite knows all.',
  }),
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.close());

test('papers of earlier days count for how near a new one lies to a topic', async () => {
  const { storeTopics, assignTopics } = createTopicAssigner(yaml, 'topics.yaml');
  await storeTopics(world.db);
  const list = async (date: string, papers: typeof onKites) => {
    await importListing(world, { source: 'test', date, papers });
    await assignTopics(world.db);
  };
  await list('2026-03-01', trains);
  await list('2026-03-02', onKites);

  const topics = parseTopics(yaml, 'topics.yaml');
  for (const one of onKites) {
    const { seq } = await world.db.paper.findFirstOrThrow({ where: { title: one.title } });
    const assignAmong = (around: typeof trains) => compileTopics(topics, around).assign(one);
    const expected = assignAmong([...trains, ...onKites]);
    expect(assignAmong(onKites)).not.toContainEqual(expect.objectContaining({ id: 'kites' }));
    expect(expected).toContainEqual(expect.objectContaining({ id: 'kites' }));
    expect((await findPaperTopics(world.db, [seq])).get(seq)).toEqual(expected);
  }
});
