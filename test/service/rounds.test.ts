// What comes round does so once, by whichever worker, while the queue works; and by itself whatever became of the queue.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createDb, type Db } from '../../src/platform/postgres/db.ts';
import { createQueue } from '../../src/platform/queue.ts';
import { keepDelivering, keepRound } from '../../src/service/rounds.ts';
import { tellRarely } from '../../src/service/tell-rarely.ts';
import { describeWith } from '../support/needs.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { follow } from '../support/start-sentinel.ts';
import { waitFor } from '../support/wait-for.ts';

const ignore = () => {};
const everyMs = 900;

describeWith('redis-server', 'a round', () => {
  const closers: (() => unknown)[] = [];
  let db: Db;
  let redis: RedisServer;
  let prefix: string;
  let workers: { stop(): void; close(): Promise<unknown> }[] = [];
  const startServer = async () => {
    const server = await startRedis(inject('externalPrograms')['redis-server'] ?? '');
    closers.push(() => server.stop());
    return server;
  };
  beforeEach(async () => {
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    db = createDb(database.databaseUrl);
    closers.push(() => db.$disconnect());
    redis = await startServer();
    prefix = randomUUID();
  });
  afterEach(async () => {
    for (const { stop } of workers) stop();
    await Promise.all(workers.map(({ close }) => close()));
    workers = [];
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  /** As another process would. */
  function startWorker(): { runs: number[]; deliveries: number } {
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

  test('is done by one of two workers while the queue works', async () => {
    const startedAt = Date.now();
    const [one, other] = [startWorker(), startWorker()];
    const listRuns = () => [...one.runs, ...other.runs].sort((first, second) => first - second);
    await waitFor('twelve runs', () => listRuns().length >= 12);
    const twelfth = listRuns()[11] ?? 0;
    // Each starts one at once, and so does the schedule; then it takes nine rounds, less a few that a busy machine's queue was
    // late for. Two timers, or a timer beside the queue, would take half of the nine.
    expect(twelfth - startedAt).toBeGreaterThan(everyMs * 6);
  });

  test('comes when it will: a worker that is started sends what is due at once', async () => {
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

  const troubles: [string, () => Promise<unknown>][] = [
    ['is down', () => redis.stop()],
    ['hangs', async () => redis.signal('SIGSTOP')],
    ['is read-only', async () => follow(redis.url, (await startServer()).url)],
    [
      'is emptied again and again',
      async () => {
        const client = new Redis(redis.url);
        const timer = setInterval(() => client.flushall().catch(ignore), 20);
        closers.push(() => client.disconnect());
        closers.push(() => clearInterval(timer));
      },
    ],
  ];
  describe.each(troubles)('while the queue %s', (_, begin) => {
    test('goes on, by one of the workers, and each of them sends', async () => {
      const both = [startWorker(), startWorker()];
      const count = () => both.reduce((sum, { runs }) => sum + runs.length, 0);
      await waitFor('the first runs', () => count() >= 2);
      await begin();
      const [before, sent] = [count(), both.map(({ deliveries }) => deliveries)];
      const begunAt = Date.now();
      await waitFor('three more runs', () => count() >= before + 3);
      // A round is overdue by a ninth of it before another one looks.
      expect(Date.now() - begunAt).toBeLessThan(everyMs * 3 * 2.5);
      await sleep(everyMs);
      for (const [index, { deliveries }] of both.entries())
        expect(deliveries).toBeGreaterThan(sent[index] ?? 0);
      redis.signal('SIGCONT');
    });
  });
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
