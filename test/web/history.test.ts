import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('who agreed elsewhere and was imported has no days from before they were here', async () => {
  const alan = await app.addActive('alan@example.org');
  await app.db.subscriber.update({ where: { id: alan.id }, data: { confirmedAt: new Date('2024-01-01') } });
  const html = await (await app.request(`/preferences/${app.signToken('preferences', alan)}/history`)).text();
  expect(daysIn(html)).toEqual(['2025-12-12']);
});

test('pages of 14 days reach back twelve weeks, each day once, and no further', async () => {
  const grace = await app.addActive('grace@example.org', { days: ['mon'] });
  const longAgo = new Date('2024-01-01');
  await app.db.subscriber.update({
    where: { id: grace.id },
    data: { createdAt: longAgo, confirmedAt: longAgo },
  });
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

test('all that a reader was sent can be had for a reference manager, each paper once, by their own link', async () => {
  const reader = await app.addActive('citing@example.org');
  await app.sendDigest(reader, [3, 2]);
  await app.db.delivery.updateMany({
    where: { subscriberId: reader.id, kind: 'digest' },
    data: { state: 'accepted' },
  });
  const path = `/preferences/${app.signToken('preferences', reader)}/history.bib`;
  const bibtex = await (await app.request(path)).text();
  expect(bibtex.match(/^@misc\{.*-\d+,$/gm)?.map((key) => key.replace(/.*-/, ''))).toEqual(['3,', '2,']);
  expect((await app.request(`/preferences/${app.signToken('unsubscribe', reader)}/history.bib`)).status).toBe(
    404,
  );
  expect((await app.request(path.replace('.bib', '.pdf'))).status).toBe(404);
});

test('leads from each day that brought a digest to that digest, and from no other day', async () => {
  const reader = await app.addActive('reader@example.org');
  const { vote } = await app.sendDigest(reader, [2]);
  const path = `/preferences/${app.signToken('preferences', reader)}/history`;
  const html = await (await app.request(path)).text();
  expect(html.match(/href="\/vote\/[^"]+"/g)).toEqual([`href="${vote}"`]);
  const digest = await (await app.request(vote)).text();
  expect(digest).toContain('Your digest of Friday, 12 December 2025');
  expect(digest).toContain('these were the top papers');
});
