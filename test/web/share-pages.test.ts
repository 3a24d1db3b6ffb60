// Pages that are the same for everybody: made once, served from memory, and never to the wrong one.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { BusyError } from '../../src/platform/errors.ts';
import { isBusy } from '../../src/platform/postgres/db.ts';
import { createSharedPages, type SharedPages } from '../../src/web/http/answers/share-pages.ts';
import { waitFor } from '../support/wait-for.ts';
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

/** `make` behind `share`, on a server of its own. */
async function serve(
  make: RequestHandler,
  { shared, before = [] }: { shared: SharedPages; before?: RequestHandler[] },
): Promise<() => Promise<Response>> {
  const site = express();
  const onError: ErrorRequestHandler = (error, _request, response, _next) =>
    void response.status(isBusy(error) ? 503 : 500).end();
  site.get('/', ...before, shared.share(make)).use(onError);
  const server = site.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return () => fetch(url, { redirect: 'manual' });
}

test('who waits for a page that finds no room is sent away as well, and does not make it again', async () => {
  let made = 0;
  const make: RequestHandler = async (_request, response) => {
    made += 1;
    await sleep(100);
    response.status(503).send('busy');
  };
  const ask = await serve(make, { shared: createSharedPages({ keptMs: 1000 }) });
  const statuses = await Promise.all([1, 2, 3].map(async () => (await ask()).status));
  expect({ statuses, made }).toEqual({ statuses: [503, 503, 503], made: 1 });
});

test('while there is no room to make it anew a page is served as it was, and not for ever', async () => {
  let made = 0;
  let isPressed = true;
  const shared = createSharedPages({ keptMs: 50, isPressed: () => isPressed });
  const seen: boolean[] = [];
  const look: RequestHandler = (request, _response, next) => {
    seen.push(shared.isAtHand(request));
    next();
  };
  const make: RequestHandler = (_request, response) => {
    made += 1;
    response.send(`made ${made}`);
  };
  const answer = await serve(make, { shared, before: [look] });
  const ask = async () => (await answer()).text();
  const first = await ask();
  // Past the time in which it would be shown once more.
  await sleep(200);
  const pressed = await ask();
  isPressed = false;
  const anew = await ask();
  isPressed = true;
  await sleep(1100);
  const tooOld = await ask();
  expect([first, pressed, anew, tooOld]).toEqual(['made 1', 'made 1', 'made 2', 'made 3']);
  expect(seen).toEqual([false, true, false, false]);
});

test('a page that was asked for a moment ago is shown as it was, and made anew behind its visitors’ backs', async () => {
  let made = 0;
  let goOn = () => {};
  const isHeldUp = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const make: RequestHandler = async (_request, response) => {
    made += 1;
    const words = `made ${made}`;
    if (made > 1) await isHeldUp;
    response.set('X-Robots-Tag', 'noindex').send(words);
  };
  const answer = await serve(make, { shared: createSharedPages({ keptMs: 2000 }) });
  const ask = async () => (await answer()).text();
  expect(await ask()).toBe('made 1');
  await sleep(2100);
  expect([await ask(), await ask(), made]).toEqual(['made 1', 'made 1', 2]);
  goOn();
  await waitFor('the new one', async () => (await ask()) === 'made 2');
  expect(made).toBe(2);
});

test('what goes wrong behind their backs costs nobody anything, and is tried again', async () => {
  let made = 0;
  const wrong: RequestHandler[] = [
    () => {
      throw new Error('of its own');
    },
    async () => {
      throw new Error('later');
    },
    (_request, _response, next) => next(new BusyError('no room')),
    (_request, _response, next) => next(),
    (_request, response) => response.redirect(302, '/elsewhere'),
    (_request, response) => void response.status(404).send('gone'),
    (_request, response) => void response.set('Cache-Control', 'private').send('of one'),
  ];
  const make: RequestHandler = (request, response, next) => {
    made += 1;
    const goWrong = wrong[made - 2];
    return goWrong === undefined ? response.send(`made ${made}`) : goWrong(request, response, next);
  };
  const answer = await serve(make, { shared: createSharedPages({ keptMs: 2000 }) });
  expect(await (await answer()).text()).toBe('made 1');
  await sleep(2100);
  for (const _ of wrong) {
    const before = made;
    const shown = await answer();
    expect([shown.status, await shown.text(), made]).toEqual([200, 'made 1', before + 1]);
  }
  await answer();
  expect(await (await answer()).text()).toBe(`made ${wrong.length + 2}`);
});
