// The HTTP client against a local server that behaves as badly as servers do.

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttpClient, type HttpAnswer, type HttpSettings } from '../../../src/sources/http/client.ts';
import { isInside } from '../../../src/sources/http/public-only.ts';
import { readRetryAfter } from '../../../src/sources/http/retry-after.ts';
import type { Validators } from '../../../src/sources/source.ts';
import { json, type Reply, type SourceServer, startSourceServer } from '../../support/source-server.ts';

let server: SourceServer;
beforeAll(async () => {
  server = await startSourceServer();
});
afterAll(() => server.close());
beforeEach(() => server.play());

const hurried: HttpSettings = {
  userAgent: 'Paperround/0 (+https://papers.example.org/; mailto:digest@papers.example.org)',
  withHostLock: async (ask) => (await ask()).answer,
  limits: { timeoutMs: 500, maxBytes: 10_000 },
  reach: 'anywhere',
  attempts: { max: 3, firstWaitMs: 20, maxWaitMs: 3000 },
  now: () => new Date(),
  random: () => 0.5,
};

type Asking = { path?: string; previous?: Validators | null; settings?: Partial<HttpSettings> };

const get = ({ path = '/papers', previous = null, settings = {} }: Asking = {}): Promise<HttpAnswer> =>
  createHttpClient({ ...hurried, ...settings }).get({
    url: server.url + path,
    accept: ['application/json'],
    previous,
    signal: new AbortController().signal,
  });

const good = json([1]);
const document = { type: 'document', text: '[1]' };

describe('a client for public addresses', () => {
  test.each([
    ['127.0.0.1', 'is a private address, which is not connected to'],
    ['[::1]', 'is a private address, which is not connected to'],
    ['[::ffff:127.0.0.1]', 'is a private address, which is not connected to'],
    ['2130706433', 'is a private address, which is not connected to'],
    ['localhost', 'cannot be reached (a private address)'],
  ])('does not connect to %s', async (host, reason) => {
    server.play(good);
    const answer = await createHttpClient({
      ...hurried,
      reach: 'public',
      attempts: { ...hurried.attempts, max: 1 },
    }).get({
      url: `http://${host}:${new URL(server.url).port}/papers`,
      accept: ['application/json'],
      previous: null,
      signal: new AbortController().signal,
    });
    expect(answer).toMatchObject({ type: 'failed', reason: expect.stringContaining(reason) });
    expect(server.asked).toEqual([]);
  });

  test.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
  ])('counts %s as private', (address) => expect(isInside(address)).toBe(true));
  test.each(['151.101.1.67', '172.32.0.1', '2606:4700::1111'])('counts %s as public', (address) =>
    expect(isInside(address)).toBe(false),
  );
});

describe('a request', () => {
  test('says who asks, and what for', async () => {
    server.play(good);
    expect(await get()).toMatchObject(document);
    expect(server.asked[0]?.headers).toMatchObject({
      'user-agent': hurried.userAgent,
      accept: 'application/json',
    });
  });

  test('is conditional once validators are known', async () => {
    const validators = { etag: '"a1"', 'last-modified': 'Tue, 03 Mar 2026 05:00:00 GMT' };
    server.play(json([1], validators), { status: 304 });
    const first = await get();
    expect(first).toMatchObject({ validators: { url: `${server.url}/papers`, etag: '"a1"' } });
    if (first.type !== 'document') throw new Error('no document');
    expect(await get({ previous: first.validators })).toEqual({ type: 'unchanged' });
    expect(server.asked[1]?.headers).toMatchObject({
      'if-none-match': '"a1"',
      'if-modified-since': validators['last-modified'],
    });
  });
});

describe('a redirect', () => {
  const to = (location: string) => ({ status: 302, headers: { location } });

  test('within the host is followed', async () => {
    server.play(to('/elsewhere'), good);
    expect(await get()).toMatchObject({ ...document, validators: { url: `${server.url}/papers` } });
    expect(server.asked.map(({ url }) => url)).toEqual(['/papers', '/elsewhere']);
  });

  test.each([
    'https://evil.example.org/',
    '//evil.example.org/x',
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    'http://a:b@[::1]/',
    'http://%',
  ])('to %s is not', async (location) => {
    server.play(to(location));
    expect(await get()).toMatchObject({
      type: 'failed',
      reason: expect.stringContaining('which is not followed'),
    });
    expect(server.asked).toHaveLength(1);
  });

  test('that goes on and on is given up', async () => {
    server.play(...Array.from({ length: 9 }, () => to('/again')));
    expect(await get()).toMatchObject({
      type: 'failed',
      reason: expect.stringContaining('more than 3 times'),
    });
    expect(server.asked).toHaveLength(4);
  });
});

describe('trouble that passes', () => {
  test.each([500, 502, 503, 504, 408, 425, 429])('%i is tried again, after a wait', async (status) => {
    server.play({ status }, { status }, good);
    expect(await get()).toMatchObject(document);
    const [one, two, three] = server.asked.map(({ at }) => at);
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(14);
    expect((three ?? 0) - (two ?? 0)).toBeGreaterThanOrEqual(29);
  });

  test('429 is left alone for as long as it asks for', async () => {
    server.play({ status: 429, headers: { 'retry-after': '1' } }, good);
    expect(await get()).toMatchObject(document);
    const [one, two] = server.asked.map(({ at }) => at);
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test('429 that asks for longer is not waited for', async () => {
    server.play({ status: 429, headers: { 'retry-after': '3600' } });
    expect(await get()).toMatchObject({
      type: 'failed',
      retryAfterMs: 3_600_000,
      reason: expect.stringMatching(/answered 429$/),
    });
    expect(server.asked).toHaveLength(1);
  });

  test('that does not pass is told after three attempts', async () => {
    server.otherwise(() => ({ status: 503 }));
    expect(await get()).toMatchObject({ type: 'failed', retry: 'soon' });
    expect(server.asked).toHaveLength(3);
  });

  test('a connection that breaks, before or in the answer', async () => {
    server.play(
      (response) => response.destroy(),
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('[1');
        setTimeout(() => response.destroy(), 20);
      },
      good,
    );
    expect(await get()).toMatchObject(document);
  });
});

describe('what fails, with the host and the reason', () => {
  const once = { settings: { attempts: { max: 1, firstWaitMs: 1, maxWaitMs: 1 } } };
  const reasonOf = async () => {
    const answer = await get(once);
    return answer.type === 'failed'
      ? { reason: answer.reason.replace(/127\.0\.0\.1:\d+/, 'host'), retry: answer.retry }
      : answer;
  };
  const html = { headers: { 'content-type': 'text/html' }, body: '<p>maintenance' };
  const type = { 'content-type': 'application/json' };

  test.each<[string, Reply, string, string]>(
    [
      ['another type', html, 'host sent text/html where application/json was expected', 'later'],
      ['no type', { body: '[1]' }, 'host sent no content type where application/json was expected', 'later'],
      ['not found', { status: 404, ...html }, 'host answered 404', 'later'],
      [
        'too much',
        { headers: type, body: ' '.repeat(10_001) },
        "host sent more than 10000 bytes: that is no day's listing",
        'later',
      ],
      [
        'too much, packed',
        { headers: { ...type, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(5_000_000)) },
        "host sent more than 10000 bytes: that is no day's listing",
        'later',
      ],
      [
        'Latin-1',
        { headers: type, body: Buffer.from([0x22, 0xe9, 0x22]) },
        'host sent text that is not UTF-8',
        'later',
      ],
      ['304 to nothing', { status: 304 }, 'host answered 304', 'later'],
    ].slice(1) as never,
  )('%s', async (_, reply, reason, retry) => {
    server.play(reply);
    expect(await reasonOf()).toEqual({ reason, retry });
  });

  test('a request that is refused for good, with the server’s words', async () => {
    server.play({ status: 400, headers: type, body: '{"error":"Invalid date: 2099-01-01"}' });
    expect(await reasonOf()).toEqual({
      reason: 'host answered 400: Invalid date: 2099-01-01',
      retry: 'never',
    });
  });

  test('an answer that never comes, or never ends', async () => {
    server.play(() => {});
    expect(await reasonOf()).toEqual({
      reason: 'host did not finish its answer within 0.5 s',
      retry: 'soon',
    });
    server.play((response) => {
      response.writeHead(200, type);
      response.write('[');
    });
    expect(await reasonOf()).toEqual({
      reason: 'host did not finish its answer within 0.5 s',
      retry: 'soon',
    });
  });

  test('a server that is not there', async () => {
    const client = createHttpClient({ ...hurried, ...once.settings });
    const signal = new AbortController().signal;
    expect(
      await client.get({ url: 'http://127.0.0.1:9/', accept: [], previous: null, signal }),
    ).toMatchObject({
      reason: expect.stringMatching(/^127\.0\.0\.1:9 cannot be reached \(/),
      retry: 'soon',
    });
  });
});

test('stopping ends a request at once', async () => {
  server.play(() => {});
  const stopping = new AbortController();
  const asking = createHttpClient({ ...hurried, limits: { timeoutMs: 60_000, maxBytes: 1 } }).get({
    url: server.url,
    accept: [],
    previous: null,
    signal: stopping.signal,
  });
  setTimeout(() => stopping.abort(), 50);
  await expect(asking).rejects.toThrow(/abort/i);
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Tue, 03 Mar 2026 08:01:00 GMT', 60_000],
  ['Tue, 03 Mar 2026 07:00:00 GMT', 0],
  ['99999999999', 86_400_000],
  ['soon', null],
  [null, null],
])('Retry-After: %s', (header, ms) => {
  expect(readRetryAfter(header, new Date('2026-03-03T08:00:00Z'))).toBe(ms);
});
