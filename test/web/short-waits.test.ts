// A crowd at a database that is slow: nobody waits for long, nobody who left is worked for, and the way out stays open.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let slow: Awaited<ReturnType<TestApp['startAnother']>>;
beforeAll(async () => {
  app = await startApp();
  slow = await app.startAnother();
});
afterAll(async () => {
  await slow?.stop();
  await app?.stop();
});

/** What reads papers waits as long as `work` does. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  await app.db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE paper`;
    await work();
  });
}

/** The pages' statements that the database is at: none of them reads a subscriber alone. */
async function countStatements(): Promise<number> {
  const [row] = await app.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row?.count ?? 0;
}

const open = (path: string, init: RequestInit = {}) =>
  fetch(slow.url + path, { headers: app.browser, ...init });

test('beyond its share of the database a crowd is sent away at once, as people and programs can read it', async () => {
  const leaver = await app.addActive('leaver@example.org');
  let leaving: Promise<Response> | undefined;
  await whileLocked(async () => {
    const held = [open('/paper/1'), open('/paper/2')];
    await waitFor('two statements', async () => (await countStatements()) === 2);
    // A mail provider's request, which comes once: it waits as long as it takes, before all others.
    leaving = open(`/unsubscribe/${app.signToken('unsubscribe', leaver)}`, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    const startedAt = performance.now();
    const [page, problem] = await Promise.all([open('/paper/3'), open('/api/v1/topics')]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await page.text()).toContain('<h1');
    expect([problem.status, problem.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await problem.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
    expect(await countStatements()).toBe(2);
    void Promise.all(held);
  });
  expect((await leaving)?.status).toBe(200);
  expect((await app.getSubscriber(leaver.id)).status).toBe('unsubscribed');
  expect((await open('/paper/3')).status).toBe(200);
});

test('those who left leave no work behind', async () => {
  app.logLines.length = 0;
  const leaving = new AbortController();
  await whileLocked(async () => {
    const gone = Array.from({ length: 40 }, (_, number) =>
      open(`/paper/${number + 1}`, { signal: leaving.signal }).catch(() => null),
    );
    await waitFor('two statements', async () => (await countStatements()) === 2);
    leaving.abort();
    await Promise.all(gone);
    expect((await open('/api/v1/topics')).status).toBe(503);
    // Were they still in line, they would have been told by now as well.
    expect(app.logLines.filter((line) => line.includes('too busy'))).toHaveLength(1);
  });
  expect((await open('/paper/1')).status).toBe(200);
  expect(app.logLines.filter((line) => line.includes('a request failed'))).toEqual([]);
});
