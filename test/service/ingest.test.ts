// Live fetches from end to end: a local server plays the services, everything behind it is real.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planDigests } from '../../src/ledger/plan.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createQueue, prepareQueueDatabase } from '../../src/platform/queue.ts';
import { ingest } from '../../src/service/jobs.ts';
import { keepTables } from '../../src/service/months.ts';
import { keepRound } from '../../src/service/rounds.ts';
import { listDayOutcomes } from '../../src/sources/fetch-store.ts';
import { printApiPage, printRss } from '../sources/arxiv/print-feed.ts';
import { hfEntry, hurried, type LiveSources, openLiveSources } from '../support/live-sources.ts';
import { json, type Reply, type SourceServer, startSourceServer, xml } from '../support/source-server.ts';
import { waitFor } from '../support/wait-for.ts';
import { ada, createWorld, type World } from '../support/world.ts';

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
  world.clock.now = new Date('2026-03-03T09:00:00Z');
  server.otherwise(() => ({ status: 404 }));
  server.play();
  await settle('hf', '2026-03-02');
  await settle('arxiv', '2026-03-02');
});
afterEach(async () => {
  await world.db.sourceFetch.deleteMany();
  await world.db.hostLock.deleteMany();
  await world.db.listing.deleteMany();
  await world.db.paper.deleteMany();
});

/** As if the day had been fetched, so that only later ones are due. */
async function settle(source: string, day: string): Promise<void> {
  const at = new Date(`${day}T12:00:00Z`);
  await world.db.sourceFetch.create({
    data: { source, day: new Date(day), startedAt: at, finishedAt: at, outcome: 'empty' },
  });
}

const jump = (time: string | Date) => {
  world.clock.now = new Date(time);
};
const minutesUntil = (time: Date | null) =>
  time === null ? null : Math.round((time.getTime() - world.clock.now.getTime()) / 60_000);
const listTitles = async () =>
  (await world.db.paper.findMany({ orderBy: { seq: 'asc' } })).map(({ title }) => title);

const twoPapers = [hfEntry('2603.00001'), hfEntry('2603.00002')];

describe('through the queue', () => {
  test('a source fetches its day by itself, and its papers are in the next digests', async () => {
    await world.subscribe(ada);
    server.otherwise(() => json(twoPapers));
    const ignore = () => {};
    await prepareQueueDatabase(world.databaseUrl);
    const queue = createQueue({ redisUrl: null, databaseUrl: world.databaseUrl, onError: ignore });
    const deps = { ...world, random: Math.random, log: createLogger('silent') };
    const { signal } = new AbortController();
    const fetching = keepRound(
      { queue, db: world.db, onError: ignore },
      {
        name: 'ingest-hf',
        everyMs: 200,
        run: () => ingest(deps, sources.get('hf'), signal),
        onFailure: ignore,
      },
    );

    const fetch = await waitFor('the fetch', () =>
      world.db.sourceFetch.findFirst({ where: { outcome: 'ok' } }),
    );
    expect(fetch).toMatchObject({ newPapers: 2, knownPapers: 0, reason: null });
    await waitFor('the topics', async () => (await world.db.paperTopic.count()) === 2);

    jump('2026-03-03T11:00:00Z');
    await waitFor(
      'the second fetch',
      async () => (await world.db.sourceFetch.count({ where: { outcome: 'ok' } })) === 2,
    );
    fetching.stop();
    await Promise.all([queue.close(), fetching.idle()]);
    // On a busy machine one may have been given up, and asked once more.
    expect(new Set(server.asked.map(({ url }) => url))).toEqual(
      new Set(['/api/daily_papers?date=2026-03-03&limit=100&p=0']),
    );

    jump('2026-03-04T07:00:00Z');
    await planDigests({ db: world.db, now: world.clock.now });
    const newest = await world.db.paper.findFirstOrThrow({ orderBy: { seq: 'desc' } });
    expect(
      await world.db.delivery.findFirst({ where: { kind: 'digest' }, orderBy: { id: 'desc' } }),
    ).toMatchObject({
      throughSeq: newest.seq,
    });
  });
});

describe('the daily papers of a day', () => {
  test('are asked for every two hours, and only counts change', async () => {
    server.play(json(twoPapers, { etag: '"1"' }));
    const [first] = await sources.wake('hf');
    expect(first).toMatchObject({ day: '2026-03-03', outcome: 'ok', new: 2, known: 0, updated: 0 });
    expect(minutesUntil(first?.nextTryAt ?? null)).toBe(120);
    expect(await sources.wake('hf')).toEqual([]);

    const before = await world.db.paper.findMany({ orderBy: { seq: 'asc' } });
    jump('2026-03-03T11:00:00Z');
    server.play(json([hfEntry('2603.00001', { upvotes: 9 }), hfEntry('2603.00002')], { etag: '"2"' }));
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 0, known: 2, updated: 1 }]);
    const after = await world.db.paper.findMany({ orderBy: { seq: 'asc' } });
    expect(after).toEqual(before.map((row, index) => (index === 0 ? { ...row, upvotes: 9 } : row)));

    jump('2026-03-03T13:00:00Z');
    server.play({ status: 304 });
    expect(await sources.wake('hf')).toMatchObject([
      { outcome: 'ok', new: 0, known: 2, updated: 0, reason: 'nothing has changed since the last fetch' },
    ]);
    expect(server.asked[0]?.headers['if-none-match']).toBe('"2"');
    expect(await listDayOutcomes(world.db, '2026-03-03')).toMatchObject([
      { source: 'hf', outcome: 'ok', new: 2 },
    ]);
  });

  test('are read page by page, unconditionally from the second time on', async () => {
    const many = Array.from({ length: 130 }, (_, index) => hfEntry(`2603.${String(10_000 + index)}`));
    server.otherwise((url) => {
      const page = Number(url.searchParams.get('p'));
      return json(many.slice(page * 100, page * 100 + 100), { etag: `"${page}"` });
    });
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 130 }]);
    jump('2026-03-03T11:00:00Z');
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 0, known: 130 }]);
    expect(server.asked.every(({ headers }) => headers['if-none-match'] === undefined)).toBe(true);
  });

  test('lose only the entries that cannot be read, and say which', async () => {
    server.play(json([hfEntry('2603.00001'), { paper: { id: '2603.00002' } }]));
    expect(await sources.wake('hf')).toMatchObject([
      { outcome: 'ok', new: 1, warnings: ['entry 2 (2603.00002) is left out: it has no title'] },
    ]);
  });

  test('are empty at a weekend, and that is said', async () => {
    await settle('hf', '2026-03-07');
    jump('2026-03-08T09:00:00Z');
    server.otherwise(() => json([]));
    const fetches = await sources.wake('hf');
    expect(fetches.at(-1)).toMatchObject({
      day: '2026-03-08',
      outcome: 'empty',
      reason: 'the page is empty: it is a weekend',
    });
    expect(await listDayOutcomes(world.db, '2026-03-08')).toEqual([
      {
        source: 'hf',
        outcome: 'empty',
        new: 0,
        reason: 'the page is empty: it is a weekend',
        nextTryAt: new Date('2026-03-08T11:00:00Z'),
      },
    ]);
  });

  test('that are yesterday’s are stale, under whatever date', async () => {
    server.play(json(twoPapers));
    await sources.wake('hf');
    await world.db.sourceFetch.updateMany({ data: { nextTryAt: null } });
    jump('2026-03-04T09:00:00Z');
    server.play(json(twoPapers));
    expect(await sources.wake('hf')).toMatchObject([
      {
        day: '2026-03-04',
        outcome: 'stale',
        reason: 'the page for 2026-03-04 holds the papers of 2026-03-03',
      },
    ]);
    jump('2026-03-04T11:00:00Z');
    server.play(
      json(
        twoPapers.map(({ paper }) => ({ paper: { ...paper, submittedOnDailyAt: '2026-03-04T00:00:00Z' } })),
      ),
    );
    expect(await sources.wake('hf')).toMatchObject([
      { outcome: 'stale', new: 0, known: 2, reason: 'these are exactly the papers of 2026-03-03' },
    ]);
  });
});

describe('what goes wrong', () => {
  const goodType = { 'content-type': 'application/json' };
  const stall: Reply = () => {};

  test.each<[string, Reply[], RegExp]>([
    ['a server in trouble', [{ status: 503 }, { status: 500 }], /answered 500/],
    [
      'a truncated answer',
      [{ headers: goodType, body: '[{"paper": {"id": "2603.0' }],
      /not JSON, or was cut off/,
    ],
    [
      'a broken connection',
      [(response) => response.destroy(), (response) => response.destroy()],
      /cannot be reached|broke off/,
    ],
    ['another type', [{ headers: { 'content-type': 'text/html' }, body: '<p>' }], /sent text\/html where/],
    ['too much', [{ headers: goodType, body: `[${' '.repeat(100_000)}]` }], /sent more than 100000 bytes/],
    [
      'a redirect away',
      [{ status: 302, headers: { location: 'https://example.org/' } }],
      /redirects to example\.org/,
    ],
    ['an answer that never comes', [stall, stall], /did not finish its answer within 0\.4 s/],
    [
      'entries of which none is one',
      [json([{}, {}])],
      /none of the 2 entries could be read: entry 1 is left out/,
    ],
    ['another document', [json({ papers: [] })], /not a list of papers/],
  ])('%s is on record with its reason, and asked again after five minutes', async (_, replies, reason) => {
    server.play(...replies);
    const [failed] = await sources.wake('hf');
    expect(failed).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(reason) });
    expect(minutesUntil(failed?.nextTryAt ?? null)).toBe(5);
    expect(await sources.wake('hf')).toEqual([]);
    expect(await listTitles()).toEqual([]);

    jump(failed?.nextTryAt ?? '');
    server.play(json(twoPapers));
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 2 }]);
    expect(await listDayOutcomes(world.db, '2026-03-03')).toMatchObject([{ outcome: 'ok', reason: null }]);
  });

  test('a server that recovers at once is not even told', async () => {
    server.play({ status: 503 }, json(twoPapers));
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 2 }]);
  });

  test('a server that has had enough is left alone for as long as it asks for', async () => {
    server.play({ status: 429, headers: { 'retry-after': '1' } }, json(twoPapers));
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok' }]);
    expect((server.asked[1]?.at ?? 0) - (server.asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(1000);

    jump('2026-03-03T11:00:00Z');
    server.play({ status: 429, headers: { 'retry-after': '2400' } });
    const [failed] = await sources.wake('hf');
    expect(failed).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/answered 429/) });
    expect(minutesUntil(failed?.nextTryAt ?? null)).toBe(40);
  });

  test('failures in a row are further and further apart', async () => {
    const waits: (number | null)[] = [];
    for (let times = 0; times < 4; times += 1) {
      const [failed] = await sources.wake('hf');
      waits.push(minutesUntil(failed?.nextTryAt ?? null));
      jump(failed?.nextTryAt ?? '');
    }
    expect(waits).toEqual([5, 10, 20, 40]);
  });

  test('a date that is refused is not asked for again, unless it is today’s', async () => {
    server.otherwise(() => ({ status: 400, headers: goodType, body: '{"error":"Invalid date"}' }));
    jump('2026-03-04T09:00:00Z');
    const reason = expect.stringMatching(/answered 400: Invalid date/);
    expect(await sources.wake('hf')).toMatchObject([
      { day: '2026-03-03', outcome: 'failed', reason, nextTryAt: null },
      { day: '2026-03-04', outcome: 'failed', reason, nextTryAt: new Date('2026-03-04T09:05:00Z') },
    ]);
  });
});

describe('arXiv', () => {
  const feedOf = (day: string, ...ids: string[]) =>
    xml(
      printRss(
        ids.map((id) => ({ id, title: `Paper ${id}` })),
        `${day} 00:00:00 -0500`,
      ),
    );
  const monday = 'Mon, 02 Mar 2026';
  const tuesday = 'Tue, 03 Mar 2026';

  test('is asked for its feed once a day, and again when that is still yesterday’s', async () => {
    server.play(feedOf(monday, '2603.00001v1'));
    const [stale] = await sources.wake('arxiv');
    expect(stale).toMatchObject({ outcome: 'stale', reason: 'the feed is still that of 2026-03-02' });
    expect(minutesUntil(stale?.nextTryAt ?? null)).toBe(60);

    jump(stale?.nextTryAt ?? '');
    server.play(feedOf(tuesday, '2603.00001v1', '2603.00002v1'));
    expect(await sources.wake('arxiv')).toMatchObject([{ outcome: 'ok', new: 2, nextTryAt: null }]);
    expect(server.asked.map(({ url }) => url)).toEqual(['/rss/cs.LG+cs.DC']);
    jump('2026-03-03T23:00:00Z');
    expect(await sources.wake('arxiv')).toEqual([]);
  });

  test('that does not change overnight is stale', async () => {
    server.play(
      xml(printRss([{ id: '2603.00001v1' }]), { 'last-modified': 'Tue, 03 Mar 2026 05:00:00 GMT' }),
    );
    await sources.wake('arxiv');
    jump('2026-03-04T09:00:00Z');
    server.play({ status: 304 });
    expect(await sources.wake('arxiv')).toMatchObject([
      { day: '2026-03-04', outcome: 'stale', reason: 'nothing has changed since 2026-03-03' },
    ]);
  });

  test('that repeats itself under a new date is stale', async () => {
    server.play(feedOf(tuesday, '2603.00001v1', '2603.00002v1'));
    await sources.wake('arxiv');
    jump('2026-03-04T09:00:00Z');
    server.play(feedOf('Wed, 04 Mar 2026', '2603.00002v1', '2603.00001v1'));
    expect(await sources.wake('arxiv')).toMatchObject([
      { outcome: 'stale', reason: 'these are exactly the papers of 2026-03-03' },
    ]);
  });

  test('that repeats itself with a few new ones beside is asked again, and the new ones are not held back', async () => {
    server.play(feedOf(tuesday, '2603.00001v1', '2603.00002v1', '2603.00003v1'));
    await sources.wake('arxiv');
    jump('2026-03-04T09:00:00Z');
    const wednesday = 'Wed, 04 Mar 2026';
    server.play(feedOf(wednesday, '2603.00002v1', '2603.00003v1', '2603.00004v1'));
    const [stale] = await sources.wake('arxiv');
    expect(stale).toMatchObject({
      outcome: 'stale',
      reason: '2 of 3 new ones of cs.LG are those of 2026-03-03',
      new: 1,
      known: 2,
    });
    const listed = await world.db.listing.findFirst({
      where: { date: new Date('2026-03-04') },
      include: { papers: { include: { paper: true } } },
    });
    expect(listed?.papers.map(({ paper }) => paper.title)).toEqual(['Paper 2603.00004v1']);

    jump(stale?.nextTryAt ?? '');
    server.play(feedOf(wednesday, '2603.00004v1', '2603.00005v1'));
    expect(await sources.wake('arxiv')).toMatchObject([{ outcome: 'ok', new: 1, known: 1, nextTryAt: null }]);
  });

  test('that was made anew for one category only is asked again', async () => {
    const both = (made: string, learning: string[], distributed: string[]) =>
      xml(
        printRss(
          [
            ...learning.map((id) => ({ id, category: 'cs.LG' })),
            ...distributed.map((id) => ({ id, category: 'cs.DC' })),
          ].map((entry) => ({ ...entry, title: `Paper ${entry.id}` })),
          `${made} 00:00:00 -0500`,
        ),
      );
    server.play(both(tuesday, ['2603.00001v1'], ['2603.00002v1', '2603.00003v1']));
    await sources.wake('arxiv');
    jump('2026-03-04T09:00:00Z');
    const fresh = ['2603.00011v1', '2603.00012v1', '2603.00013v1', '2603.00014v1'];
    server.play(both('Wed, 04 Mar 2026', fresh, ['2603.00002v1', '2603.00003v1']));
    expect(await sources.wake('arxiv')).toMatchObject([
      { outcome: 'stale', new: 4, reason: '2 of 2 new ones of cs.DC are those of 2026-03-03' },
    ]);
  });

  test('whose feed is cut off is filled up from its API, and says so', async () => {
    const patient = openLiveSources(world, server.url, {
      policy: { ...hurried, limits: { timeoutMs: 20_000, maxBytes: 16_000_000 } },
    });
    const first = Array.from({ length: 2000 }, (_, index) => ({
      id: `2601.${String(index + 10_000)}v2`,
      announced: index < 1998 ? 'replace' : 'new',
      title: `Paper ${index}`,
    }));
    server.otherwise((url) =>
      xml(
        url.pathname === '/api/query'
          ? printApiPage([
              { id: '2601.11999v1', title: 'Paper 1999', published: '2026-03-01T12:00:00Z' },
              { id: '2603.00001v1', title: 'Cut off', published: '2026-03-01T12:00:00Z' },
            ])
          : printRss(first, `${tuesday} 00:00:00 -0500`),
      ),
    );
    const [fetch] = await patient.wake('arxiv');
    expect(fetch).toMatchObject({
      outcome: 'ok',
      new: 3,
      warnings: ['the feed was cut off at 2000 entries: the search API was asked for the others'],
    });
    expect(await listTitles()).toEqual(['Paper 1998', 'Paper 1999', 'Cut off']);
  });

  test('whose feed is cut off while its API does not answer is asked again until it is whole', async () => {
    const patient = openLiveSources(world, server.url, {
      policy: { ...hurried, limits: { timeoutMs: 20_000, maxBytes: 16_000_000 } },
    });
    const first = Array.from({ length: 2000 }, (_, index) => ({
      id: `2601.${String(index + 10_000)}v2`,
      announced: index < 1999 ? 'replace' : 'new',
    }));
    let isUp = false;
    server.otherwise((url) => {
      if (url.pathname !== '/api/query')
        return xml(printRss(first, `${tuesday} 00:00:00 -0500`), { etag: '"whole"' });
      const rest = [{ id: '2603.00001v1', title: 'Cut off', published: '2026-03-01T12:00:00Z' }];
      return isUp ? xml(printApiPage(rest)) : { status: 503 };
    });
    const [fetch] = await patient.wake('arxiv');
    expect(fetch).toMatchObject({
      outcome: 'stale',
      new: 1,
      reason: expect.stringMatching(/cut off at 2000/),
    });
    jump(fetch?.nextTryAt ?? '');
    isUp = true;
    expect(await patient.wake('arxiv')).toMatchObject([{ outcome: 'ok', new: 1, known: 1 }]);
  });

  test('that withdraws a paper in a new version takes it out of the digests to come', async () => {
    server.play(feedOf(monday.replace('Mon, 02', 'Tue, 03'), '2603.00001v1', '2603.00002v1'));
    await sources.wake('arxiv');
    jump('2026-03-04T09:00:00Z');
    server.play(
      xml(
        printRss(
          [
            {
              id: '2603.00001v2',
              announced: 'replace',
              comment: 'This paper has been withdrawn by the author',
            },
          ],
          'Wed, 04 Mar 2026 00:00:00 -0500',
        ),
      ),
    );
    expect(await sources.wake('arxiv')).toMatchObject([{ outcome: 'empty' }]);
    const papers = await world.db.paper.findMany({ orderBy: { seq: 'asc' } });
    expect(papers.map(({ isWithdrawn }) => isWithdrawn)).toEqual([true, false]);
  });

  test('is empty on a holiday, and looked at again should it only be late', async () => {
    server.play(feedOf(tuesday));
    expect(await sources.wake('arxiv')).toMatchObject([
      {
        outcome: 'empty',
        reason: 'the feed is empty: a holiday of arXiv',
        nextTryAt: new Date('2026-03-03T13:00:00Z'),
      },
    ]);
    jump('2026-03-03T13:00:00Z');
    server.play(feedOf(tuesday, '2603.00001v1'));
    expect(await sources.wake('arxiv')).toMatchObject([{ outcome: 'ok', new: 1, nextTryAt: null }]);
  });

  test('is searched for the days that were missed, page by page', async () => {
    jump('2026-03-04T09:00:00Z');
    const all = ['2603.00001v1', '2603.00002v2', '2603.00003v1'].map((id) => ({ id, title: `Paper ${id}` }));
    server.otherwise((url) => {
      if (url.pathname === '/rss/cs.LG+cs.DC')
        return feedOf('Wed, 04 Mar 2026', '2603.00003v1', '2603.00004v1');
      const start = Number(url.searchParams.get('start'));
      return xml(printApiPage(all.slice(start, start + 2), 3));
    });
    expect(await sources.wake('arxiv')).toMatchObject([
      { day: '2026-03-03', outcome: 'ok', new: 3 },
      { day: '2026-03-04', outcome: 'ok', new: 1, known: 1 },
    ]);
    const query = new URL(server.asked[0]?.url ?? '', server.url).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      search_query: '(cat:cs.LG OR cat:cs.DC) AND submittedDate:[202602271900 TO 202603021859]',
      sortBy: 'submittedDate',
      sortOrder: 'ascending',
      start: '0',
      max_results: '500',
    });
    expect(server.asked.map(({ url }) => url.split('start=')[1])).toEqual([
      '0&max_results=500',
      '2&max_results=500',
      undefined,
    ]);
  });

  test.each([
    ['a page that lost its entries', printApiPage([], 7), /gave 0 of 7 papers, and then an empty page/],
    ['a truncated page', printApiPage([{ id: '2603.00001v1' }]).slice(0, -40), /not XML, or was cut off/],
  ])('%s fails the day, and loses nothing', async (_, page, reason) => {
    jump('2026-03-04T09:00:00Z');
    server.otherwise((url) =>
      url.pathname === '/api/query' ? xml(page) : feedOf('Wed, 04 Mar 2026', '2603.00009v1'),
    );
    expect(await sources.wake('arxiv')).toMatchObject([
      { day: '2026-03-03', outcome: 'failed', reason: expect.stringMatching(reason) },
      { day: '2026-03-04', outcome: 'ok' },
    ]);
  });

  test('gets one request at a time, with a pause after each, from all processes together', async () => {
    const slow =
      (reply: Reply): Reply =>
      (response) => {
        setTimeout(() => {
          if (typeof reply === 'function') return reply(response);
          response.writeHead(200, reply.headers);
          response.end(reply.body);
        }, 60);
      };
    server.otherwise(() => slow(feedOf(tuesday, '2603.00001v1')));
    const policy = {
      ...hurried,
      limits: { timeoutMs: 5000, maxBytes: 100_000 },
      pauses: { hf: 5, arxiv: 300 },
    };
    const processes = Array.from({ length: 3 }, () =>
      openLiveSources(world, server.url, { policy }).get('arxiv'),
    );
    const request = {
      day: '2026-03-03',
      now: world.clock.now,
      findValidators: async () => null,
      signal: new AbortController().signal,
    };
    await Promise.all(processes.map((source) => source.collect(request).next()));
    expect(server.asked).toHaveLength(3);
    expect(server.atOnce()).toBe(1);
    const times = server.asked.map(({ at }) => at);
    for (const [index, time] of times.slice(1).entries())
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(340);
  });

  test('and Hugging Face bring one paper once, filled by both', async () => {
    server.play(feedOf(tuesday, '2603.00001v2'));
    await sources.wake('arxiv');
    server.play(json([hfEntry('2603.00001', { upvotes: 7 })]));
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 0, known: 1, updated: 1 }]);
    expect(await world.db.paper.findMany()).toMatchObject([
      { key: 'arxiv:2603.00001', upvotes: 7, title: 'Paper 2603.00001v2' },
    ]);
  });
});

describe('records', () => {
  test('of three processes that are woken at once, one fetches', async () => {
    server.otherwise(() => json(twoPapers));
    const all = await Promise.all(
      Array.from({ length: 3 }, () => openLiveSources(world, server.url).wake('hf')),
    );
    expect(await world.db.sourceFetch.count({ where: { day: new Date('2026-03-03') } })).toBe(1);
    expect(all.flat().length).toBeGreaterThan(0);
    expect(server.asked).toHaveLength(1);
  });

  test('of a process that died are closed, and its day is fetched', async () => {
    await world.db.sourceFetch.create({
      data: { source: 'hf', day: new Date('2026-03-03'), startedAt: new Date('2026-03-03T08:50:00Z') },
    });
    server.otherwise(() => json(twoPapers));
    expect(await sources.wake('hf')).toEqual([]);
    jump('2026-03-03T09:06:00Z');
    expect(await sources.wake('hf')).toMatchObject([{ outcome: 'ok', new: 2 }]);
    expect(await world.db.sourceFetch.findMany({ where: { outcome: 'failed' } })).toMatchObject([
      { reason: 'it was interrupted: the process ended' },
    ]);
  });

  test('are kept for ninety days', async () => {
    await settle('hf', '2025-12-01');
    const count = () => world.db.sourceFetch.count({ where: { source: 'hf', day: new Date('2025-12-01') } });
    await keepTables(
      { ...world, now: new Date('2026-02-28T23:00:00Z'), log: createLogger('silent') },
      { ledgerDays: 400, fetchDays: 90 },
    );
    expect(await count()).toBe(1);
    await keepTables(
      { ...world, now: new Date('2026-03-02T09:00:00Z'), log: createLogger('silent') },
      { ledgerDays: 400, fetchDays: 90 },
    );
    expect(await count()).toBe(0);
  });
});
