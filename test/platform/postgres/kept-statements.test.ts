// What Prisma asks again and again is read and planned once per connection.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createDb,
  createSharedDb,
  type Db,
  Prisma,
  queryPrepared,
  withSettings,
} from '../../../src/platform/postgres/db.ts';
import { KeptStatements } from '../../../src/platform/postgres/kept-statements.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { runSql } from '../../support/sql.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe.each([
  ['a worker’s', (url: string) => createDb(url, 1)],
  ['a page’s', (url: string) => createSharedDb(url, { connections: 1, endsStatements: true })],
])('%s database', (_, open) => {
  let db: Db;
  beforeEach(() => {
    db = open(database.databaseUrl);
  });
  afterEach(() => db.$disconnect());

  const readKept = () =>
    db.$queryRawUnsafe<{ statement: string; generic: number; custom: number }[]>(
      `SELECT statement, generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements`,
    );

  test('keeps what is asked often, planned for whatever values', async () => {
    const count = (reason: string) => db.suppression.count({ where: { reason } });
    for (let times = 0; times < 2; times += 1) await count(`reason ${times}`);
    expect(await readKept()).toEqual([]);
    for (let times = 0; times < 10; times += 1) await count(`reason ${times}`);
    // PostgreSQL plans the first five for their values, to compare.
    expect(await readKept()).toMatchObject([
      { statement: expect.stringContaining('"suppression"'), custom: 5, generic: 5 },
    ]);
  });

  test('plans what has settings for its values each time', async () => {
    for (let times = 0; times < 10; times += 1)
      await withSettings(db, {}, (tx) => tx.suppression.count({ where: { reason: `reason ${times}` } }));
    const kept = await readKept();
    expect(kept.filter(({ statement }) => statement.includes('"suppression"'))).toMatchObject([
      { custom: 8, generic: 0 },
    ]);
  });

  test('in a transaction, too, which may fail', async () => {
    const add = (emailKey: string) =>
      db.$transaction(async (tx) => {
        await tx.suppression.create({ data: { emailKey, reason: 'test' } });
      });
    for (let times = 0; times < 6; times += 1) await add(`reader${times}@example.org`);
    await expect(add('reader1@example.org')).rejects.toThrow('Unique constraint');
    await add('reader6@example.org');
    expect(await db.suppression.count()).toBe(7);
    await db.suppression.deleteMany();
    const kept = await readKept();
    expect(kept.filter(({ statement }) => statement.startsWith('INSERT'))).toHaveLength(1);
    expect(kept.filter(({ statement }) => statement === 'BEGIN' || statement === 'COMMIT')).toEqual([]);
  });
});

test('goes on when the type of a column has changed, for the price of one that fails', async () => {
  const own = await createTestDatabase();
  const db = createDb(own.databaseUrl, 1);
  try {
    const read = () => db.suppression.findMany({ where: { reason: { not: 'none' } } });
    const readPrepared = () =>
      queryPrepared(db, Prisma.sql`SELECT reason FROM suppression WHERE reason <> ${'none'}`);
    for (let times = 0; times < 6; times += 1) await Promise.all([read(), readPrepared()]);
    await runSql(own.databaseUrl, 'ALTER TABLE suppression ALTER COLUMN reason TYPE varchar(90)');
    await expect(read()).rejects.toThrow('cached plan');
    for (let times = 0; times < 6; times += 1)
      expect(await Promise.all([read(), readPrepared()])).toEqual([[], []]);
    await runSql(own.databaseUrl, 'ALTER TABLE suppression ALTER COLUMN reason TYPE text');
    // What is asked past Prisma is asked once more by itself.
    expect(await readPrepared()).toEqual([]);
  } finally {
    await db.$disconnect();
    await own.drop();
  }
});

describe('of what is asked often', () => {
  const values = ['a value'];
  const ask = (kept: KeptStatements, sql: string, times = 3) => {
    let name = '';
    for (let time = 0; time < times; time += 1) name = kept.nameIfOften({ sql, args: values });
    return name;
  };

  test('only so many are kept, and these for good', () => {
    const kept = new KeptStatements();
    const names = Array.from({ length: 1000 }, (_, number) => ask(kept, `SELECT ${number} + $1`));
    expect(new Set(names.slice(0, 200)).size).toBe(200);
    expect(names.slice(200).every((name) => name === '')).toBe(true);
    expect(ask(kept, 'SELECT 7 + $1', 1)).toBe(names[7]);
  });

  test('none is kept that is asked twice only, has no values, or is very long', () => {
    const kept = new KeptStatements();
    expect(ask(kept, 'SELECT $1', 2)).toBe('');
    expect(ask(kept, 'SELECT $1', 1)).not.toBe('');
    const long = `SELECT ${'1 + '.repeat(3000)} $1`;
    expect(ask(kept, long, 10)).toBe('');
    for (let time = 0; time < 10; time += 1) expect(kept.nameIfOften({ sql: 'BEGIN', args: [] })).toBe('');
  });
});
