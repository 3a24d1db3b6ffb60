// Pages that are the same for everybody: made once, served from memory, and never to the wrong one.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isBusy } from '../../src/platform/postgres/db.ts';
import { createSharedPages } from '../../src/web/http/answers/share-pages.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ pagesKeptMs: 600_000 });
});
afterAll(() => app.stop());

/** fetch decodes what it gets: this does not. */
async function getRaw(url: string, headers: Record<string, string>) {
  const [response] = await once(get(url, { headers }), 'response');
  return { headers: (response as IncomingMessage).headers, body: await buffer(response) };
}

const read = async (path: string, headers: Record<string, string> = {}) => {
  const response = await app.request(path, { headers });
  return { response, text: await response.text() };
};

const setTitle = (title: string) => app.db.paper.update({ where: { seq: 2 }, data: { title } });

test('a page is made once, and everybody who asks at once or later gets that one', async () => {
  await setTitle('Made once');
  const together = await Promise.all(Array.from({ length: 20 }, () => read('/paper/2')));
  await setTitle('Made again');
  const later = await read('/paper/2');
  expect(new Set([...together, later].map(({ text }) => text)).size).toBe(1);
  expect(later.text).toContain('Made once');
  // What only one visitor asks for is not kept.
  expect((await read('/paper/2?x=1')).text).toContain('Made again');
  await setTitle('Made for one');
  expect((await read('/paper/2?x=1')).text).toContain('Made for one');
});

test.each([
  '/',
  '/papers/2025-12-12',
  '/topics',
  '/topics/vision',
  '/feeds/all.atom',
  '/feeds/topics/vision.json',
  '/search?q=diffusion',
  '/feeds/search.atom?q=diffusion',
  '/api/v1/topics',
  '/api/v1/papers?date=2025-12-12',
  '/api/v1/openapi.json',
  '/api/v1/docs',
])('%s is the same from memory as it was when it was made, with its headers', async (path) => {
  const made = await read(path);
  const kept = await read(path);
  expect(made.response.status).toBe(200);
  expect(kept.text).toBe(made.text);
  const headersOf = ({ headers }: Response) =>
    [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  expect(headersOf(kept.response)).toEqual(headersOf(made.response));
  const etag = made.response.headers.get('etag') ?? '';
  expect((await read(path, { 'If-None-Match': etag })).response.status).toBe(304);
});

test('each day has its own answer of the API, and a question that is refused has none', async () => {
  const [listed, other] = await Promise.all(
    ['2025-12-12', '2020-01-01'].map(async (date) =>
      JSON.parse((await read(`/api/v1/papers?date=${date}`)).text),
    ),
  );
  expect([listed.date, listed.papers.length > 0]).toEqual(['2025-12-12', true]);
  expect([other.date, other.papers]).toEqual(['2020-01-01', []]);
  for (const path of ['/api/v1/papers?date=never', '/api/v1/topics?lang=de'])
    for (let time = 0; time < 2; time += 1) expect((await read(path)).response.status).toBe(400);
});

test('each language has its own, by the browser or by the address', async () => {
  const german = await read('/topics', { 'accept-language': 'de' });
  expect(german.text).toContain('<html lang="de"');
  expect((await read('/topics')).text).toContain('<html lang="en"');
  const asked = await read('/topics?lang=de');
  expect(asked.text).toContain('<html lang="de"');
  // Its links keep the language, where a German browser's need not.
  expect(asked.text).not.toBe(german.text);
});

test('it leaves as each client can read it', async () => {
  const { text } = await read('/topics', { 'accept-encoding': 'identity' });
  for (const [encoding, decode] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const raw = await getRaw(`${app.url}/topics`, { 'accept-encoding': encoding, 'accept-language': 'en' });
    expect(raw.headers['content-encoding']).toBe(encoding);
    expect(raw.headers.vary).toMatch(/Accept-Encoding/i);
    expect(decode(raw.body).toString()).toBe(text);
  }
});

test('what is not there yet, or was chosen by a visitor, is made anew', async () => {
  expect((await read('/paper/9999')).response.status).toBe(404);
  await app.db.paper.create({
    data: {
      seq: 9999,
      key: 'title:late',
      titleKeys: [],
      title: 'Late',
      links: [],
      firstListedOn: new Date('2025-12-12'),
    },
  });
  expect((await read('/paper/9999')).text).toContain('Late');
  expect((await read('/?topics=vision')).text).not.toBe((await read('/')).text);
  expect((await read('/topics?lang=xx')).text).toContain('<html lang="en"');
});

test('who waits for a page that finds no room is sent away as well, and does not make it again', async () => {
  let made = 0;
  const { share } = createSharedPages({ keptMs: 1000 });
  const site = express();
  const make: RequestHandler = async (_request, response) => {
    made += 1;
    await sleep(100);
    response.status(503).send('busy');
  };
  const onError: ErrorRequestHandler = (error, _request, response, _next) =>
    void response.status(isBusy(error) ? 503 : 500).end();
  site.get('/', share, make).use(onError);
  const server = site.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const statuses = await Promise.all([1, 2, 3].map(async () => (await fetch(url)).status));
  server.closeAllConnections();
  server.close();
  expect({ statuses, made }).toEqual({ statuses: [503, 503, 503], made: 1 });
});

test('while there is no room to make it anew a page is served as it was, and not for ever', async () => {
  let made = 0;
  let isPressed = true;
  const { share, isAtHand } = createSharedPages({ keptMs: 50, isPressed: () => isPressed });
  const site = express();
  const seen: boolean[] = [];
  const look: RequestHandler = (request, _response, next) => {
    seen.push(isAtHand(request));
    next();
  };
  site.get('/', look, share, (_request, response) => {
    made += 1;
    response.send(`made ${made}`);
  });
  const server = site.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const ask = async () => (await fetch(url)).text();
  const first = await ask();
  await sleep(100);
  const pressed = await ask();
  isPressed = false;
  const anew = await ask();
  isPressed = true;
  await sleep(1100);
  const tooOld = await ask();
  server.closeAllConnections();
  server.close();
  expect([first, pressed, anew, tooOld]).toEqual(['made 1', 'made 1', 'made 2', 'made 3']);
  expect(seen).toEqual([false, true, false, false]);
});
