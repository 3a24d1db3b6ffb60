// Summaries from end to end: a local server plays the model, and the digest shows what it wrote.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createMatchFinder } from '../../src/digests/match-finder.ts';
import { viewPaper } from '../../src/digests/paper-view.ts';
import { wordsOf } from '../../src/languages/words.ts';
import { createLocalBudgets } from '../../src/platform/budgets.ts';
import { writeSummaries } from '../../src/summaries/write-summaries.ts';
import { createWorld, paper, type World } from '../support/world.ts';

type Asked = {
  url: string;
  headers: IncomingHttpHeaders;
  body: { model: string; messages: { content: string }[] };
};
type Reply = { status?: number; headers?: Record<string, string>; body?: string | Buffer; isNever?: true };

let world: World;
let server: Server;
let url: string;
let asked: Asked[];
let answer: (request: Asked) => Reply;
beforeAll(async () => {
  world = await createWorld();
  server = createServer(async (request, response) => {
    const question = {
      url: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(await readText(request)),
    };
    asked.push(question);
    const { status = 200, headers, body, isNever } = answer(question);
    if (isNever) return;
    response.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});
beforeEach(async () => {
  asked = [];
  world.clock.now = new Date('2026-03-03T09:00:00Z');
  await world.subscribe('ada@example.com', { topics: ['llm-training'], language: 'en' });
  await world.subscribe('grace@example.com', { topics: ['llm-training'], language: 'de' });
});
afterEach(async () => {
  await world.db.listing.deleteMany();
  await world.db.paper.deleteMany();
  await world.db.subscriber.deleteMany();
});

const complete = (written: unknown): Reply => ({
  body: JSON.stringify({ choices: [{ message: { content: JSON.stringify(written) } }] }),
});
const isGerman = ({ body }: Asked) => /in German/.test(body.messages[0]?.content ?? '');
const inBoth = (question: Asked) =>
  complete(
    isGerman(question)
      ? { gist: 'Fähren kurz.', translation: 'Fähren lang.' }
      : { gist: 'Ferries in short.' },
  );
const write = (more: { perDay?: number; patienceMs?: number; key?: string | null } = {}) => {
  const { perDay = 100, key = 'secret', patienceMs = 2000 } = more;
  const settings = { url, key, model: 'small', perDay };
  const deps = { db: world.db, budgets: createLocalBudgets(), settings, now: world.now, patienceMs };
  return writeSummaries(deps, new AbortController().signal);
};
const ferry = (title: string, more: object = {}) =>
  paper({ title, abstract: `Pretraining of ${title}.`, ...more });
const summaries = () =>
  world.db.paperSummary.findMany({ orderBy: [{ paperSeq: 'asc' }, { language: 'asc' }] });

describe('summaries', () => {
  test('are written once for each paper and language that readers have, and stand in mails, marked', async () => {
    await world.list('2026-03-03', [
      ferry('Ferries'),
      ferry('Boats', { gist: 'Of the source.', upvotes: 9 }),
    ]);
    answer = inBoth;
    expect(await write()).toEqual({ written: 3, failed: 0, trouble: null });
    expect(await write()).toMatchObject({ written: 0 });
    // The most liked one first; in English it has a gist.
    expect(
      asked.map((one) => [JSON.parse(one.body.messages[1]?.content ?? '').title, isGerman(one)]),
    ).toEqual([
      ['Boats', true],
      ['Ferries', true],
      ['Ferries', false],
    ]);
    expect(asked[0]).toMatchObject({
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer secret' },
      body: { model: 'small' },
    });
    expect(JSON.stringify(asked)).not.toContain('grace');

    const [found] = await createMatchFinder(world).findMatchesOfDay({
      date: '2026-03-03',
      topics: [],
      queries: ['Ferries'],
      organizations: [],
      authors: [],
    });
    const view = (language: 'en' | 'de' | 'fr', abstracts: 'short' | 'full') =>
      found && viewPaper(found.paper, wordsOf(language), { abstracts }).abstract;
    expect(view('en', 'short')).toBe('In brief, by a machine: Ferries in short.');
    expect(view('de', 'short')).toContain('Fähren kurz.');
    expect(view('de', 'full')).toBe('Von einer Maschine übersetzt: Fähren lang.');
    expect(view('en', 'full')).toBe('Pretraining of Ferries.');
    expect(view('fr', 'short')).not.toContain('Fähren');
  });

  test('are not asked for of papers that are old, withdrawn, no news or without an abstract', async () => {
    await world.list('2026-02-20', [ferry('Old')]);
    await world.list('2026-03-03', [
      ferry('Withdrawn', { isWithdrawn: true }),
      ferry('Bare', { abstract: null }),
    ]);
    answer = inBoth;
    expect(await write()).toEqual({ written: 0, failed: 0, trouble: null });
  });

  test('end with the day’s budget, and go on when there is one again', async () => {
    await world.list('2026-03-03', [ferry('Ferries')]);
    answer = inBoth;
    expect(await write({ perDay: 1 })).toMatchObject({
      written: 1,
      trouble: { reason: expect.stringMatching(/the day's 1 summaries are spent/) },
    });
    world.clock.now = new Date('2026-03-03T11:00:00Z');
    expect(await write()).toMatchObject({ written: 1 });
  });

  test.each<[string, Reply, RegExp]>([
    ['429', { status: 429, headers: { 'retry-after': '120' } }, /answered 429/],
    ['503', { status: 503 }, /answered 503/],
    ['silence', { isNever: true }, /no answer within/],
    ['10 MB', { body: Buffer.alloc(10_000_000, 'x') }, /too large/],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, /cannot be reached/],
  ])('that meet %s are put off, and written later', async (_, reply, reason) => {
    await world.list('2026-03-03', [ferry('Ferries'), ferry('Boats')]);
    answer = () => reply;
    const { written, trouble } = await write({ patienceMs: 300 });
    expect([written, trouble?.reason]).toEqual([0, expect.stringMatching(reason)]);
    if (reply.headers?.['retry-after'] !== undefined)
      expect(trouble?.until).toEqual(new Date('2026-03-03T09:02:00Z'));
    expect((await summaries()).map(({ tries }) => tries)).toEqual(Array(asked.length).fill(0));
    answer = inBoth;
    world.clock.now = new Date('2026-03-03T11:00:00Z');
    expect(await write()).toMatchObject({ written: 4 });
  });

  test('of a paper whose answers are useless are tried four times in all, and the others written', async () => {
    await world.list('2026-03-03', [ferry('Ferries'), ferry('Poison')]);
    answer = (question) =>
      /Poison/.test(question.body.messages[1]?.content ?? '') ? complete('as you wish') : inBoth(question);
    expect(await write()).toMatchObject({ written: 2, failed: 2 });
    for (let hour = 10; hour < 20; hour += 1) {
      world.clock.now = new Date(`2026-03-03T${hour}:00:00Z`);
      await write();
    }
    expect(asked.filter(({ body }) => /Poison/.test(body.messages[1]?.content ?? ''))).toHaveLength(8);
  });

  test('are taken up again when a process was killed in the middle, and by one process at a time', async () => {
    await world.list('2026-03-03', [ferry('Ferries')]);
    const [{ seq = 0 } = {}] = await world.db.paper.findMany();
    const nextTryAt = new Date('2026-03-03T09:10:00Z');
    await world.db.paperSummary.create({ data: { paperSeq: seq, language: 'de', nextTryAt } });
    answer = inBoth;
    expect(await write()).toMatchObject({ written: 1 });
    world.clock.now = new Date('2026-03-03T09:20:00Z');
    await Promise.all([write(), write()]);
    expect(asked).toHaveLength(2);
  });
});

test('the settings belong together, and none means that nobody is asked', () => {
  expect(readConfig({}).summaries).toBeNull();
  const set = { SUMMARIES_URL: 'http://localhost:11434/v1', SUMMARIES_MODEL: 'small' };
  expect(readConfig(set).summaries).toEqual({
    url: set.SUMMARIES_URL,
    key: null,
    model: 'small',
    perDay: 300,
  });
  expect(() => readConfig({ SUMMARIES_URL: set.SUMMARIES_URL })).toThrow(/SUMMARIES_MODEL is missing/);
  expect(() => readConfig({ SUMMARIES_KEY: 'x' })).toThrow(/SUMMARIES_KEY is set without SUMMARIES_URL/);
});
