// How a worker is: each thing it needs is stopped in turn, and it says which. As the service runs, in this process.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createDb } from '../../src/platform/postgres/db.ts';
import { createQueue, prepareQueueDatabase } from '../../src/platform/queue.ts';
import { type Closer, createCloser } from '../../src/service/closer.ts';
import { keepRound } from '../../src/service/rounds.ts';
import { start } from '../../src/service/start.ts';
import { findFreePort } from '../support/free-port.ts';
import { describeWith } from '../support/needs.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { fewTopics } from '../support/program.ts';
import { createTestRedis } from '../support/redis.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { startRedis } from '../support/start-redis.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger('silent');
const all: Closer = createCloser();
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  all.add(() => database.drop());
});
afterAll(() => all.close());

async function readSettings(): Promise<NodeJS.ProcessEnv> {
  const smtp = await startSmtpCatcher();
  all.add(smtp.close);
  return {
    DATABASE_URL: database.databaseUrl,
    SMTP_URL: smtp.smtpUrl,
    SECRET_KEY: 'for this test alone, and 32 characters long',
    BASE_URL: 'http://127.0.0.1:9',
    TOPICS_FILE: fewTopics,
    HOST: '127.0.0.1',
    HEALTH_PORT: String(await findFreePort()),
    PORT: String(await findFreePort()),
  };
}

const ask = async (port: string | undefined, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.json() };
};
const well = { status: 200, body: { status: 'ok' } };
const stalled = (...what: string[]) => ({ status: 503, body: { status: 'unavailable', stalled: what } });

describeWith('redis-server', 'a worker', () => {
  let port: string | undefined;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let way: Relay;
  beforeAll(async () => {
    redis = await startRedis(inject('externalPrograms')['redis-server'] ?? '');
    all.add(() => redis.stop());
    way = await startRelay(database.databaseUrl);
    all.add(way.close);
    const settings = await readSettings();
    port = settings.HEALTH_PORT;
    const config = readConfig({ ...settings, DATABASE_URL: way.url, REDIS_URL: redis.url });
    expect(await start({ config, role: 'worker', log }, all)).toEqual({ siteUrl: null, inboxUrl: null });
    await waitFor('the first plan', async () => {
      const [turn] = await runSql(database.databaseUrl, "SELECT done_at FROM turn WHERE name = 'plan'");
      return turn?.done_at != null;
    });
  });

  test('lives and is ready while all is there', async () => {
    expect(await ask(port, '/livez')).toEqual(well);
    expect(await ask(port, '/readyz?verbose')).toEqual(well);
    expect((await ask(port, '/elsewhere')).status).toBe(404);
  });

  test('is not ready while Redis hangs, and lives', async () => {
    redis.signal('SIGSTOP');
    expect(await ask(port, '/readyz')).toEqual(stalled('queue'));
    expect(await ask(port, '/livez')).toEqual(well);
    redis.signal('SIGCONT');
    await waitFor('it to be ready again', async () => (await ask(port, '/readyz')).status === 200);
  });

  test('is not ready while nobody plans', async () => {
    await runSql(
      database.databaseUrl,
      "UPDATE turn SET taken_at = now(), done_at = now() - interval '4 minutes' WHERE name = 'plan'",
    );
    expect(await ask(port, '/readyz')).toEqual(stalled('planner'));
    await runSql(database.databaseUrl, "UPDATE turn SET done_at = now() WHERE name = 'plan'");
    expect(await ask(port, '/readyz')).toEqual(well);
  });

  test('is not ready while its database can only be read', async () => {
    const name = new URL(database.databaseUrl).pathname.slice(1);
    // New connections only: those that are there are cut.
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`;
    const set = (value: string) => `ALTER DATABASE "${name}" SET default_transaction_read_only = ${value}`;
    await runSql(database.databaseUrl, set('on'), cut);
    await waitFor('it to see', async () => (await ask(port, '/readyz')).status === 503);
    expect((await ask(port, '/readyz')).body).toMatchObject({
      stalled: expect.arrayContaining(['database']),
    });
    await runSql(database.databaseUrl, 'SET default_transaction_read_only = off', set('off'), cut);
    await waitFor('it to be ready again', async () => (await ask(port, '/readyz')).status === 200);
  });

  test('is not ready while its database is silent', async () => {
    way.setSilent(true);
    expect(await ask(port, '/readyz')).toEqual(stalled('database', 'planner'));
    expect(await ask(port, '/livez')).toEqual(well);
    way.setSilent(false);
    await waitFor('it to be ready again', async () => (await ask(port, '/readyz')).status === 200);
  });
});

test('a web server answers at its own port, and is ready without a queue, a planner or a mail server', async () => {
  const settings = await readSettings();
  const nowhere = `127.0.0.1:${await findFreePort()}`;
  const config = readConfig({ ...settings, REDIS_URL: `redis://${nowhere}`, SMTP_URL: `smtp://${nowhere}` });
  const closer = createCloser();
  all.add(() => closer.close());
  await start({ config, role: 'web', log }, closer);
  expect(await ask(settings.PORT, '/livez')).toEqual(well);
  expect(await ask(settings.PORT, '/readyz')).toEqual(well);
  await expect(ask(settings.HEALTH_PORT, '/livez')).rejects.toThrow();
});

test('a queue that will never let us in ends the start, by the name of its variable', async () => {
  const server = await createTestRedis();
  const settings = await readSettings();
  const url = Object.assign(new URL(server.redisUrl), { username: 'ada', password: 'wrong' }).href;
  const config = readConfig({ ...settings, REDIS_URL: url });
  const closer = createCloser();
  all.add(() => closer.close());
  await expect(start({ config, role: 'web', log }, closer)).rejects.toThrow(/REDIS_URL .*WRONGPASS/);
});

test('a process whose own loops hang does not live', async () => {
  const db = createDb(database.databaseUrl);
  all.add(() => db.$disconnect());
  await prepareQueueDatabase(database.databaseUrl);
  const ignore = () => {};
  const queue = createQueue({ redisUrl: null, databaseUrl: database.databaseUrl, onError: ignore });
  all.add(() => queue.close());
  let finish: () => void = ignore;
  const hanging = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const round = keepRound(
    { queue, db, onError: ignore },
    {
      name: 'plan',
      everyMs: 60_000,
      longestRunMs: 50,
      run: () => hanging,
      onFailure: ignore,
    },
  );
  expect(round.isStalled()).toBe(false);
  await waitFor('it to stall', () => round.isStalled());
  round.stop();
  finish();
  await round.idle();
  expect(round.isStalled()).toBe(false);
});
