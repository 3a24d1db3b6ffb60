import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../src/web/http/limits/rate-limits.ts';
import { shedLoad } from '../../src/web/http/limits/shed-load.ts';
import { createTurns } from '../../src/web/http/limits/take-turns.ts';

describe('whose budget a request spends', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', null],
    ['::ffff:192.0.2.7', '192.0.2.7', null],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002/64', '20010db80001/48'],
    ['2001:db8:1:2::', '20010db800010002/64', '20010db80001/48'],
    ['2001:db8:1:3::1', '20010db800010003/64', '20010db80001/48'],
    ['not an address', 'unknown', null],
  ])('%s', (ip, address, network) => {
    expect(readSource({ ip })).toEqual({ address, network });
  });
});

/** Answers each path after 100 ms, behind `guard`; gives the statuses of requests that are sent at once. */
async function askAtOnce(guard: RequestHandler, paths: string[]) {
  const seen = { most: 0, now: 0 };
  const app = express();
  app.use(guard, async (_request, response) => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await sleep(100);
    seen.now -= 1;
    response.send('here');
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = await Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(url + path);
      await answer.text();
      return answer;
    }),
  );
  const later = (await fetch(url + paths[0])).status;
  server.closeAllConnections();
  server.close();
  const statuses = answers.map(({ status }) => status).sort();
  const patience = answers.find(({ status }) => status !== 200)?.headers.get('retry-after') ?? null;
  return { statuses, patience, later, most: seen.most };
}

const refuse: RequestHandler = (_request, response) => void response.end();

test('what one reader writes at once is done one after the other, and beyond a few refused', async () => {
  const takeTurns = createTurns({ keyOf: ({ path }) => path, mostWaiting: 2 })(refuse);
  const asked = await askAtOnce(takeTurns, ['/ada', '/ada', '/ada', '/ada', '/ada']);
  expect(asked).toEqual({ statuses: [200, 200, 200, 429, 429], patience: '1', later: 200, most: 1 });
  const others = await askAtOnce(takeTurns, ['/ada', '/grace', '/alan']);
  expect(others).toMatchObject({ statuses: [200, 200, 200], most: 3 });
});

test('beyond so many requests in flight the next are sent away, but nobody who wants to leave', async () => {
  const shed = shedLoad((_request, response) => void response.end(), {
    readRoom: () => 2,
    isAtHand: ({ path }) => path === '/at-hand',
    waitMs: 0,
  });
  const asked = await askAtOnce(shed, ['/', '/', '/', '/papers']);
  expect(asked).toEqual({ statuses: [200, 200, 503, 503], patience: '2', later: 200, most: 2 });
  const inMemory = await askAtOnce(shed, ['/', '/', '/at-hand', '/at-hand', '/']);
  expect(inMemory).toMatchObject({ statuses: [200, 200, 200, 200, 503], most: 4 });
  const leaving = await askAtOnce(shed, ['/unsubscribe/a', '/unsubscribe/b', '/unsubscribe/c']);
  expect(leaving).toMatchObject({ statuses: [200, 200, 200], most: 3 });
});

test('twenty pages that are asked for at once come, a few at a time', async () => {
  const shed = shedLoad((_request, response) => void response.end(), { readRoom: () => 2, waitMs: 60_000 });
  const asked = await askAtOnce(
    shed,
    Array.from({ length: 20 }, () => '/'),
  );
  expect(asked).toMatchObject({ statuses: Array.from({ length: 20 }, () => 200), most: 2, later: 200 });
});

test('who waits in a line of their own takes no room from others', async () => {
  const shed = shedLoad((_request, response) => void response.end(), { readRoom: () => 2 });
  const takeTurns = createTurns({ keyOf: ({ path }) => path, mostWaiting: 5 })(refuse);
  const both: RequestHandler = (request, response, next) =>
    shed(request, response, () => void takeTurns(request, response, next));
  const asked = await askAtOnce(both, ['/ada', '/ada', '/ada', '/ada', '/grace']);
  expect(asked).toMatchObject({ statuses: [200, 200, 200, 200, 200], most: 2 });
});
