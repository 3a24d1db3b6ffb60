// The metrics as a real Prometheus reads them, with the alerts and the dashboard that come with the project.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageFolder } from '../src/config/config.ts';
import { readFigures } from '../src/ledger/reports/figures.ts';
import { createHealth } from '../src/platform/health.ts';
import { createLogger } from '../src/platform/logger.ts';
import { answerMetrics, createMetrics } from '../src/platform/metrics.ts';
import { countConnections } from '../src/platform/postgres/db.ts';
import { type Closer, createCloser } from '../src/service/closer.ts';
import { openHealthPort } from '../src/service/health-port.ts';
import type { ReadableMetrics } from '../src/service/open-metrics.ts';
import { findFreePort } from './support/free-port.ts';
import { describeWith } from './support/needs.ts';
import { waitFor } from './support/wait-for.ts';
import { startApp, type TestApp } from './web/start-app.ts';

const token = 'a token for tests that is long enough';
const folder = join(packageFolder, 'docs/observability');
let app: TestApp;
let looks = 0;
const metrics = createMetrics({
  readFigures: () => {
    looks += 1;
    return readFigures({ db: app.db, now: new Date() });
  },
});
const readable: ReadableMetrics = {
  metrics,
  answer: (request, response) => answerMetrics({ metrics, token }, request, response),
};
beforeAll(async () => {
  app = await startApp({ metrics: readable });
  metrics.watchPool('main', () => countConnections(app.db));
  await app.addActive('ada@example.org');
  metrics.countSent({ outcome: 'accepted', code: null, domain: 'example.org', seconds: 0.02 });
  for (let number = 1; number <= 60; number += 1)
    metrics.countSent({ outcome: 'deferred', code: 'greylisted', domain: `d${number}.example`, seconds: 1 });
});
afterAll(() => app?.stop());

const read = async () =>
  (await app.request('/metrics', { headers: { Authorization: `Bearer ${token}` } })).text();

const alerts = async () =>
  z
    .object({ groups: z.array(z.object({ rules: z.array(z.object({ expr: z.string() })) })) })
    .parse(parse(await readFile(join(folder, 'alerts.yml'), 'utf8')))
    .groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
const panels = async () =>
  z
    .object({ panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })) })
    .parse(JSON.parse(await readFile(join(folder, 'dashboard.json'), 'utf8')))
    .panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

test('are for whoever has the token, and are not there without one', async () => {
  const wrong = await Promise.all([
    app.request('/metrics'),
    app.request('/metrics', { headers: { Authorization: 'Bearer no' } }),
    app.request('/metrics', { headers: { Authorization: token } }),
  ]);
  expect(wrong.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect(await wrong[0]?.text()).toBe('');
});

async function openWorkerPort(closer: Closer): Promise<number> {
  const healthPort = await findFreePort();
  const health = createHealth({ checks: [], loops: [], log: createLogger('silent') });
  await openHealthPort({ config: { healthPort, host: '127.0.0.1' }, health, metrics: readable }, closer);
  return healthPort;
}

test('are told by a worker beside its health', async () => {
  const closer = createCloser();
  const healthPort = await openWorkerPort(closer);
  const ask = (path: string, headers = {}) => fetch(`http://127.0.0.1:${healthPort}${path}`, { headers });
  try {
    expect((await ask('/livez')).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(401);
    const told = await ask('/metrics', { Authorization: `Bearer ${token}` });
    expect(await told.text()).toContain('paperround_mails_total{outcome="accepted",reason=""} 1');
  } finally {
    await closer.close();
  }
});

test('name pages by pattern, domains up to a number, and nobody', async () => {
  await app.request('/');
  await app.request('/preferences/some-token-of-a-reader');
  await app.request('/no/such/page');
  // What has been idle for long is closed.
  await app.db.$queryRaw`SELECT 1`;
  const text = await read();
  expect(text).toMatch(
    /http_request_seconds_count\{method="GET",route="\/preferences\/:token",status="4xx"\} 1/,
  );
  expect(text).toContain('route="none"');
  expect(text).not.toMatch(/some-token|no\/such|ada@/);
  expect(new Set(text.match(/domain="[^"]+"/g)).size).toBe(51);
  expect(text).toContain('paperround_refused_mails_total{domain="other",outcome="deferred"} 10');
  expect(text).toContain('paperround_subscribers{status="active"} 1');
  expect(text).toMatch(/paperround_pool_connections\{pool="main",state="total"\} [1-9]/);
});

test('ask the database once in a while, however often they are read', async () => {
  looks = 0;
  await Promise.all([read(), read(), read()]);
  expect(looks).toBeLessThanOrEqual(1);
});

test('tell what the process knows while the database does not answer', async () => {
  const alone = createMetrics({ readFigures: () => Promise.reject(new Error('away')) });
  alone.countSent({ outcome: 'accepted', code: null, domain: 'example.org', seconds: 0.02 });
  const text = await alone.write();
  expect(text).toContain('paperround_mails_total{outcome="accepted",reason=""} 1');
  expect(text).toContain('paperround_due_deliveries Nan');
});

test('have every name that the alerts and the dashboard ask for', async () => {
  const known = new Set((await read()).match(/(?<=^# TYPE )\S+/gm));
  const asked = [...(await alerts()), ...(await panels())].flatMap(
    (expr) => expr.match(/\b(?:paperround|nodejs|process)_\w+/g) ?? [],
  );
  expect(asked.length).toBeGreaterThan(20);
  const plain = (name: string) => name.replace(/_(?:bucket|count|sum)$/, '');
  expect(asked.filter((name) => !known.has(name) && !known.has(plain(name)))).toEqual([]);
});

describeWith('promtool', 'a real Prometheus', () => {
  const promtool = () => inject('externalPrograms').promtool ?? '';
  const check = (args: string[], input = '') => execFileSync(promtool(), args, { input, stdio: 'pipe' });

  test('reads them, and understands every rule and every panel', { timeout: 120_000 }, async () => {
    check(['check', 'rules', join(folder, 'alerts.yml')]);
    const home = await mkdtemp(join(tmpdir(), 'paperround-prometheus-'));
    const closer = createCloser();
    const workers = await Promise.all([openWorkerPort(closer), openWorkerPort(closer)]);
    const port = await findFreePort();
    const config = (await readFile(join(folder, 'prometheus.yml'), 'utf8'))
      .replace('15s', '1s')
      .replace('alerts.yml', join(folder, 'alerts.yml'))
      .replace('localhost:3000', new URL(app.url).host)
      .replace('localhost:3101', `127.0.0.1:${workers[0]}`)
      .replace('localhost:3102', `127.0.0.1:${workers[1]}`);
    // What is to be commented in is understood as well. Debian's Prometheus knows no Kubernetes.
    const all = (config.split('  # In Kubernetes')[0] ?? '').replaceAll(/^ {2}# (?=[ -] ?)/gm, '  ');
    expect(all).toMatch(/^ {2}- job_name: paperround-compose$/m);
    await writeFile(join(home, 'all.yml'), all);
    await writeFile(join(home, 'metrics-token'), token);
    await writeFile(join(home, 'prometheus.yml'), config);
    check(['check', 'config', join(home, 'prometheus.yml')]);
    check(['check', 'config', join(home, 'all.yml')]);
    const server = spawn(join(dirname(promtool()), 'prometheus'), [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${home}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ]);
    const ask = async (expr: string) => {
      const url = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query: expr })}`;
      return z
        .object({ status: z.string(), data: z.object({ result: z.array(z.unknown()) }) })
        .parse(await (await fetch(url)).json());
    };
    try {
      const isUp = async () => (await ask('up == 1').catch(() => null))?.data.result.length === 3;
      await waitFor('the first reading of all three', isUp, 60_000);
      for (const expr of [...(await alerts()), ...(await panels())])
        expect(await ask(expr), expr).toMatchObject({ status: 'success' });
      expect((await ask('paperround_subscribers{status="active",role="web"} == 1')).data.result).toHaveLength(
        1,
      );
      expect((await ask('up{role="worker"} == 1')).data.result).toHaveLength(2);
      expect(
        (await ask('paperround_smtp_seconds_count{outcome="deferred",role="web"} == 60')).data.result,
      ).toHaveLength(1);
    } finally {
      const ended = once(server, 'close');
      server.kill('SIGTERM');
      await ended;
      await closer.close();
      await rm(home, { recursive: true });
    }
  });
});
