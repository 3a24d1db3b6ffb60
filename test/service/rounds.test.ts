// What comes round does so once, by whichever worker, while the queue works; and by itself whatever became of the queue.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, inject, type TestContext, test } from 'vitest';
import { createDb, type Db } from '../../src/platform/postgres/db.ts';
import { createQueue } from '../../src/platform/queue.ts';
import { keepDelivering, keepRound } from '../../src/service/rounds.ts';
import { tellRarely } from '../../src/service/tell-rarely.ts';
import { describeWith } from '../support/needs.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { follow } from '../support/start-sentinel.ts';
import { undoAll } from '../support/undo-all.ts';
import { waitFor } from '../support/wait-for.ts';

const ignore = () => {};
const everyMs = 900;

type Opened = {
  db: Db;
  redis: RedisServer;
  prefix: string;
  workers: { stop(): void; close(): Promise<unknown> }[];
  closers: (() => unknown)[];
};

describeWith('redis-server', 'a round', () => {
  const startServer = () => startRedis(inject('externalPrograms')['redis-server'] ?? '');

  async function openQueue(onTestFinished: TestContext['onTestFinished']): Promise<Opened> {
    const closers: (() => unknown)[] = [];
    const workers: Opened['workers'] = [];
    onTestFinished(async () => {
      for (const { stop } of workers) stop();
      await Promise.all(workers.map(({ close }) => close()));
      await undoAll(closers);
    });
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    const db = createDb(database.databaseUrl);
    closers.push(() => db.$disconnect());
    const redis = await startServer();
    closers.push(() => redis.stop());
    return { db, redis, prefix: randomUUID(), workers, closers };
  }

  /** As another process would. */
  function startWorker({ db, redis, prefix, workers }: Opened): { runs: number[]; deliveries: number } {
    const worker = { runs: [] as number[], deliveries: 0 };
    const queue = createQueue({ redisUrl: redis.url, databaseUrl: '', prefix, onError: ignore });
    const delivering = keepDelivering(
      { queue, onError: ignore },
      {
        everyMs,
        run: async () => {
          worker.deliveries += 1;
        },
        onFailure: ignore,
      },
    );
    const round = keepRound(
      { queue, db, onError: ignore },
      {
        name: 'plan',
        everyMs,
        run: async () => {
          worker.runs.push(Date.now());
          await delivering.wake();
        },
        onFailure: ignore,
      },
    );
    workers.push({
      stop() {
        round.stop();
        delivering.stop();
      },
      close: () => Promise.all([queue.close(), round.idle(), delivering.idle()]),
    });
    return worker;
  }

  test.concurrent('is done by one of two workers while the queue works', async ({ onTestFinished }) => {
    const opened = await openQueue(onTestFinished);
    const startedAt = Date.now();
    const [one, other] = [startWorker(opened), startWorker(opened)];
    const listRuns = () => [...one.runs, ...other.runs].sort((first, second) => first - second);
    await waitFor('twelve runs', () => listRuns().length >= 12);
    const twelfth = listRuns()[11] ?? 0;
    // Each starts one at once, and so does the schedule; then it takes nine rounds, less a few that a busy machine's queue was
    // late for. Two timers, or a timer beside the queue, would take half of the nine.
    expect(twelfth - startedAt).toBeGreaterThan(everyMs * 6);
  });

  test.concurrent('comes when it will: a worker that is started sends what is due at once', async ({
    onTestFinished,
  }) => {
    const { redis, prefix, workers } = await openQueue(onTestFinished);
    const queue = createQueue({ redisUrl: redis.url, databaseUrl: '', prefix, onError: ignore });
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const delivering = keepDelivering(
      { queue, onError: ignore },
      { everyMs: 60_000, run, onFailure: ignore },
    );
    workers.push({ stop: delivering.stop, close: () => queue.close() });
    await waitFor('the first run', () => runs > 0);
  });

  const troubles: [string, (opened: Opened) => Promise<unknown>][] = [
    ['is down', ({ redis }) => redis.stop()],
    ['hangs', async ({ redis }) => redis.signal('SIGSTOP')],
    [
      'is read-only',
      async ({ redis, closers }) => {
        const other = await startServer();
        closers.push(() => other.stop());
        return follow(redis.url, other.url);
      },
    ],
    [
      'is emptied again and again',
      async ({ redis, closers }) => {
        const client = new Redis(redis.url);
        const timer = setInterval(() => client.flushall().catch(ignore), 20);
        closers.push(() => client.disconnect());
        closers.push(() => clearInterval(timer));
      },
    ],
  ];
  test.concurrent.for(troubles)(
    'while the queue %s goes on, by one of the workers, and each of them sends',
    async ([_, begin], { onTestFinished }) => {
      const opened = await openQueue(onTestFinished);
      const both = [startWorker(opened), startWorker(opened)];
      const count = () => both.reduce((sum, { runs }) => sum + runs.length, 0);
      await waitFor('the first runs', () => count() >= 2);
      await begin(opened);
      const [before, sent] = [count(), both.map(({ deliveries }) => deliveries)];
      const begunAt = Date.now();
      await waitFor('three more runs', () => count() >= before + 3);
      // A round is overdue by a ninth of it before another one looks.
      expect(Date.now() - begunAt).toBeLessThan(everyMs * 3 * 2.5);
      await sleep(everyMs);
      for (const [index, { deliveries }] of both.entries())
        expect(deliveries).toBeGreaterThan(sent[index] ?? 0);
      opened.redis.signal('SIGCONT');
    },
  );
});

test('the same trouble is told once a minute, another one at once', () => {
  const told: string[] = [];
  const clock = { now: new Date('2026-03-02T09:00:00Z') };
  const tell = tellRarely(({ message }) => told.push(message), { everyMs: 60_000, now: () => clock.now });
  for (const message of ['away', 'away', 'read-only', 'away']) tell(new Error(message));
  expect(told).toEqual(['away', 'read-only']);
  clock.now = new Date('2026-03-02T09:01:00Z');
  tell(new Error('away'));
  expect(told).toEqual(['away', 'read-only', 'away']);
});
