// More visitors at once than two connections to the database serve: some are sent away, nobody gets an error, who wants to
// leave leaves, and all is well again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultSize } from '../support/fault-sizes.ts';
import { startApp, type TestApp } from '../web/start-app.ts';

let app: TestApp;
let crowded: Awaited<ReturnType<TestApp['startAnother']>>;
beforeAll(async () => {
  app = await startApp({ config: { trustProxy: 1 } });
  crowded = await app.startAnother();
});
afterAll(async () => {
  await crowded?.stop();
  await app?.stop();
});

const pages = [
  '/',
  '/papers/2025-12-12',
  '/search?q=language',
  '/feeds/all.atom',
  '/topics/vision',
  '/api/v1/papers',
];

/** From an address of their own, as a proxy tells it. */
const ask = (path: string, visitor: number, init: RequestInit = {}) => {
  const from = `10.${visitor >> 16}.${(visitor >> 8) & 255}.${visitor & 255}`;
  return fetch(crowded.url + path, { headers: { ...app.browser, 'x-forwarded-for': from }, ...init });
};

test('a crowd is served or told to come back, those who leave are gone, and all recovers', async () => {
  const leavers = [];
  for (const n of [1, 2, 3]) leavers.push(await app.addActive(`leaver${n}@example.org`));
  const visits = Array.from({ length: faultSize('VISITORS') }, async (_, visitor) => {
    const answer = await ask(pages[visitor % pages.length] ?? '/', visitor);
    await answer.arrayBuffer();
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
  });
  const leaving = leavers.map(async (leaver, n) => {
    const path = `/unsubscribe/${app.signToken('unsubscribe', leaver)}`;
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    return (await ask(path, 1_000_000 + n, { method: 'POST', body })).status;
  });
  const answers = await Promise.all(visits);
  const sentAway = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
  expect(sentAway.filter(({ retryAfter }) => retryAfter === null)).toEqual([]);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  expect(await Promise.all(leaving)).toEqual([200, 200, 200]);
  for (const { id } of leavers) expect((await app.getSubscriber(id)).status).toBe('unsubscribed');

  expect((await ask('/search?q=language', 1)).status).toBe(200);
  expect(app.logLines.filter((line) => line.includes('a request failed'))).toEqual([]);
});
