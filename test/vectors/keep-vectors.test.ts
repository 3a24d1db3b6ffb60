import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { listNews } from '../../src/papers/store.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { fillFirstDay } from '../../src/service/open-learning.ts';
import { isLearningDue, learn, placePapers } from '../../src/vectors/keep-vectors.ts';
import { learnModel } from '../../src/vectors/learn.ts';
import { createVectorizer } from '../../src/vectors/paper-vector.ts';
import {
  claimLearning,
  findModel,
  findModelId,
  findVectors,
  finishLearning,
} from '../../src/vectors/store.ts';
import { printApiPage } from '../sources/arxiv/print-feed.ts';
import { type LiveSources, openLiveSources } from '../support/live-sources.ts';
import { type SourceServer, startSourceServer, xml } from '../support/source-server.ts';
import { createWorld, paper, type World } from '../support/world.ts';

let world: World;
let server: SourceServer;
let sources: LiveSources;
beforeAll(async () => {
  [world, server] = await Promise.all([createWorld(), startSourceServer()]);
  sources = openLiveSources(world, server.url);
});
afterAll(async () => {
  await server.close();
  await world.close();
});
beforeEach(async () => {
  await world.db.learntModel.deleteMany();
  await world.db.paper.deleteMany();
  world.clock.now = new Date('2026-03-03T09:00:00Z');
});

const toPaper = (title: string, abstract: string | null = null): ListedPaper => paper({ title, abstract });
const words = ['bees', 'nectar', 'hives', 'honey', 'pollen', 'queens', 'drones', 'combs', 'wax'];
const manyPapers = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    toPaper(`${words[i % 9]} and ${words[(i * 5 + 1) % 9]} ${i}`, `Of ${words[(i * 7 + 2) % 9]}.`),
  );
const claim = () => claimLearning(world.db, { now: world.now(), isDue: () => true });
const listSeqs = async () =>
  (await world.db.paper.findMany({ orderBy: { seq: 'asc' } })).map(({ seq }) => seq);

describe('learning', () => {
  test('is due from 20 papers on, when there are half as many more, and at 300, where vectors begin', () => {
    const due = (storedPapers: number, model: [storedPapers: number, dimensions: number] | null) =>
      isLearningDue({
        storedPapers,
        model: model && { storedPapers: model[0], dimensions: model[1] },
      });
    expect([due(19, null), due(20, null)]).toEqual([false, true]);
    expect([due(149, [100, 0]), due(150, [100, 0])]).toEqual([false, true]);
    expect([due(299, [250, 0]), due(300, [250, 0]), due(449, [300, 128])]).toEqual([false, true, false]);
  });

  test('places every paper, and again those that change; a new model replaces the one before', async () => {
    await world.list('2026-03-02', manyPapers(30));
    expect(await learn(world, {})).toMatchObject({ type: 'learnt', learnt: { papers: 30, dimensions: 0 } });
    expect(await learn(world, {})).toEqual({ type: 'not-due' });
    expect(await placePapers(world)).toBe(30);
    expect(await placePapers(world)).toBe(0);

    const modelId = (await findModelId(world.db)) ?? 0;
    const [model, [first = 0]] = [await findModel(world.db, modelId), await listSeqs()];
    const row = await world.db.paper.findUniqueOrThrow({ where: { seq: first } });
    if (model === null) throw new Error('no model');
    const stored = (await findVectors(world.db, { modelId, seqs: [first] })).get(first);
    const { sparseScale, ...made } = createVectorizer(model)(row);
    expect(stored).toEqual({ ...made, sparseScale: Math.fround(sparseScale) });
    expect(stored?.terms.length).toBeGreaterThan(1);

    await world.list('2026-03-03', [toPaper('Untold'), ...manyPapers(1)]);
    await world.list('2026-03-03', [toPaper('Untold', 'Of wax, after all.')]);
    expect(await placePapers(world)).toBe(1);
    await learn(world, { isDue: () => true });
    expect(await world.db.learntModel.count()).toBe(1);
    expect(await placePapers(world)).toBe(31);
  });

  test('a model survives the database to the last number', async () => {
    const model = learnModel(manyPapers(60), { dimensions: 8, fewestPapers: 10 });
    const claimed = await claim();
    if (claimed.type !== 'claimed') throw new Error(claimed.type);
    await finishLearning(world.db, { id: claimed.id, model, now: world.now() });
    expect(await findModel(world.db, claimed.id)).toEqual({ id: claimed.id, ...model });
  });

  test('is done by one process at a time; what a killed one began leaves the model before in force', async () => {
    await world.list('2026-03-02', manyPapers(30));
    await learn(world, {});
    const before = await findModelId(world.db);
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(claims.map(({ type }) => type).toSorted()).toEqual(['claimed', 'learning', 'learning']);
    expect(await findModelId(world.db)).toBe(before);
    expect(await learn(world, { isDue: () => true })).toEqual({ type: 'learning' });

    world.clock.now = new Date(world.clock.now.getTime() + 16 * 60_000);
    const killed = claims.flatMap((one) => (one.type === 'claimed' ? one.id : []))[0] ?? 0;
    const taken = await claim();
    expect(taken.type).toBe('claimed');
    // The one believed dead comes back: it is too late.
    const model = learnModel(manyPapers(5));
    expect(await finishLearning(world.db, { id: killed, model, now: world.now() })).toBe(false);
    expect(await findModelId(world.db)).toBe(before);
  });
});

describe('on the first day', () => {
  const fill = () =>
    fillFirstDay(
      { ...world, log: createLogger('silent') },
      sources.get('arxiv'),
      new AbortController().signal,
    );
  const newsOf = async (after: number) =>
    (await listNews(world.db, { after, through: 1e9, listedFrom: '2026-02-15', most: 100 })).map(
      ({ title }) => title,
    );

  test('the days before are filled in, once, and are no news until a source lists them anew', async () => {
    server.otherwise((url) => {
      const [, year, month, day = ''] =
        /submittedDate:\[(\d{4})(\d\d)(\d\d)/.exec(url.searchParams.get('search_query') ?? '') ?? [];
      const published = `${year}-${month}-${day}T23:00:00Z`;
      return xml(printApiPage([{ id: `2602.000${day}`, title: `Bees of the ${day}th`, published }]));
    });
    await fill();
    const filled = await world.db.paper.findMany({ orderBy: { firstListedOn: 'asc' } });
    expect(filled.length).toBeGreaterThan(15);
    expect(filled[0]?.firstListedOn).toEqual(new Date('2026-02-02'));
    expect(filled.at(-1)?.firstListedOn).toEqual(new Date('2026-02-27'));
    expect(filled.every(({ topicsVersion }) => topicsVersion !== null)).toBe(true);
    expect(await newsOf(0)).toEqual([]);
    expect(await world.db.listing.count({ where: { source: 'arxiv' } })).toBeGreaterThan(15);

    const asked = server.asked.length;
    await fill();
    expect(server.asked).toHaveLength(asked);

    const served = (await listSeqs()).at(-1) ?? 0;
    await world.list('2026-03-03', [toPaper('Bees of the 25th'), toPaper('Wasps')]);
    expect((await newsOf(served)).toSorted()).toEqual(['Bees of the 25th', 'Wasps']);
  });

  test('a service that has asked arXiv before is not filled', async () => {
    await world.db.sourceFetch.deleteMany();
    await world.db.sourceFetch.create({
      data: {
        source: 'arxiv',
        day: new Date('2026-03-01'),
        startedAt: new Date('2026-03-01T12:00:00Z'),
        finishedAt: new Date('2026-03-01T12:00:00Z'),
        outcome: 'ok',
      },
    });
    const asked = server.asked.length;
    await fill();
    expect(server.asked).toHaveLength(asked);
  });
});
