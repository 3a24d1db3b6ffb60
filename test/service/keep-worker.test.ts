// The thread that plans and sends beside the pages: what becomes of it when it fails, hangs and is stopped.
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/platform/errors.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { type Closer, createCloser } from '../../src/service/closer.ts';
import { type KeptWorker, keepWorker } from '../../src/service/thread/keep-worker.ts';
import { waitFor } from '../support/wait-for.ts';

const task = { config: readConfig({}), databaseUrl: 'postgres://nobody@127.0.0.1:9/none' };
let closer: Closer = createCloser();
afterEach(() => closer.close());

/** What stands where the real one begins, and what it does when it is woken. */
type Program = { begin?: string; wake?: string; ask?: string };

/** `starts` counts its lives. */
function keep(
  program: Program,
  pause = { firstMs: 10, mostMs: 20 },
): {
  worker: KeptWorker;
  starts: () => number;
  lines: string[];
  told: string[];
} {
  const code = `
    const { parentPort } = require('node:worker_threads');
    const handlers = {
      begin: () => { ${program.begin ?? "parentPort.postMessage({ type: 'began', inboxUrl: 'http://inbox' })"} },
      wake: () => { ${program.wake ?? ''} },
      ask: () => { ${program.ask ?? "parentPort.postMessage({ type: 'ready', stalled: ['queue'] })"} },
      stop: () => process.exit(),
    };
    parentPort.on('message', (message) => handlers[message.type](message));
  `;
  let starts = 0;
  const lines: string[] = [];
  const told: string[] = [];
  closer = createCloser();
  const worker = keepWorker(
    {
      startThread() {
        starts += 1;
        const thread = new Worker(code, { eval: true, execArgv: [] });
        thread.on('message', ({ type }) => told.push(type));
        return thread;
      },
      log: createLogger('info', { write: (line) => void lines.push(line) }),
      pause,
    },
    closer,
  );
  return { worker, starts: () => starts, lines, told };
}

test('a worker that ends by itself is started again and goes on, and the log says why it ended', async () => {
  const { worker, starts, lines, told } = keep({ wake: "throw new Error('the worker is broken')" });
  expect(await worker.begin(task, null, closer)).toMatchObject({ inboxUrl: 'http://inbox' });
  for (const life of [2, 3]) {
    await worker.wakeDelivery();
    await waitFor('its next life', () => told.filter((type) => type === 'began').length === life);
  }
  expect(starts()).toBe(3);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('the worker is broken');
  expect(await worker.health.ready()).toEqual(['queue']);
});

test('a configuration that it cannot work with ends the start, and it is not started again', async () => {
  const { worker, starts, lines } = keep({
    begin: "throw Object.assign(new Error('DKIM_PRIVATE_KEY is no key'), { name: 'ConfigError' })",
  });
  const beginning = worker.begin(task, null, closer);
  await expect(beginning).rejects.toThrow(ConfigError);
  await expect(beginning).rejects.toThrow('DKIM_PRIVATE_KEY is no key');
  await closer.close();
  expect({ starts: starts(), lines }).toEqual({ starts: 1, lines: [] });
});

test('it is not ready while it is down, and a stop does not wait for its next start', async () => {
  const { worker, starts, lines } = keep({ wake: 'process.exit(1)' }, { firstMs: 60_000, mostMs: 60_000 });
  await worker.begin(task, null, closer);
  await worker.wakeDelivery();
  await waitFor('its end', () => lines.length > 0);
  expect(await worker.health.ready()).toEqual(['worker']);
  await closer.close();
  expect(starts()).toBe(1);
});

test('each mail it tells of is counted, and what does not go on in it is known', async () => {
  const mail = { outcome: 'accepted', code: null, domain: 'example.org', seconds: 0.1 };
  const pool = { total: 3, idle: 2, waiting: 0 };
  const { worker } = keep({
    wake: `
      parentPort.postMessage({ type: 'sent', mail: ${JSON.stringify(mail)} });
      parentPort.postMessage({ type: 'alive', stalled: ['plan'], pool: ${JSON.stringify(pool)} });
    `,
  });
  const counted: object[] = [];
  await worker.begin(task, (sent) => counted.push(sent), closer);
  expect(worker.health.live()).toEqual([]);
  await worker.wakeDelivery();
  await waitFor('word of it', () => worker.health.live().length > 0);
  expect(worker.health.live()).toEqual(['plan']);
  expect(worker.countConnections()).toEqual(pool);
  expect(counted).toEqual([mail]);
});
