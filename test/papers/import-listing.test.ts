// Listings on a real database: what the second source of a paper changes, and what it never changes.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/matching/query/query.ts';
import { searchPapers } from '../../src/matching/search.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { listNews, listPapersOfDay } from '../../src/papers/store.ts';
import { createWorld, expertPaper, paper, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.listing.deleteMany();
  await world.db.paper.deleteMany();
});

const list = (source: string, date: string, papers: ListedPaper[]) =>
  importListing(world, { source, date, papers });
const listAll = () =>
  listNews(world.db, { after: 0, through: 2_147_483_647, listedFrom: '1970-01-01', most: 1000 });

describe('two sources', () => {
  test('of one paper leave one row, filled by both', async () => {
    const title = 'Doubts at Scale';
    const first = await list('folder', '2026-03-02', [paper({ title, authorsCount: null, comments: 2 })]);
    const second = await list('hf', '2026-03-03', [
      paper({
        title,
        ids: { arxiv: '2603.00001' },
        abstract: 'We doubt.',
        authorsCount: 4,
        organization: 'Lab',
        upvotes: 9,
      }),
    ]);
    const third = await list('arxiv', '2026-03-03', [
      paper({
        title: `${title} (v2)`,
        ids: { arxiv: '2603.00001' },
        abstract: 'Else.',
        links: ['https://example.org/'],
      }),
    ]);
    expect([first, second, third].map(({ added, updated }) => [added.length, updated.length])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
    const [row, ...others] = await listAll();
    expect(others).toEqual([]);
    expect(row).toEqual({
      seq: first.added[0]?.seq,
      key: 'arxiv:2603.00001',
      ids: { arxiv: '2603.00001' },
      authors: [],
      isWithdrawn: false,
      gist: null,
      title,
      abstract: 'We doubt.',
      authorsCount: 4,
      organization: 'Lab',
      publishedOn: '2026-03-01',
      comments: 2,
      upvotes: 9,
      links: ['https://example.org/'],
      firstListedOn: '2026-03-02',
    });
  });

  test('on one day make a page on which the paper stands once', async () => {
    await list('hf', '2026-03-02', [paper({ title: 'Doubts', ids: { arxiv: '2603.00001' } })]);
    await list('folder', '2026-03-02', [paper({ title: 'doubts' }), paper({ title: 'Hopes' })]);
    expect((await listPapersOfDay(world.db, '2026-03-02')).map(({ title }) => title)).toEqual([
      'Doubts',
      'Hopes',
    ]);
  });
});

test('the same day twice changes upvotes and comments only', async () => {
  const papers = [expertPaper('fish'), expertPaper('birds')].map((given, index) => ({
    ...given,
    ids: { arxiv: `2603.0000${index + 1}` },
    upvotes: 1,
  }));
  await list('hf', '2026-03-02', papers);
  const before = await listAll();
  const grown = papers.map((given) => ({ ...given, upvotes: 5, comments: 1 }));
  expect((await list('hf', '2026-03-02', grown)).updated).toHaveLength(2);
  expect(await listAll()).toEqual(before.map((row) => ({ ...row, upvotes: 5, comments: 1 })));
  expect((await list('hf', '2026-03-02', grown)).updated).toEqual([]);
});

test('a paper that gets its abstract later gets the topics in it, and holds back nobody meanwhile', async () => {
  const title = 'Sorting Fish';
  await world.list('2026-03-02', [paper({ title })]);
  expect(await world.db.paperTopic.count()).toBe(0);
  const abstract =
    'A mixture of experts sorts. Another mixture of experts swims. The mixture of experts wins.';
  await list('hf', '2026-03-03', [paper({ title, abstract })]);
  expect(await world.db.paper.count({ where: { topicsVersion: null } })).toBe(0);
  await world.topics.assignTopics(world.db);
  expect(await world.db.paperTopic.findMany({ select: { topicId: true } })).toEqual([
    { topicId: 'mixture-of-experts' },
  ]);
});

test('a row with TeX for its letters is found by them, and gets letters when its paper is listed again', async () => {
  const countFound = async (text: string) => {
    const query = parseQuery(text);
    if (query.type === 'invalid') throw new Error(query.reason);
    return (await searchPapers(world.db, { query: query.query, after: null, limit: 5 })).found.length;
  };
  const ids = { arxiv: '2603.00001' };
  await list('arxiv', '2026-03-02', [
    paper({ ids, title: String.raw`H\"older Nets`, authors: [String.raw`J\"org M\"uller`] }),
  ]);
  await world.topics.assignTopics(world.db);
  const read = { title: 'Hölder Nets', authors: ['Jörg Müller'] };
  expect(await listAll()).toMatchObject([{ authors: read.authors }]);
  expect(await countFound('au:"Jörg Müller"')).toBe(1);
  await list('arxiv', '2026-03-03', [paper({ ids, ...read })]);
  await world.topics.assignTopics(world.db);
  expect(await listAll()).toMatchObject([{ ...read, firstListedOn: '2026-03-02' }]);
  expect(await world.db.paper.findMany({ select: { title: true, authors: true } })).toEqual([read]);
  expect(await countFound('au:"Jörg Müller" ti:hölder')).toBe(1);
});

test('titles of every length and script are stored', async () => {
  const title = Array.from({ length: 1000 }, (_, index) => String.fromCodePoint(0x4e00 + index * 17)).join(
    '',
  );
  await list('hf', '2026-03-02', [paper({ title })]);
  await list('hf', '2026-03-03', [paper({ title, upvotes: 1 })]);
  expect(await listAll()).toMatchObject([{ title, upvotes: 1 }]);
});
