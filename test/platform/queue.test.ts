// The queue on both of its backends, with real servers. What it may lose is tested as much as what it may not.
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createQueue, type JobQueue, prepareQueueDatabase } from '../../src/platform/queue.ts';
import { describeWith } from '../support/needs.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { runSql } from '../support/sql.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { waitFor } from '../support/wait-for.ts';

/** Where a queue keeps its jobs, and how to take everything from it. */
type Store = {
  open(): Promise<{ redisUrl: string | null; databaseUrl: string }>;
  lose(): Promise<unknown>;
  close(): Promise<unknown>;
};

const never = () => {};

/** What both backends promise. */
function keepsItsPromises(store: Store): void {
  let place: Awaited<ReturnType<Store['open']>>;
  let queues: JobQueue[] = [];
  let prefix: string;
  beforeAll(async () => {
    place = await store.open();
  });
  afterAll(() => store.close());
  beforeEach(() => {
    prefix = `test-${randomUUID().slice(0, 8)}`;
  });
  afterEach(async () => {
    for (const queue of queues) await queue.close();
    queues = [];
  });

  /** As another process would have it. */
  function openQueue(onError: (error: Error) => void = never): JobQueue {
    const queue = createQueue({ ...place, onError, prefix });
    queues.push(queue);
    return queue;
  }

  test('a job wakes a worker of another process', async () => {
    const runs: string[] = [];
    openQueue().startWorker(
      'deliver',
      async () => {
        runs.push('deliver');
      },
      never,
    );
    await openQueue().enqueue('deliver');
    await waitFor('the job', () => runs.length === 1);
    expect(runs).toEqual(['deliver']);
  });

  test('a job that came before any worker is done when one comes', async () => {
    await openQueue().enqueue('plan');
    let runs = 0;
    openQueue().startWorker(
      'plan',
      async () => {
        runs += 1;
      },
      never,
    );
    await waitFor('the job', () => runs === 1);
  });

  test('a schedule goes on, and is one schedule however many processes keep it', async () => {
    const starts: number[] = [];
    const [one, other] = [openQueue(), openQueue()];
    for (const queue of [one, other]) {
      queue.startWorker(
        'plan',
        async () => {
          starts.push(Date.now());
        },
        never,
      );
    }
    const begunAt = Date.now();
    for (let times = 0; times < 3; times += 1) {
      await Promise.all([one.keepSchedule('plan', 400), other.keepSchedule('plan', 400)]);
    }
    await waitFor('four runs', () => starts.length >= 4);
    const [, , , fourth = 0] = starts;
    // Two schedules would have taken half of that. The first run may follow the second at once, and on a busy machine late.
    expect(fourth - begunAt).toBeGreaterThan(700);
  });

  test('a schedule that was lost with everything else comes back', async () => {
    let runs = 0;
    const queue = openQueue();
    queue.startWorker(
      'plan',
      async () => {
        runs += 1;
      },
      never,
    );
    await queue.keepSchedule('plan', 300);
    await waitFor('the schedule', () => runs >= 2);
    await store.lose();
    const before = runs;
    await waitFor('the schedule to be back', async () => {
      await queue.keepSchedule('plan', 300);
      return runs >= before + 2;
    });
  });

  test('a job that throws is told, and the worker goes on', async () => {
    const errors: string[] = [];
    let runs = 0;
    const queue = openQueue();
    const work = async () => {
      runs += 1;
      if (runs === 1) throw new Error('no luck');
    };
    queue.startWorker('deliver', work, ({ message }) => errors.push(message));
    await queue.enqueue('deliver');
    await waitFor('the error', () => errors.length > 0);
    await queue.enqueue('deliver');
    await waitFor('the next job', () => runs === 2);
    expect(errors).toEqual(['no luck']);
  });

  test('closing waits for the running job', async () => {
    let finish: () => void = never;
    let state = 'waiting';
    const queue = openQueue();
    const work = async () => {
      state = 'running';
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      state = 'finished';
    };
    queue.startWorker('deliver', work, never);
    await queue.enqueue('deliver');
    await waitFor('the job', () => state === 'running');
    let isClosed = false;
    const closing = queue.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isClosed).toBe(false);
    finish();
    await closing;
    expect(state).toBe('finished');
  });
}

describe('on PostgreSQL', () => {
  let database: TestDatabase;
  keepsItsPromises({
    async open() {
      database = await createTestDatabase();
      await prepareQueueDatabase(database.databaseUrl);
      return { redisUrl: null, databaseUrl: database.databaseUrl };
    },
    async lose() {
      // The jobs alone: the schedule itself stays, and is none any more.
      const rows = await runSql(
        database.databaseUrl,
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename LIKE 'job%'",
      );
      const names = rows.map(({ name }) => String(name));
      expect(names.length).toBeGreaterThan(0);
      await runSql(database.databaseUrl, `TRUNCATE ${names.join(', ')} CASCADE`);
    },
    close: () => database.drop(),
  });
});

describeWith('redis-server', 'on Redis', () => {
  let server: RedisServer;
  const start = () => startRedis(inject('externalPrograms')['redis-server'] ?? '');
  const databaseUrl = 'postgresql://nobody@127.0.0.1:9/none';

  keepsItsPromises({
    async open() {
      server = await start();
      return { redisUrl: server.url, databaseUrl };
    },
    async lose() {
      const redis = new Redis(server.url);
      await redis.flushall();
      redis.disconnect();
    },
    close: () => server.stop(),
  });

  test('when Redis goes away a job is refused soon, and closing waits for the running job only', async () => {
    const redis = await start();
    const errors: Error[] = [];
    const queue = createQueue({ redisUrl: redis.url, databaseUrl, onError: (error) => errors.push(error) });
    let state = 'waiting';
    let finish: () => void = never;
    const work = async () => {
      state = 'running';
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      state = 'finished';
    };
    queue.startWorker('deliver', work, never);
    await queue.enqueue('deliver');
    await waitFor('the job', () => state === 'running');
    await redis.stop();

    // Each of these waits five seconds at the most; a machine that is busy takes its own time on top.
    const goneAt = Date.now();
    await expect(queue.enqueue('deliver')).rejects.toThrow();
    expect(Date.now() - goneAt).toBeLessThan(30_000);
    expect(errors.length).toBeGreaterThan(0);
    setTimeout(finish, 300);
    await queue.close();
    expect(state).toBe('finished');
    expect(Date.now() - goneAt).toBeLessThan(60_000);
  });
});
