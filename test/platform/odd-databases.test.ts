// Databases as people have them: in another time zone, behind a pooler, with few rights.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFolder } from '../../src/config/config.ts';
import { planDigests } from '../../src/ledger/plan.ts';
import {
  createDb,
  createSharedDb,
  type DbOrTransaction,
  isBusy,
  Prisma,
  queryPrepared,
  walkIndex,
  withSettings,
} from '../../src/platform/postgres/db.ts';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { createPgClient, takesTimeLimit } from '../../src/platform/postgres/pg.ts';
import { createQueue, prepareQueueDatabase } from '../../src/platform/queue.ts';
import { describeWith } from '../support/needs.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { fewTopics, launch, signalGroup } from '../support/program.ts';
import { runSql } from '../support/sql.ts';
import { type PgBouncer, startPgBouncer } from '../support/start-pgbouncer.ts';
import { waitFor } from '../support/wait-for.ts';
import { ada, createWorld, expertPaper } from '../support/world.ts';

type Settings = { zone: string; style: string };
const foreign: Settings[] = [
  { zone: 'Europe/Berlin', style: 'German' },
  { zone: 'America/New_York', style: 'SQL, MDY' },
  { zone: 'Asia/Kolkata', style: 'Postgres, DMY' },
];

async function setDatabase(database: TestDatabase, { zone, style }: Settings): Promise<void> {
  const name = new URL(database.databaseUrl).pathname.slice(1);
  await runSql(
    database.databaseUrl,
    `ALTER DATABASE ${name} SET timezone = '${zone}'`,
    `ALTER DATABASE ${name} SET datestyle = '${style}'`,
  );
}

/** A reader of seven in the morning, UTC, is planned then, and not a second before. */
async function planInTime(database: TestDatabase): Promise<void> {
  const world = await createWorld('2026-03-02T05:30:00Z', database);
  try {
    await world.list('2026-03-01', [expertPaper('clocks')]);
    const { id } = await world.subscribe(ada, { topics: ['mixture-of-experts'] });
    const { nextDigestAt } = await world.db.subscriber.findUniqueOrThrow({ where: { id } });
    expect(nextDigestAt).toEqual(new Date('2026-03-03T07:00:00Z'));
    const [raw] = await world.db.$queryRaw<{ at: Date; day: Date; isSame: boolean }[]>`
      SELECT next_digest_at AS at, next_digest_at::date AS day, next_digest_at = ${nextDigestAt} AS "isSame" FROM subscriber`;
    expect(raw).toEqual({ at: nextDigestAt, day: new Date('2026-03-03'), isSame: true });
    expect(await planDigests({ db: world.db, now: new Date('2026-03-03T06:59:59Z') })).toBe(0);
    expect(await planDigests({ db: world.db, now: new Date('2026-03-03T07:00:00Z') })).toBe(1);
  } finally {
    await world.close();
  }
}

describe.each(foreign)('a database in $zone that writes dates as $style', (settings) => {
  test('has the right time', async () => {
    const database = await createTestDatabase();
    await setDatabase(database, settings);
    await planInTime(database);
  });
});

test('a database that compiles what it takes for costly, as Debian’s does, compiles no walk of an index', async () => {
  const database = await createTestDatabase();
  const name = new URL(database.databaseUrl).pathname.slice(1);
  await runSql(database.databaseUrl, `ALTER DATABASE ${name} SET jit = on`);
  const db = createDb(database.databaseUrl, 1);
  const readJit = (at: DbOrTransaction) =>
    at.$queryRaw<{ jit: string }[]>`SELECT current_setting('jit') AS jit`;
  expect(await readJit(db)).toEqual([{ jit: 'on' }]);
  expect(await walkIndex(db, readJit)).toEqual([{ jit: 'off' }]);
  expect(await readJit(db)).toEqual([{ jit: 'on' }]);
  await db.$disconnect();
  await database.drop();
});

describeWith('pgbouncer', 'behind PgBouncer', () => {
  describe.each(['session', 'transaction'] as const)('in %s mode', (mode) => {
    let pooler: PgBouncer;
    beforeAll(async () => {
      pooler = await startPgBouncer(mode);
    });
    afterAll(() => pooler.stop());

    test.each(foreign)(
      'a database in $zone that writes dates as $style has the right time',
      async (settings) => {
        const database = await createTestDatabase();
        await setDatabase(database, settings);
        await planInTime({ ...database, databaseUrl: pooler.urlOf(database.databaseUrl) });
      },
    );

    test('migrations are applied, and leave no lock behind for who comes next', async () => {
      const database = await createEmptyDatabase();
      const folder = `${packageFolder}/prisma/migrations`;
      const waiting = { tellAfterMs: 0, giveUpAfterMs: 2000 };
      try {
        const url = pooler.urlOf(database.databaseUrl);
        const [one, other] = await Promise.all([
          applyMigrations({ databaseUrl: url, folder }),
          applyMigrations({ databaseUrl: url, folder }),
        ]);
        expect(one.applied.length + other.applied.length).toBeGreaterThan(10);
        await runSql(
          database.databaseUrl,
          'DELETE FROM _prisma_migrations',
          'DROP SCHEMA public CASCADE',
          'CREATE SCHEMA public',
        );
        const { applied } = await applyMigrations({ databaseUrl: database.databaseUrl, folder, waiting });
        expect(applied.length).toBe(one.applied.length + other.applied.length);
      } finally {
        await database.drop();
      }
    });

    test('what web asks has a time limit, by the connection or by the statement', async () => {
      const database = await createTestDatabase();
      const url = pooler.urlOf(database.databaseUrl);
      const endsStatements = await takesTimeLimit(url);
      expect(await takesTimeLimit(database.databaseUrl)).toBe(true);
      const db = createSharedDb(url, { connections: 2, endsStatements });
      try {
        const slow = (tx: DbOrTransaction) => tx.$queryRaw`SELECT 1 AS one FROM pg_sleep(5)`;
        const failed = await withSettings(db, { statement_timeout: '50' }, slow).catch(
          (error: unknown) => error,
        );
        expect(isBusy(failed)).toBe(true);
        const [{ limit } = { limit: '' }] = await db.$queryRaw<{ limit: string }[]>`
          SELECT current_setting('statement_timeout') AS limit`;
        expect(limit).toBe(endsStatements ? '10s' : '0');
      } finally {
        await db.$disconnect();
        await database.drop();
      }
    });

    test('who asks what is kept has the answer to what they asked, and it is carried out once', async () => {
      const database = await createTestDatabase();
      const url = pooler.urlOf(database.databaseUrl);
      const [one, other] = [createDb(url, 3), createDb(url, 3)];
      // Prisma ends the connections of what it has connected itself.
      await Promise.all([one.$connect(), other.$connect()]);
      const add = (key: string) => Prisma.sql`
        INSERT INTO suppression (email_key, reason) VALUES (${key}, 'test') RETURNING email_key AS key`;
      try {
        for (let round = 0; round < 5; round += 1) {
          const keys = Array.from({ length: 12 }, (_, index) => `reader${round}.${index}@example.org`);
          const ask = (key: string, index: number) =>
            queryPrepared(index % 2 === 0 ? one : other, add(key), index % 3 === 0 ? {} : undefined);
          expect(await Promise.all(keys.map(ask))).toEqual(keys.map((key) => [{ key }]));
        }
        expect(await one.suppression.count()).toBe(60);
      } finally {
        await Promise.all([one.$disconnect(), other.$disconnect()]);
        await database.drop();
      }
    });

    test('what Prisma asks often is not kept: the next session may be another one', async () => {
      const database = await createTestDatabase();
      const dbs = [1, 2].map(() => createDb(pooler.urlOf(database.databaseUrl), 1));
      try {
        for (let times = 0; times < 6; times += 1)
          for (const db of dbs) expect(await db.suppression.count({ where: { reason: 'test' } })).toBe(0);
        for (const db of dbs) {
          const kept =
            await db.$queryRaw`SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%suppression%'`;
          expect(kept).toEqual([]);
        }
      } finally {
        await Promise.all(dbs.map((db) => db.$disconnect()));
        await database.drop();
      }
    });

    test('transactions of many at once are each whole', async () => {
      const database = await createTestDatabase();
      const db = createDb(pooler.urlOf(database.databaseUrl), 5);
      try {
        const add = (key: string) =>
          db.$transaction(async (tx) => {
            await tx.suppression.create({ data: { emailKey: key, reason: 'one' } });
            await tx.suppression.update({ where: { emailKey: key }, data: { reason: 'two' } });
          });
        await Promise.all(Array.from({ length: 20 }, (_, index) => add(`reader${index}@example.org`)));
        expect(await db.suppression.count({ where: { reason: 'two' } })).toBe(20);
      } finally {
        await db.$disconnect();
        await database.drop();
      }
    });
  });

  test('in transaction mode the queue is refused at start, with the ways out', async () => {
    const pooler = await startPgBouncer('transaction');
    const database = await createTestDatabase();
    try {
      await expect(prepareQueueDatabase(pooler.urlOf(database.databaseUrl))).rejects.toThrow(
        /^The queue cannot be in the database .* set QUEUE_DATABASE_URL to one, or set REDIS_URL$/,
      );
    } finally {
      await database.drop();
      await pooler.stop();
    }
  });
});

describe('a role that may not make schemas', () => {
  let database: TestDatabase;
  let url: string;
  const role = `guest_${process.pid}`;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    await runSql(
      database.databaseUrl,
      `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`,
      `GRANT ALL ON SCHEMA public TO ${role}`,
    );
    url = Object.assign(new URL(database.databaseUrl), { username: role, password: 'secret' }).href;
  });
  afterAll(async () => {
    await runSql(database.databaseUrl, `DROP OWNED BY ${role} CASCADE`, `DROP ROLE ${role}`);
    await database.drop();
  });
  const env = () => ({
    DATABASE_URL: url,
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: 'for this test alone, and 32 characters long',
    BASE_URL: 'http://localhost:9',
    TOPICS_FILE: fewTopics,
  });

  test('ends the start with the right to grant', async () => {
    const program = await launch(['start', '--role', 'worker'], { env: env(), launcher: 'node' });
    expect(await program.ended).toBe(1);
    expect(program.stderr()).toMatch(
      new RegExp(
        `The queue cannot be in .*GRANT CREATE ON DATABASE "\\w+" TO "${role}"\\), or set REDIS_URL`,
      ),
    );
  });

  test('a worker without a queue keeps still, and closes', async () => {
    const errors: Error[] = [];
    const queue = createQueue({ redisUrl: null, databaseUrl: url, onError: (error) => errors.push(error) });
    const before = process.cpuUsage().user;
    queue.startWorker(
      'plan',
      async () => {},
      () => {},
    );
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(10);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(1);
    await queue.close();
  });

  test('once another role has made the schema, needs no right to make one', async () => {
    await prepareQueueDatabase(database.databaseUrl);
    await runSql(
      database.databaseUrl,
      `GRANT ALL ON SCHEMA bullmq TO ${role}`,
      `GRANT ALL ON ALL TABLES IN SCHEMA bullmq TO ${role}`,
    );
    await expect(prepareQueueDatabase(url)).resolves.toBeUndefined();
  });

  test('a right that is taken away later stops no worker for good, and spins none', async () => {
    const errors: Error[] = [];
    await prepareQueueDatabase(database.databaseUrl);
    await runSql(database.databaseUrl, `GRANT ALL ON ALL SEQUENCES IN SCHEMA bullmq TO ${role}`);
    const queue = createQueue({ redisUrl: null, databaseUrl: url, onError: (error) => errors.push(error) });
    let runs = 0;
    queue.startWorker(
      'plan',
      async () => {
        runs += 1;
      },
      () => {},
    );
    await queue.enqueue('plan');
    await waitFor('a first job', () => runs === 1);
    await runSql(
      database.databaseUrl,
      `REVOKE ALL ON ALL TABLES IN SCHEMA bullmq FROM ${role}`,
      `REVOKE ALL ON SCHEMA bullmq FROM ${role}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(errors.length).toBeLessThan(100);
    await runSql(
      database.databaseUrl,
      `GRANT ALL ON SCHEMA bullmq TO ${role}`,
      `GRANT ALL ON ALL TABLES IN SCHEMA bullmq TO ${role}`,
    );
    await queue.enqueue('plan');
    await waitFor('a job afterwards', () => runs >= 2);
    await queue.close();
  });
});

describe('a start that waits', () => {
  test('for another process that migrates, ends on TERM', async () => {
    const database = await createEmptyDatabase();
    const blocker = createPgClient(database.databaseUrl);
    await blocker.connect();
    await blocker.query('BEGIN; SELECT pg_advisory_xact_lock(7203100)');
    const env = {
      DATABASE_URL: database.databaseUrl,
      SMTP_URL: 'smtp://127.0.0.1:9',
      SECRET_KEY: 'for this test alone, and 32 characters long',
      BASE_URL: 'http://localhost:9',
    };
    const program = await launch(['start', '--role', 'worker'], { env, launcher: 'node' });
    await waitFor('the waiting', () => program.stderr().includes('waiting for another process'));
    signalGroup(program.child.pid, 'SIGTERM');
    expect(await program.ended).toBe(0);
    await blocker.end();
    await database.drop();
  });
});
