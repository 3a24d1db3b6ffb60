// What is compressed and what must not be, byte by byte: `fetch` would hide it.
import { get, type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importListing } from '../../src/papers/import-listing.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { askForAddress } from './collect-pages.ts';
import { earlierPapers, startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let ada: Subscriber;
const longDay = '/papers/2025-12-10';
beforeAll(async () => {
  app = await startApp();
  ada = await app.addActive('ada@example.org', { keywords: ['paper'] });
  const papers = Array.from({ length: 60 }, (_, index) => ({
    ...earlierPapers[0],
    title: `Paper ${index} of a Long Day`,
    abstract: `About number ${index}. ${'Each word makes the abstract a little longer. '.repeat(30)}`,
    authorsCount: 3,
    organization: null,
    publishedOn: null,
    comments: null,
    upvotes: index,
    links: [],
  }));
  await importListing({ db: app.db }, { source: 'test', date: '2025-12-10', papers });
});
afterAll(() => app?.stop());

type Raw = { status: number; headers: IncomingHttpHeaders; body: Buffer };

function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = request(`${app.url}${path}`, { method, headers, agent: false }, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    sent.once('error', reject).end();
  });
}

const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
const browsers = { 'accept-encoding': 'gzip, deflate, br, zstd' };
const publicPaths = [
  '/',
  longDay,
  '/topics',
  '/search?q=long',
  '/paper/2',
  '/feeds/all.atom',
  '/feeds/all.json',
  '/api/v1/papers?date=2025-12-10',
];

describe('what anybody may read', () => {
  test.each(publicPaths)('%s comes as the client takes it, and says the same', async (path) => {
    const plain = await ask(path, {});
    expect(plain.status).toBe(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
    for (const encoding of ['br', 'gzip'] as const) {
      const packed = await ask(path, { 'accept-encoding': encoding });
      expect(packed.headers['content-encoding']).toBe(encoding);
      expect(unpack[encoding](packed.body).equals(plain.body)).toBe(true);
      expect(packed.body.length).toBeLessThan(plain.body.length / 2);
      expect(packed.headers.etag).toBe(plain.headers.etag);
    }
    // One that means the same words, not the same bytes: it holds for every encoding.
    expect(plain.headers.etag).toMatch(/^W\//);
  });

  test('a browser gets a day of 60 papers in a sixth of its bytes', async () => {
    const plain = await ask(longDay, {});
    const packed = await ask(longDay, browsers);
    expect(packed.headers['content-encoding']).toBe('br');
    expect(plain.body.length).toBeGreaterThan(100_000);
    expect(packed.body.length).toBeLessThan(plain.body.length / 6);
  });

  test.each(publicPaths)('%s tells caches that it varies, also when it did not change', async (path) => {
    for (const headers of [{}, browsers, { 'accept-encoding': 'identity' }]) {
      const first = await ask(path, headers);
      const again = await ask(path, { ...headers, 'if-none-match': first.headers.etag ?? '' });
      const head = await ask(path, headers, 'HEAD');
      expect([first.status, again.status, head.status]).toEqual([200, 304, 200]);
      expect([again.body.length, head.body.length]).toEqual([0, 0]);
      expect(again.headers['content-encoding']).toBeUndefined();
      for (const { headers: answered } of [first, again, head]) {
        expect(answered.vary).toContain('Accept-Encoding');
        expect(answered.vary).toBe(first.headers.vary);
        expect(answered.etag).toBe(first.headers.etag);
      }
    }
  });

  test('what is tiny is left alone, and what is compressed already is not compressed again', async () => {
    for (const path of ['/healthz', '/api/v1/nothing', '/api/v1/papers?date=1999-01-01'])
      expect((await ask(path, browsers)).headers['content-encoding']).toBeUndefined();
    const [, asset = ''] = /href="(\/assets\/styles[^"]+)"/.exec(String((await ask('/', {})).body)) ?? [];
    const packed = await ask(asset, browsers);
    expect(packed.headers['content-encoding']).toBe('br');
    expect(String(brotliDecompressSync(packed.body))).toContain('{');
    expect(packed.headers.vary).toBe('Accept-Encoding');
  });

  test('a client that hangs up in the middle does no harm', async () => {
    for (let times = 0; times < 5; times += 1) {
      await new Promise<void>((resolve) => {
        const asked = get(`${app.url}${longDay}`, { headers: browsers, agent: false }, (response) => {
          response.once('data', () => {
            asked.destroy();
            resolve();
          });
        });
      });
    }
    expect((await ask(longDay, browsers)).status).toBe(200);
  });
});

describe('what a secret address opens, or answers about an address', () => {
  test('is never compressed', async () => {
    const preferences = app.signToken('preferences', ada);
    const account = app.signToken('account', ada);
    const { change, keep } = await askForAddress(app, ada, 'ada@example.net');
    const { view, vote } = await app.sendDigest(ada);
    const paths = [
      ...['', '/history'].map((page) => `/preferences/${preferences}${page}`),
      ...['', '/address', '/data', '/erase'].map((page) => `/account/${account}${page}`),
      view,
      vote,
      `${vote}/papers/2`,
      `/confirm/${await app.signConfirm(ada.email)}`,
      `/unsubscribe/${app.signToken('unsubscribe', ada)}`,
      change,
      keep,
      `/feeds/mine/${app.signToken('feed', ada)}.atom`,
      `/feeds/mine/${app.signToken('feed', ada)}.json`,
      `/api/v1/subscription?token=${preferences}`,
      `/api/v1/subscription/data?token=${account}`,
    ];
    for (const path of paths) {
      const answer = await ask(path, browsers);
      expect(answer.status, path).toBe(200);
      expect(answer.body.length, path).toBeGreaterThan(0);
      expect(answer.headers['content-encoding'], path).toBeUndefined();
    }
    const large = await ask(`/preferences/${preferences}`, browsers);
    expect(large.body.length).toBeGreaterThan(5000);
  });
});
