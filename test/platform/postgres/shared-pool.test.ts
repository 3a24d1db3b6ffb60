import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSharedDb, type Db, isBusy, withSettings } from '../../../src/platform/postgres/db.ts';
import {
  askForAll,
  askWith,
  createSharedPool,
  GoneError,
} from '../../../src/platform/postgres/shared-pool.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createSharedDb(database.databaseUrl, { connections: 1, endsStatements: true });
});
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

const served: string[] = [];
beforeEach(() => {
  served.length = 0;
});

/** Has the one connection for so long. */
const occupy = async (ms: number) => {
  await db.$queryRaw`SELECT 1 AS one FROM pg_sleep(${ms / 1000})`;
};
const ask = async (name: string) => {
  await db.$queryRaw`SELECT 1 AS one`;
  served.push(name);
};
const failureOf = (asked: Promise<unknown>) => asked.then(() => null).catch((error: unknown) => error);

test('who waits too long goes without, and the connection goes on to the next', async () => {
  const first = occupy(300);
  await sleep(50);
  const impatient = failureOf(askWith({ waitMs: 50 }, () => ask('impatient')));
  const patient = ask('patient');
  expect(isBusy(await impatient)).toBe(true);
  await Promise.all([first, patient]);
  expect(served).toEqual(['patient']);
  await ask('later');
});

test('who is in a hurry goes before all others, in their order', async () => {
  const first = occupy(200);
  await sleep(50);
  const hurried = (name: string) => askWith({ goesFirst: true }, () => ask(name));
  await Promise.all([first, ask('one'), ask('two'), hurried('leaves'), hurried('leaves too')]);
  expect(served).toEqual(['leaves', 'leaves too', 'one', 'two']);
});

test('for who is gone nothing is asked, unless others wait for it as well', async () => {
  const leaving = new AbortController();
  const first = occupy(200);
  await sleep(50);
  const waiting = askWith({ gone: leaving.signal }, () => [
    failureOf(ask('gone')),
    failureOf(db.$transaction(async () => ask('gone'))),
    askForAll(() => ask('shared')),
  ]);
  leaving.abort();
  const errors = await Promise.all(waiting);
  await first;
  expect(errors.slice(0, 2)).toEqual([expect.any(GoneError), expect.any(GoneError)]);
  expect(await failureOf(askWith({ gone: leaving.signal }, () => ask('gone')))).toBeInstanceOf(GoneError);
  expect(served).toEqual(['shared']);
});

test('a statement that takes too long is ended, and the connection is as before', async () => {
  const failed = await failureOf(
    withSettings(db, { statement_timeout: '30' }, (tx) => tx.$queryRaw`SELECT 1 AS one FROM pg_sleep(5)`),
  );
  expect(isBusy(failed)).toBe(true);
  await expect(db.$queryRaw`SHOW statement_timeout`).resolves.toEqual([{ statement_timeout: '10s' }]);
});

test('a database that is away is no busy one', async () => {
  const away = createSharedDb('postgresql://nobody@127.0.0.1:1/none', {
    connections: 1,
    endsStatements: true,
  });
  // The second has the place that the first gave back.
  for (const _ of [1, 2]) {
    const error = await failureOf(away.$queryRaw`SELECT 1 AS one`);
    expect(error).toBeInstanceOf(Error);
    expect(isBusy(error)).toBe(false);
  }
  await away.$disconnect();
});

test('a database that lets nobody in for too long is busy, and no error of ours', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const pool = createSharedPool({ host: '127.0.0.1', port, max: 1, connectionTimeoutMillis: 50 });
  for (const _ of [1, 2]) expect(isBusy(await failureOf(pool.connect()))).toBe(true);
  await pool.end();
  silent.close();
});
