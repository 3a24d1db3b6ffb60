// Statements that are asked all the time: read once per connection, and planned once where they have settings.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db, isBusy, Prisma, queryPrepared } from '../../../src/platform/postgres/db.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { runSql } from '../../support/sql.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  db = createDb(database.databaseUrl, 1);
  // Prisma ends the connections of what it has connected itself.
  await db.$connect();
});
afterEach(() => db.$disconnect());
afterAll(() => database.drop());

const noSettings = {};
const double = (number: number) => Prisma.sql`SELECT ${number}::int * 2 AS twice`;
const readKept = () =>
  db.$queryRaw<{ plans: number; ours: number }[]>`
    SELECT count(*)::int AS ours, COALESCE(sum(generic_plans), 0)::int AS plans FROM pg_prepared_statements
    WHERE name LIKE 'paperround%'`;

test('with settings is planned once, for whatever values', async () => {
  for (let number = 0; number < 10; number += 1)
    expect(await queryPrepared(db, double(number), noSettings)).toEqual([{ twice: 2 * number }]);
  expect(await readKept()).toEqual([{ ours: 1, plans: 10 }]);
});

test('has settings of its own, which nothing after it has', async () => {
  const read = Prisma.sql`SELECT current_setting('jit') AS jit, current_setting('synchronous_commit') AS waits`;
  const settings = { synchronous_commit: 'off' };
  const [before] = await db.$queryRaw<unknown[]>(read);
  expect(before).toMatchObject({ waits: 'on' });
  expect(await queryPrepared(db, read, settings)).toEqual([{ jit: 'off', waits: 'off' }]);
  expect(await db.$queryRaw(read)).toEqual([before]);
});

test('is part of the transaction that it is asked in', async () => {
  const add = Prisma.sql`INSERT INTO suppression (email_key, reason) VALUES ('ada@example.org', 'test')`;
  const undone = db.$transaction(async (tx) => {
    await queryPrepared(tx, add);
    expect(await tx.suppression.count()).toBe(1);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await db.suppression.count()).toBe(0);
});

test('leaves nothing behind when it fails, and is told for busy when it took too long', async () => {
  const slow = Prisma.sql`
    WITH added AS (INSERT INTO suppression (email_key, reason) VALUES ('grace@example.org', 'test') RETURNING email_key)
    SELECT pg_sleep(10)::text FROM added`;
  const failed = await queryPrepared(db, slow, { statement_timeout: '50' }).catch((error: unknown) => error);
  expect(isBusy(failed)).toBe(true);
  expect(isBusy(await queryPrepared(db, Prisma.sql`SELECT 1 / 0`).catch((error: unknown) => error))).toBe(
    false,
  );
  expect(await db.suppression.count()).toBe(0);
  expect(await queryPrepared(db, double(4))).toEqual([{ twice: 8 }]);
});

describe.each([
  ['with settings', noSettings],
  ['without', undefined],
])('%s', (_, settings) => {
  test('fails when its connection ends, and the next has another one', async () => {
    const [{ pid } = { pid: 0 }] = await queryPrepared<{ pid: number }>(
      db,
      Prisma.sql`SELECT pg_backend_pid() AS pid`,
      settings,
    );
    const sleep = Prisma.sql`SELECT pg_sleep(60)::text`;
    const slow = queryPrepared(db, sleep, settings).catch((error: unknown) => error);
    await waitFor('the sleep', async () => {
      const active = `SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND query LIKE '%pg_sleep%' AND state = 'active'`;
      return (await runSql(database.databaseUrl, active)).length === 1;
    });
    await runSql(database.databaseUrl, `SELECT pg_terminate_backend(${pid})`);
    expect(await slow).toBeInstanceOf(Error);
    expect(await queryPrepared(db, double(5), settings)).toEqual([{ twice: 10 }]);
  });

  test('is no longer kept once PostgreSQL has forgotten one', async () => {
    expect(await queryPrepared(db, double(1), settings)).toEqual([{ twice: 2 }]);
    await db.$executeRaw`DEALLOCATE ALL`;
    for (const number of [2, 3])
      expect(await queryPrepared(db, double(number), settings)).toEqual([{ twice: 2 * number }]);
    expect(await readKept()).toEqual([{ ours: 0, plans: 0 }]);
  });
});
