import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChosenDigest, chooseNextDigest } from '../../src/digests/choose-digest.ts';
import { createMatchFinder } from '../../src/digests/match-finder.ts';
import { previewDigest } from '../../src/digests/reader-papers.ts';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { defaultPreferences, type Preferences } from '../../src/subscribers/preferences/preferences.ts';
import { learnFrom } from '../support/learn-from.ts';
import { createWorld, paper, type World } from '../support/world.ts';

const toPaper = (title: string, abstract: string, arxiv?: string): ListedPaper =>
  paper({ title, abstract, ...(arxiv === undefined ? {} : { ids: { arxiv } }) });
const older = [
  toPaper('Waggle: how bees dance', 'Foraging bees dance for nectar in the hive.', '2602.00001'),
  toPaper('Trench: a sea floor', 'Sediment of the deep sea floor, in a trench.'),
  ...['clouds', 'rivers', 'sands', 'ferns', 'owls', 'moths', 'glaciers', 'reefs'].map((of) =>
    toPaper(`On ${of}`, `What ${of} tell of their past.`),
  ),
];
const today = [
  toPaper('Nectar and hives', 'A hive of foraging bees finds nectar.'),
  toPaper('Bees again', 'Bees dance in the hive for nectar, and foraging pays.'),
  toPaper('Queens of the hive', 'Foraging bees, nectar, a dance.', '2603.00007'),
  toPaper('Sediment of a trench', 'The deep sea floor holds sediment.'),
  toPaper('Pretraining at night', 'Pretraining of large models.'),
  toPaper('Pretraining with bees', 'Pretraining on how foraging bees dance for nectar.'),
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.list('2026-03-01', older);
  await world.list('2026-03-02', today);
  await learnAnew();
});
afterAll(() => world.close());

const learnAnew = () => learnFrom(world, [...older, ...today]);

const trainer: Partial<Preferences> = { topics: ['llm-training'], library: ['[arXiv:2602.00001]'] };
const viewPicks = (digest: Extract<ChosenDigest, { type: 'digest' }>['digest']) =>
  digest.picks.map(({ paper, reasons }) => [paper.title, reasons[0]?.type]);
const preview = async (wanted: Partial<Preferences>) => {
  const deps = { db: world.db, matches: createMatchFinder(world), topicNames: new Map<string, string>() };
  const { digest } = await previewDigest(deps, { ...defaultPreferences, ...wanted });
  return digest?.picks ?? [];
};
const choose = async (email: string) => {
  const chosen = await chooseNextDigest(
    { db: world.db, matches: createMatchFinder(world) },
    { subscriber: await world.find(email), day: '2026-03-02' },
  );
  return chosen.type === 'digest' ? viewPicks(chosen.digest) : [];
};

describe('papers like those that a reader likes', () => {
  test('come beside what matches, at most as many as they want, and what matches is nearest first', async () => {
    const picks = await preview(trainer);
    const titles = picks.map(({ paper }) => paper.title);
    expect(titles).toHaveLength(4);
    expect(titles.indexOf('Pretraining with bees')).toBeLessThan(titles.indexOf('Pretraining at night'));
    const alike = picks.flatMap(({ reasons }) => reasons.filter(({ type }) => type === 'alike'));
    expect(alike).toHaveLength(2);
    expect(alike[0]).toMatchObject({ like: 'Waggle' });
    expect(alike[0]?.because.join(' ')).toMatch(/nectar|hive|foraging/i);
    expect((await preview({ ...trainer, maxAlike: 0 })).map(({ paper }) => paper.title)).toEqual([
      'Pretraining with bees',
      'Pretraining at night',
    ]);
  });

  test('are like a title that is not stored, and like what they wrote about themselves', async () => {
    const [first] = await preview({ library: ['Sediment on the sea floor'] });
    expect(first?.paper.title).toBe('Sediment of a trench');
    expect(first?.reasons).toMatchObject([{ type: 'alike', like: 'Sediment on the sea floor' }]);
    const [own] = await preview({ about: 'I study how sediment gathers in a deep sea trench.' });
    expect(own?.paper.title).toBe('Sediment of a trench');
    expect(own?.reasons).toMatchObject([{ type: 'alike', like: null }]);
    expect(await preview({ about: 'Violins of Cremona' })).toEqual([]);
  });

  test('are none of those that they named themselves, be it by id or by title', async () => {
    for (const library of [
      ['[arXiv:2603.00007]'],
      ['Queens of the hive'],
      ['QUEENS, of the hive [doi:10.1000/queens]'],
    ]) {
      const picks = await preview({ library, maxAlike: 1 });
      expect(picks).toHaveLength(1);
      expect(picks[0]?.paper.title).not.toBe('Queens of the hive');
      expect(picks[0]?.reasons).toMatchObject([{ type: 'alike', like: 'Queens of the hive' }]);
    }
  });

  test('leave those that they named to what they follow, and bring them no further up', async () => {
    const followed = { topics: ['llm-training'], maxAlike: 0 };
    const library = ['Waggle: how bees dance', 'Pretraining with bees'];
    const picks = await preview({ ...followed, library });
    expect(picks.map(({ paper }) => paper.title)).toEqual(['Pretraining at night', 'Pretraining with bees']);
    expect(picks.flatMap(({ reasons }) => reasons.map(({ type }) => type))).toEqual(['topic', 'topic']);
  });

  test('stay out where they have what is never wanted', async () => {
    const titles = (await preview({ ...trainer, excludedKeywords: ['hive'] })).map(
      ({ paper }) => paper.title,
    );
    expect(titles).toEqual(['Pretraining with bees', 'Pretraining at night']);
  });

  test('are like what they follow in words as well, beside what they like', async () => {
    const { nearness } = createMatchFinder(world);
    const { preferences, votes } = await world
      .subscribe('words@example.org')
      .then(() => world.find('words@example.org'));
    const read = (wanted: Partial<typeof preferences>) =>
      nearness.read({ id: null, preferences: { ...preferences, ...wanted }, votes });
    const library = ['Waggle: how bees dance'];
    const [alone, beside] = [
      await read({ library }),
      await read({ library, keywords: ['sediment -violin'] }),
    ];
    expect(beside?.profile).not.toEqual(alone?.profile);
    expect((await read({ library, keywords: ['sediment'] }))?.profile).toEqual(beside?.profile);
    expect((await read({ library, keywords: ['au:Bee'] }))?.profile).toEqual(alone?.profile);
    expect(await read({ keywords: ['sediment'] })).toBeNull();
  });

  test('go by votes, too; a profile is made when examples or the model change, and not otherwise', async () => {
    const { id } = await world.subscribe('ada@example.org', { topics: ['llm-inference'], maxAlike: 1 });
    const vote = async (title: string, wish: 'more' | 'fewer') => {
      const row = await world.db.paper.findFirstOrThrow({ where: { title } });
      await world.db.vote.create({ data: { subscriberId: id, paperSeq: row.seq, wish, interests: [] } });
    };
    const findProfile = () => world.db.readerProfile.findUnique({ where: { subscriberId: id } });
    expect(await choose('ada@example.org')).toEqual([]);
    expect(await findProfile()).toBeNull();

    await vote('Trench: a sea floor', 'more');
    expect(await choose('ada@example.org')).toEqual([['Sediment of a trench', 'alike']]);
    const first = await findProfile();
    await choose('ada@example.org');
    expect(await findProfile()).toEqual(first);

    await vote('Sediment of a trench', 'fewer');
    expect(await choose('ada@example.org')).toEqual([]);
    expect((await findProfile())?.basis).not.toBe(first?.basis);
    await learnAnew();
    await choose('ada@example.org');
    expect((await findProfile())?.modelId).toBeGreaterThan(first?.modelId ?? 0);
  });

  test('are no papers that they voted for before they were mailed', async () => {
    const { id } = await world.subscribe('grace@example.org', { topics: ['llm-training'], maxAlike: 1 });
    for (const title of ['Queens of the hive', 'Pretraining with bees']) {
      const { seq } = await world.db.paper.findFirstOrThrow({ where: { title } });
      await world.db.vote.create({ data: { subscriberId: id, paperSeq: seq, wish: 'more', interests: [] } });
    }
    expect(await choose('grace@example.org')).toEqual([
      ['Pretraining at night', 'topic'],
      ['Nectar and hives', 'alike'],
      ['Pretraining with bees', 'topic'],
    ]);
  });

  test('are found with profiles that were read for a whole batch of readers at once', async () => {
    const reader = await world.subscribe('batch@example.com', trainer);
    const { id, preferences, votes } = await world.find('batch@example.com');
    const { nearness } = createMatchFinder(world);
    const before = await nearness.read({ id, preferences, votes });
    await nearness.prepare([{ id, preferences, votes }]);
    // Whoever asks the database now finds nothing.
    await world.db.readerProfile.deleteMany();
    expect((await nearness.read({ id, preferences, votes }))?.profile).toEqual(before?.profile);
    expect(await world.db.readerProfile.count()).toBe(0);

    await nearness.prepare([{ id, preferences, votes }]);
    const other = { ...preferences, library: ['Trench: a sea floor'] };
    const moved = await nearness.read({ id, preferences: other, votes });
    expect(moved?.profile).not.toEqual(before?.profile);
    const worded = { ...other, keywords: ['sediment'] };
    expect((await nearness.read({ id, preferences: worded, votes }))?.profile).not.toEqual(moved?.profile);
    expect(await world.db.readerProfile.count()).toBe(1);
    expect(reader).toBeDefined();
  });
});
