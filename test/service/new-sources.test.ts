// Feeds and bioRxiv from end to end: a local server plays them, everything behind it is real.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readChosenSource } from '../../src/sources/registry.ts';
import { hurried, type LiveSources, openLiveSources } from '../support/live-sources.ts';
import { json, type Reply, type SourceServer, startSourceServer, xml } from '../support/source-server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: SourceServer;
let sources: LiveSources;
let feedId: string;
const venue = 'ICLR.cc/2026/Conference';
beforeAll(async () => {
  [world, server] = await Promise.all([createWorld(), startSourceServer()]);
  feedId = `feed:${new URL(server.url).host}/journal`;
  sources = openLiveSources(world, server.url, {
    env: { SOURCES: `biorxiv:neuroscience,medrxiv,openreview:${venue},feed:${server.url}/journal` },
  });
});
afterAll(async () => {
  await server.close();
  await world.close();
});
beforeEach(async () => {
  world.clock.now = new Date('2026-03-03T09:00:00Z');
  server.play();
  server.otherwise(() => ({ status: 404 }));
  for (const source of ['biorxiv', 'medrxiv', `openreview:${venue}`, feedId]) {
    const at = new Date('2026-03-02T12:00:00Z');
    await world.db.sourceFetch.create({
      data: { source, day: new Date('2026-03-02'), startedAt: at, finishedAt: at, outcome: 'empty' },
    });
  }
});
afterEach(async () => {
  await world.db.sourceFetch.deleteMany();
  await world.db.hostLock.deleteMany();
  await world.db.listing.deleteMany();
  await world.db.paper.deleteMany();
});

const titlesListedOn = async (day: string) =>
  (
    await world.db.listingPaper.findMany({
      where: { listing: { date: new Date(day) } },
      include: { paper: true },
      orderBy: { position: 'asc' },
    })
  ).map(({ paper }) => paper.title);

describe('a feed', () => {
  const journal = (...entries: { title: string; date: string | null }[]): Reply =>
    xml(
      `<rss version="2.0"><channel><title>Journal</title>${entries
        .map(
          ({ title, date }) =>
            `<item><title>${title}</title><link>https://journal.example/${title}</link>${
              date === null ? '' : `<pubDate>${new Date(date).toUTCString()}</pubDate>`
            }</item>`,
        )
        .join('')}</channel></rss>`,
      { 'content-type': 'application/rss+xml; charset=utf-8' },
    );
  const old = { title: 'Old', date: '2026-02-20' };
  const late = { title: 'Late', date: '2026-03-01' };
  const today = { title: 'Today', date: '2026-03-03' };
  const undated = { title: 'Undated', date: null };

  test('lists each entry once: on its day, a little late, or when it is first seen', async () => {
    server.play(journal(today, late, undated, old));
    expect(await sources.wake(feedId)).toMatchObject([{ outcome: 'ok', new: 3, day: '2026-03-03' }]);
    expect(await titlesListedOn('2026-03-03')).toEqual(['Today', 'Late', 'Undated']);

    world.clock.now = new Date('2026-03-04T01:00:00Z');
    server.otherwise(() => journal({ title: 'Tomorrow', date: '2026-03-04' }, today, late, undated, old));
    expect(await sources.wake(feedId)).toMatchObject([
      { day: '2026-03-03', outcome: 'ok', new: 0 },
      { day: '2026-03-04', outcome: 'ok', new: 1 },
    ]);
    expect(await titlesListedOn('2026-03-04')).toEqual(['Tomorrow']);
  });

  test('in which nothing is new is empty, and says so', async () => {
    server.play(journal(old));
    expect(await sources.wake(feedId)).toMatchObject([
      { outcome: 'empty', reason: 'the feed has no new papers' },
    ]);
  });

  test('on a private address is not asked, unless a test allows it', async () => {
    const { reach: _, ...policy } = hurried;
    const strict = openLiveSources(world, server.url, {
      env: { SOURCES: `feed:${server.url}/journal` },
      policy,
    });
    server.play(journal(today));
    expect(await strict.wake(feedId)).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('is a private address') },
    ]);
    expect(server.asked).toEqual([]);
  });

  test('is chosen by its address, and by nothing else', () => {
    expect(readChosenSource('feed:https://example.org/a?b=c#d')).toEqual({
      kind: 'feed',
      setting: 'https://example.org/a?b=c',
    });
    for (const item of ['feed', 'feed:', 'feed:file:///etc/passwd', 'feed:https://ada:secret@example.org/'])
      expect(readChosenSource(item), item).toEqual(expect.any(String));
  });
});

describe('bioRxiv', () => {
  const entry = (number: number, part = {}) => ({
    doi: `10.1101/2026.03.01.${100_000 + number}`,
    title: `Paper ${number}`,
    authors: 'Lovelace, A.',
    date: '2026-03-03',
    version: '1',
    category: 'neuroscience',
    abstract: 'All of it.',
    ...part,
  });
  const page = (collection: unknown[], total: number) =>
    json({ messages: [{ status: 'ok', total: String(total) }], collection });

  test('is read page by page, in the wanted categories, and medRxiv in all', async () => {
    server.play(page([entry(1), entry(2, { category: 'zoology' })], 3), page([entry(3)], 3));
    expect(await sources.wake('biorxiv')).toMatchObject([{ outcome: 'ok', new: 2, warnings: [] }]);
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/details/biorxiv/2026-03-03/2026-03-03/0',
      '/details/biorxiv/2026-03-03/2026-03-03/2',
    ]);
    server.play(page([entry(4, { category: 'zoology' })], 1));
    expect(await sources.wake('medrxiv')).toMatchObject([{ outcome: 'ok', new: 1 }]);
    const papers = await world.db.paper.findMany({ orderBy: { seq: 'asc' } });
    expect(papers.map(({ key }) => key)).toEqual([1, 3, 4].map((n) => `doi:10.1101/2026.03.01.10000${n}`));
  });

  test('tells how many new versions of earlier papers it left out; a day that has nothing else is empty', async () => {
    const revised = [entry(1, { version: '2' }), entry(2, { version: '3' })];
    server.play(page([...revised, entry(3)], 4), page([entry(4, { version: 2 })], 4));
    const warnings = ['3 new versions of earlier papers are no news'];
    expect(await sources.wake('biorxiv')).toMatchObject([{ outcome: 'ok', new: 1, warnings }]);
    server.play(page(revised, 2));
    expect(await sources.wake('medrxiv')).toMatchObject([
      { outcome: 'empty', warnings: ['2 new versions of earlier papers are no news'] },
    ]);
  });

  test('that stops in the middle fails the day, and loses nothing', async () => {
    server.play(page([entry(1)], 3), page([], 3));
    expect(await sources.wake('biorxiv')).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('gave 1 of 3 papers, and then an empty page') },
    ]);
    expect(await world.db.paper.count()).toBe(0);
  });
});

test('a venue of OpenReview is read page by page, and each paper listed once', async () => {
  const note = (id: string, day: string) => ({
    id,
    cdate: Date.parse(`${day}T08:00:00Z`),
    content: { title: { value: `Ferry ${id}` } },
  });
  const notes = [note('a', '2025-09-01'), note('b', '2026-03-03'), note('c', '2026-03-02')];
  server.otherwise((url) => {
    const offset = Number(url.searchParams.get('offset'));
    return json({ notes: notes.slice(offset, offset + 2), count: notes.length });
  });
  const id = `openreview:${venue}`;
  expect(await sources.wake(id)).toMatchObject([{ outcome: 'ok', new: 2, day: '2026-03-03' }]);
  expect(await titlesListedOn('2026-03-03')).toEqual(['Ferry b', 'Ferry c']);
  const asked = server.asked.map(({ url }) => Object.fromEntries(new URL(url, server.url).searchParams));
  expect(asked).toMatchObject([
    { 'content.venueid': venue, offset: '0' },
    { 'content.venueid': venue, offset: '2' },
  ]);

  world.clock.now = new Date('2026-03-04T02:00:00Z');
  await sources.wake(id);
  expect(await titlesListedOn('2026-03-04')).toEqual([]);
  expect(readChosenSource(`openreview:${venue}/-/Submission`)).toMatchObject({ kind: 'openreview' });
  for (const wrong of ['openreview', 'openreview:', 'openreview:a b/c', 'openreview:../../x?y'])
    expect(readChosenSource(wrong)).toMatch(/no venue of OpenReview/);
});
