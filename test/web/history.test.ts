import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeReasons } from '../../src/papers/pick-store.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const daysIn = (html: string) => [...html.matchAll(/<time datetime="([^"]+)"/g)].map(([, day]) => day);

test('the history begins with the day of sign-up, and tells of its digest', async () => {
  const ada = await app.addActive('ada@example.org');
  const html = await (await app.request(`/preferences/${app.signToken('preferences', ada)}/history`)).text();
  expect(daysIn(html)).toEqual(['2025-12-12']);
  expect(html).toContain('On its way.');
  expect(html).toContain('The next one is for Saturday, 13 December 2025.');
});

test('pages of 14 days reach back twelve weeks, each day once, and no further', async () => {
  const grace = await app.addActive('grace@example.org', { days: ['mon'] });
  await app.db.subscriber.update({ where: { id: grace.id }, data: { confirmedAt: new Date('2024-01-01') } });
  const path = `/preferences/${app.signToken('preferences', grace)}/history`;
  const days: (string | undefined)[] = [];
  for (let page = 1; page <= 6; page += 1)
    days.push(...daysIn(await (await app.request(`${path}?page=${page}`)).text()));
  expect(new Set(days).size).toBe(84);
  expect([days[0], days[83]]).toEqual(['2025-12-12', '2025-09-20']);
  for (const page of ['7', '0', '-1', 'x', '1e9']) {
    expect((await app.request(`${path}?page=${page}`)).status).toBe(404);
  }
});

test('a digest can be read by its own reader only, and only a day that was sent', async () => {
  const reader = await app.addActive('reader@example.org');
  const other = await app.addActive('other@example.org');
  const picks = await storeReasons(app.db, [{ seq: 2, reason: null }]);
  await app.db.delivery.updateMany({
    where: { subscriberId: reader.id, kind: 'digest' },
    data: { state: 'accepted', finishedAt: app.clock.now, picks },
  });
  const digest = (of: { id: string }) => `/digest/${app.signToken('preferences', of)}`;
  const html = await (await app.request(`${digest(reader)}/2025-12-12`)).text();
  expect(html).toContain('Your digest of Friday, 12 December 2025');
  expect(html).toContain('these were the top papers');
  expect((await app.request(`${digest(other)}/2025-12-12`)).status).toBe(404);
  for (const day of ['2025-12-11', '2025-02-30', 'papers', '..%2F'])
    expect((await app.request(`${digest(reader)}/${day}`)).status).toBe(404);
});

test('a vote on a digest of a day leads back to that day', async () => {
  const voter = await app.addActive('voter@example.org');
  const digest = `/digest/${app.signToken('preferences', voter)}`;
  const vote = (edition: string) => app.post(`${digest}/papers/2`, { wish: 'more', from: 'digest', edition });
  expect((await vote('2025-12-12')).headers.get('location')).toBe(`${digest}/2025-12-12?noted=1#paper-2`);
  expect((await vote('//evil.example')).headers.get('location')).toBe(`${digest}?noted=1#paper-2`);
});
