import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexPaper } from '../../src/matching/index-paper.ts';
import { parseQuery, type Query } from '../../src/matching/query/query.ts';
import { matchQuery } from '../../src/matching/query/query-matcher.ts';
import { searchPapers } from '../../src/matching/search.ts';
import type { Place } from '../../src/papers/browse-store.ts';
import { watchStatements } from '../support/watch-statements.ts';
import { createWorld, paper, type World } from '../support/world.ts';

const titles = [
  'Mixture of Experts at Scale',
  'ElasticMoE Serves Everyone',
  'Fine Tuning of Language Models',
  'Finetuning Without Tears',
  'A Camera That Needs No Light',
  'Text to Image, Twice',
  'Attention, Attention',
  'Graph Transformers for Cameras',
  'The Whole of It',
  '图神经网络综述',
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.list(
    '2026-02-28',
    titles.slice(0, 5).map((title) => paper({ title })),
  );
  await world.list(
    '2026-03-01',
    titles.slice(5).map((title) => paper({ title, abstract: 'A study of cameras.' })),
  );
});
afterAll(() => world?.close());

function read(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') throw new Error(parsed.reason);
  return parsed.query;
}

async function search(
  text: string,
  { limit = 30, after = null }: { limit?: number; after?: Place | null } = {},
) {
  const { found, next } = await searchPapers(world.db, { query: read(text), after, limit });
  return { titles: found.map(({ paper }) => paper.title), next };
}

describe('searching all papers', () => {
  test.each([
    'moe',
    'mixture of experts',
    '"mixture of experts"',
    'finetuning',
    '"fine tuning"',
    'fine tuning',
    'fine-tuned models',
    'text2image',
    'camera',
    'camera -light',
    'camera OR (models -experts)',
    'graph (transformer OR attention)',
    '"graph transformers"',
    '图神经网络综述',
    'whole "of it"',
    'nothing of the kind',
  ])('%s finds what it finds by mail', async (text) => {
    const papers = await world.db.paper.findMany();
    const expected = papers.filter((one) => matchQuery(read(text), indexPaper(one)) !== null);
    const { titles, next } = await search(text);
    expect(titles.toSorted()).toEqual(expected.map(({ title }) => title).toSorted());
    expect(next).toBeNull();
  });

  test('the newest day comes first, and steps go through all, each once', async () => {
    const whole = await search('camera');
    const seen: string[] = [];
    let after: Place | null = null;
    do {
      const step: Awaited<ReturnType<typeof search>> = await search('camera', { limit: 2, after });
      seen.push(...step.titles);
      after = step.next;
    } while (after !== null);
    expect(seen).toEqual(whole.titles);
    expect(seen).toHaveLength(6);
    expect(seen.at(-1)).toBe('A Camera That Needs No Light');
  });

  test('a rare phrase of common words is found behind any number of papers that have the words', async () => {
    await world.list('2026-02-01', [paper({ title: 'Slow Light in Deep Water' })]);
    const many = Array.from({ length: 200 }, (_, n) =>
      paper({
        title: `Deep Light on Slow Water ${n}`,
        abstract: 'Water is deep, light is slow, and in it all is light.',
      }),
    );
    await world.list('2026-03-04', many);
    expect(await search('"slow light in deep water"')).toEqual({
      titles: ['Slow Light in Deep Water'],
      next: null,
    });
    expect((await search('"slow light" -"deep light"')).titles).toEqual(['Slow Light in Deep Water']);
  });

  test('where PostgreSQL last counted papers when it had none, candidates are looked for once', async () => {
    const count = ({ rows, pages }: { rows: number; pages: number }) => world.db.$executeRaw`
      UPDATE pg_class SET reltuples = ${rows}, relpages = ${pages} WHERE relname IN ('paper', 'paper_words')`;
    await count({ rows: 0, pages: 1000 });
    try {
      expect((await search('"slow light in deep water"')).titles).toEqual(['Slow Light in Deep Water']);
    } finally {
      await count({ rows: -1, pages: 0 });
    }
  });

  test('a paper that got its abstract later is found by it', async () => {
    await world.list('2026-03-02', [paper({ title: 'Late Words' })]);
    expect((await search('zebra')).titles).toEqual([]);
    await world.list('2026-03-02', [paper({ title: 'Late Words', abstract: 'About zebras.' })]);
    expect((await search('zebra')).titles).toEqual(['Late Words']);
  });
});

test('authors are searched, also those that a later listing names', async () => {
  const title = 'A Paper That Gets Its Authors Late';
  await world.list('2026-03-02', [paper({ title })]);
  expect((await search('au:hopper')).titles).toEqual([]);
  await world.list('2026-03-03', [paper({ title, authors: ['Grace Hopper', 'A. Turing'] })]);
  expect((await search('au:"Alan Turing" au:hopper')).titles).toEqual([title]);
  expect((await search('"gets its authors" -au:hopper')).titles).toEqual([]);
});

test('who has as many as they asked for asks for no more candidates', async () => {
  await world.list(
    '2026-03-04',
    Array.from({ length: 60 }, (_, n) => paper({ title: `Zebrafish ${n}` })),
  );
  let steps = 0;
  const db = watchStatements(world.db, {
    before: (sql) => {
      steps += /@>|&&|word/.test(sql) ? 1 : 0;
    },
  });
  const ask = async (limit: number) => {
    steps = 0;
    const { found } = await searchPapers(db, { query: read('zebrafish'), after: null, limit });
    return { found: found.length, steps };
  };
  // A step looks at fifty.
  expect(await ask(50)).toEqual({ found: 50, steps: 1 });
  expect(await ask(51)).toEqual({ found: 51, steps: 2 });
  await world.list(
    '2026-03-05',
    Array.from({ length: 120 }, (_, n) => paper({ title: `Swift foxes ${n}: foxes eat, and eat berries` })),
  );
  const far = async (text: string) => {
    steps = 0;
    const { found, next } = await searchPapers(db, { query: read(text), after: null, limit: 50 });
    return { found: found.length, steps, isOver: next === null };
  };
  // What stands nowhere in a row is looked up once, however many have its words.
  expect(await far('"swift foxes eat berries"')).toEqual({ found: 0, steps: 1, isOver: false });
  expect(await far('"swift foxes eat"')).toEqual({ found: 0, steps: 2, isOver: false });
});
