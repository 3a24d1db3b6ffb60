// The pages are tried before the first visitor comes, and nobody notices but that visitor.
import type { RequestListener } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../src/platform/metrics.ts';
import { rehearse } from '../../src/service/rehearse.ts';
import { startApp, type TestApp } from './start-app.ts';

const log = pino({ level: 'silent' });

let app: TestApp;
const metrics = createMetrics({ readFigures: null });

beforeAll(async () => {
  app = await startApp({ pagesKeptMs: 60_000, metrics: { metrics, answer: async () => {} } });
});
afterAll(() => app.stop());

test('a rehearsal is not logged or counted and writes nothing, and the first visitor finds the page made', async () => {
  const before = await app.dump();
  await rehearse(app.rehearsal, log);
  expect(app.logLines).toEqual([]);
  expect(await app.dump()).toEqual(before);
  // What comes from memory does not know of it yet.
  await app.db.paper.updateMany({ data: { title: 'Retitled' } });
  expect(await (await app.request('/')).text()).not.toContain('Retitled');
});

/** Answers and notes what it was asked for. */
function openStage(answer: (path: string) => string | null): { app: RequestListener; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    app(request, response) {
      asked.push(request.url ?? '');
      const text = answer(request.url ?? '');
      if (text !== null) response.end(text);
    },
  };
}

test('one page of each kind that the front page leads to is asked for, below no path of BASE_URL', async () => {
  const front = '<a href="/lab/paper/7">a</a><a href="/lab/paper/8">b</a><a href="/lab/topics/agents">c</a>';
  const { app: stage, asked } = openStage((path) => (path === '/' ? front : ''));
  await rehearse(stage, log);
  expect(asked.filter((path) => path === '/')).toHaveLength(2);
  expect(asked.filter((path) => /paper\/|topics\//.test(path))).toEqual([
    '/paper/7',
    '/topics/agents',
    '/paper/7',
    '/topics/agents',
  ]);
});

test('a page that never comes holds up no start', async () => {
  const { app: stage } = openStage(() => null);
  const startedAt = performance.now();
  await rehearse(stage, log, 200);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
