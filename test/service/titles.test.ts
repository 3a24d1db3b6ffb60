// Papers that were listed by their title alone, and a local server that plays arXiv's search.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { findPaper, findPapers } from '../../src/papers/store.ts';
import { giveIdentity } from '../../src/papers/unite-papers.ts';
import { openTitleSearch } from '../../src/service/open-sources.ts';
import { resolveTitles } from '../../src/sources/titles/resolve-titles.ts';
import { type ApiEntry, printApiPage } from '../sources/arxiv/print-feed.ts';
import { hurried } from '../support/live-sources.ts';
import { type SourceServer, startSourceServer, xml } from '../support/source-server.ts';
import { createWorld, paper, type World } from '../support/world.ts';

let world: World;
let server: SourceServer;
beforeAll(async () => {
  [world, server] = await Promise.all([createWorld(), startSourceServer()]);
});
afterAll(async () => {
  await server.close();
  await world.close();
});
afterEach(async () => {
  await world.db.listing.deleteMany();
  await world.db.paper.deleteMany();
  world.clock.now = new Date('2026-03-03T09:00:00Z');
});

const resolve = async (sources = 'arxiv:cs.LG') => {
  const config = readConfig({ SOURCES: sources, ARXIV_API_URL: server.url, ARXIV_FEED_URL: server.url });
  const search = openTitleSearch({ config, db: world.db, now: world.now, policy: hurried });
  if (search === null) return null;
  return resolveTitles({ db: world.db, search, now: world.now }, new AbortController().signal);
};
const play = (...entries: ApiEntry[]) => {
  server.play();
  server.otherwise(() => xml(printApiPage(entries)));
};
const asked = () => server.asked.map(({ url }) => new URL(url, server.url).searchParams.get('search_query'));
const later = (hours: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + hours * 3_600_000);
};
const rows = () => world.db.paper.findMany({ orderBy: { seq: 'asc' } });
const ferry = 'Ferries on 10\\% of Lakes: A Study';

describe('a paper that was listed without an id', () => {
  test('gets that of the one paper with its title, with authors and day, and is asked for no more', async () => {
    await world.list('2026-03-02', [
      paper({ title: ferry, abstract: 'As listed.', authorsCount: 2, publishedOn: null }),
    ]);
    play(
      { id: '2603.00002v1', title: 'Ferries on Lakes' },
      {
        id: '2603.00001v3',
        title: 'Ferries on 10% of lakes -- a study',
        authors: ['Ada Lovelace', 'Alan Turing'],
      },
    );
    expect(await resolve()).toEqual({ asked: 1, found: 1, trouble: null });
    expect(asked()).toEqual(['ti:"Ferries on 10 of Lakes A Study"']);
    expect(await rows()).toMatchObject([
      {
        key: 'arxiv:2603.00001',
        arxivId: '2603.00001',
        title: ferry,
        abstract: 'As listed.',
        authors: ['Ada Lovelace', 'Alan Turing'],
        topicsVersion: 'outdated',
      },
    ]);
    later(1000);
    expect(await resolve()).toMatchObject({ asked: 0 });
  });

  test('keeps what it has where no title is equal, two papers have it, or it says too little', async () => {
    const listed = [ferry, 'Ferries of Two', 'Technical Report'].map((title) =>
      paper({ title, authorsCount: 7, publishedOn: '2026-03-01' }),
    );
    await world.list('2026-03-02', listed);
    play(
      { id: '2603.00002', title: `${ferry}, Revised` },
      { id: '2603.00003', title: 'Ferries of Two' },
      { id: '2603.00004', title: 'Ferries of Two' },
      { id: '2403.00005', title: 'Technical Report', published: '2024-03-01T10:00:00Z' },
    );
    expect(await resolve()).toMatchObject({ asked: 3, found: 0 });
    expect((await rows()).map(({ arxivId }) => arxivId)).toEqual([null, null, null]);
  });

  test('is asked for three times in all, with a day and a week between, in other words', async () => {
    await world.list('2026-03-02', [paper({ title: ferry })]);
    play();
    const counts: (number | undefined)[] = [];
    for (const hours of [0, 1, 24, 24, 200, 2000]) {
      later(hours);
      counts.push((await resolve())?.asked);
    }
    expect(counts).toEqual([1, 0, 1, 0, 1, 0]);
    expect(asked().slice(1)).toEqual(Array(2).fill('ti:Ferries AND ti:Lakes AND ti:Study'));
  });

  test('is asked for an hour after a failure, which is no try; a service that is down is left alone', async () => {
    await world.list(
      '2026-03-02',
      Array.from({ length: 5 }, (_, at) => paper({ title: `Ferries of Lake Number ${at}` })),
    );
    server.play();
    server.otherwise(() => ({ status: 503 }));
    expect(await resolve()).toEqual({ asked: 3, found: 0, trouble: expect.stringMatching(/503/) });
    play();
    expect(await resolve()).toMatchObject({ asked: 2 });
    later(2);
    expect(await resolve()).toMatchObject({ asked: 3 });
    const lookups = await world.db.titleLookup.findMany();
    expect(lookups.map(({ tries }) => tries)).toEqual([1, 1, 1, 1, 1]);
  });

  test('is taken up again after a kill in the middle of a question, and not before', async () => {
    await world.list('2026-03-02', [paper({ title: ferry })]);
    const inHalfAnHour = new Date(world.clock.now.getTime() + 600_000);
    const [{ seq = 0 } = {}] = await rows();
    await world.db.titleLookup.create({ data: { paperSeq: seq, nextTryAt: inHalfAnHour } });
    play({ id: '2603.00001', title: ferry });
    expect(await resolve()).toMatchObject({ asked: 0 });
    later(1);
    expect(await resolve()).toMatchObject({ asked: 1, found: 1 });
  });

  test('is asked for by one of several processes', async () => {
    await world.list(
      '2026-03-02',
      Array.from({ length: 4 }, (_, at) => paper({ title: `Ferries of Lake Number ${at}` })),
    );
    play();
    const results = await Promise.all([resolve(), resolve(), resolve()]);
    expect(results.reduce((sum, result) => sum + (result?.asked ?? 0), 0)).toBe(4);
  });

  test('is not asked for without a source that knows titles, nor is one that has a place', async () => {
    await world.list('2026-03-02', [paper({ title: ferry, ids: { doi: '10.1000/182' } })]);
    expect(await resolve('hf')).toBeNull();
    play();
    expect(await resolve()).toMatchObject({ asked: 0 });
  });
});

describe('a row that has the id already', () => {
  const found = paper({
    title: 'Ferries, Renamed',
    ids: { arxiv: '2603.00001' },
    authorsCount: 2,
    abstract: 'All.',
  });
  const twoRows = async (order: 'text first' | 'arXiv first') => {
    const text = [paper({ title: ferry, upvotes: 7, abstract: null, authorsCount: null })];
    const arxiv = [paper({ title: 'Ferries at First', ids: { arxiv: '2603.00001' }, upvotes: 3 })];
    await world.list('2026-03-01', order === 'text first' ? text : arxiv);
    await world.list('2026-03-02', order === 'text first' ? arxiv : text);
    return rows();
  };

  test.each(['text first', 'arXiv first'] as const)(
    'becomes one with it, %s: the older one',
    async (order) => {
      const both = await twoRows(order);
      const [older, younger] = both;
      const named = both.find(({ arxivId }) => arxivId === null);
      const reader = await world.subscribe('ada@example.com', {});
      for (const { seq } of both)
        await world.db.vote.create({
          data: { subscriberId: reader.id, paperSeq: seq, wish: 'more', interests: [] },
        });
      await world.db.$transaction((tx) => giveIdentity(tx, { seq: named?.seq ?? 0, found }));
      const [row, ...others] = await rows();
      expect(others).toEqual([]);
      expect(row).toMatchObject({
        seq: older?.seq,
        key: 'arxiv:2603.00001',
        title: older?.title,
        upvotes: 7,
        formerSeqs: [younger?.seq],
        titleKeys: expect.arrayContaining([
          'title:ferries at first',
          'title:ferries on 10 of lakes a study',
          'title:ferries renamed',
        ]),
      });
      const listed = await world.db.listingPaper.findMany({ where: { paperSeq: row?.seq ?? 0 } });
      expect(listed).toHaveLength(2);
      expect(await world.db.vote.findMany()).toMatchObject([{ paperSeq: row?.seq }]);
      // What was mailed under the former number leads to it.
      expect((await findPaper(world.db, younger?.seq ?? 0))?.seq).toBe(older?.seq);
      const papers = await findPapers(
        world.db,
        both.map(({ seq }) => seq),
      );
      expect([...papers.values()].map(({ seq }) => seq)).toEqual([older?.seq, older?.seq]);
      // And either listing again finds the one row.
      await world.list('2026-03-03', [paper({ title: ferry }), paper({ title: 'Ferries at First' })]);
      expect(await rows()).toHaveLength(1);
      await world.db.subscriber.deleteMany();
    },
  );

  test('that was only filled in gives way to the one that is news', async () => {
    const both = await twoRows('arXiv first');
    const [filledIn, news] = both;
    await world.db.paper.update({ where: { seq: filledIn?.seq ?? 0 }, data: { isNews: false } });
    await world.db.$transaction((tx) => giveIdentity(tx, { seq: news?.seq ?? 0, found }));
    expect(await rows()).toMatchObject([{ seq: news?.seq, isNews: true, key: 'arxiv:2603.00001' }]);
  });
});
