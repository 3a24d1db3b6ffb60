// What `paperround doctor` finds in servers that are well, broken, silent or odd.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { examineConfig } from '../../src/config/config.ts';
import { prepareQueueDatabase } from '../../src/platform/queue.ts';
import { examineDisk } from '../../src/service/doctor/disk.ts';
import { type Examination, examine } from '../../src/service/doctor/doctor.ts';
import { areas, type Finding, type Told } from '../../src/service/doctor/finding.ts';
import { examineMailServers } from '../../src/service/doctor/mail-servers.ts';
import { examineSite } from '../../src/service/doctor/site.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { describeWith } from '../support/needs.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { fewTopics, runCommand } from '../support/program.ts';
import { createTestRedis } from '../support/redis.ts';
import { type Script, type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { startPgBouncer } from '../support/start-pgbouncer.ts';
import { startRedis } from '../support/start-redis.ts';

const open: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

let database: TestDatabase;
let catcher: SmtpCatcher;
let dns: DnsServer;
let dataFolder: string;
let env: Record<string, string>;
let answer: RequestListener;
beforeAll(async () => {
  [database, catcher, dns] = await Promise.all([
    createTestDatabase(),
    startSmtpCatcher({ extensions: ['AUTH PLAIN'] }),
    startDnsServer(),
  ]);
  open.push(database.drop, catcher.close, dns.close);
  await prepareQueueDatabase(database.databaseUrl);
  dataFolder = await mkdtemp(join(tmpdir(), 'paperround-doctor-'));
  open.push(() => rm(dataFolder, { recursive: true }));
  const site = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  open.push(() => site.close());
  env = {
    DATABASE_URL: database.databaseUrl,
    SMTP_URL: catcher.smtpUrl,
    BASE_URL: `http://127.0.0.1:${(site.address() as AddressInfo).port}/papers`,
    SECRET_KEY: '0123456789abcdef0123456789abcdef',
    MAIL_FROM: 'digest@papers.example.org',
    BOUNCE_ADDRESS: 'bounces@papers.example.org',
    DATA_DIR: dataFolder,
    TOPICS_FILE: fewTopics,
  };
});
beforeEach(() => {
  catcher.behave(() => null);
  catcher.heard.length = 0;
  answer = (_request, response) => response.end('{"status":"ok"}');
  dns.serve({
    'MX papers.example.org': ['mx.example.org'],
    'TXT papers.example.org': ['v=spf1 mx -all'],
    'TXT _dmarc.papers.example.org': ['v=DMARC1; p=none'],
  });
});

async function look(
  changed: Record<string, string> = {},
  options: Partial<Examination> = {},
): Promise<Finding[]> {
  const examined = examineConfig({ ...env, ...changed });
  return examine({ ...examined, to: null, resolver: dns.resolver, patienceMs: 1500, ...options });
}

/** All that is not well, of one area. */
async function findTrouble(area: Finding['area'], ...given: Parameters<typeof look>): Promise<Finding[]> {
  return (await look(...given)).filter((each) => each.area === area && each.state !== 'ok');
}

async function findMailTrouble(changed: Record<string, string> = {}): Promise<Told[]> {
  const { config } = examineConfig({ ...env, ...changed });
  const told = await examineMailServers({ config, to: null, patienceMs: 400 });
  return told.filter(({ state }) => state !== 'ok');
}

const closedPort = async (): Promise<number> => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

test('what is well is said of every area, and nothing is to be done', async () => {
  const findings = await look();
  expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
  expect([...new Set(findings.map(({ area }) => area))]).toEqual([...areas]);
  expect(findings.filter(({ state, remedy }) => (state === 'ok') !== (remedy === null))).toEqual([]);
});

test('a mail server is asked up to the recipient, and never given a mail', async () => {
  await look({}, { to: 'ada@example.org' });
  expect(catcher.heard.map((line) => line.replace(/^EHLO .*/, 'EHLO'))).toEqual([
    'EHLO',
    'MAIL FROM:<bounces@papers.example.org>',
    'RCPT TO:<ada@example.org>',
    'RSET',
    'QUIT',
  ]);
  expect(catcher.mails).toEqual([]);
});

test('all that is broken is told at once, and tells no secret', async () => {
  const port = await closedPort();
  const word = 'word-of-the-operator';
  catcher.behave((stage) =>
    stage === 'AUTH'
      ? {
          type: 'reply',
          line: `535 5.7.8 ${word} ${Buffer.from(`\0user\0${word}`).toString('base64')} is not it\u001b[2J`,
        }
      : null,
  );
  dns.serve(null);
  answer = (_request, response) => response.writeHead(502).end('Bad gateway');
  const findings = await look({
    DATABASE_URL: `postgresql://user:${word}@127.0.0.1:${port}/papers`,
    REDIS_URL: `redis://:${word}@127.0.0.1:${port}`,
    SMTP_URL: catcher.smtpUrl.replace('//', `//user:${word}@`),
    BOUNCE_MAILBOX_URL: `imap://user:${word}@127.0.0.1:${port}`,
    SECRET_KEY: 'a'.repeat(40),
    PORT: 'many',
  });
  const failed = new Set(findings.flatMap(({ area, state }) => (state === 'fail' ? [area] : [])));
  expect([...failed]).toEqual([
    'configuration',
    'database',
    'queue',
    'smtp',
    'dns',
    'site',
    'keys',
    'bounces',
  ]);
  const told = JSON.stringify(findings);
  for (const secret of [word, Buffer.from(`\0user\0${word}`).toString('base64'), 'a'.repeat(40), '\\u001b'])
    expect(told).not.toContain(secret);
  expect(findings.filter(({ area }) => area === 'smtp')).toMatchObject([
    { what: expect.stringContaining('the login was refused: 535'), remedy: expect.stringContaining('%40') },
  ]);
});

test('servers that never answer cost their own time only', async () => {
  const silent = createTcpServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  open.push(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const address = `127.0.0.1:${port}`;
  const startedAt = performance.now();
  const findings = await look(
    {
      DATABASE_URL: `postgresql://user:word@${address}/papers`,
      REDIS_URL: `redis://${address}`,
      SMTP_URL: `smtp://${address} ${catcher.smtpUrl}`,
      BASE_URL: `http://${address}`,
    },
    { patienceMs: 300 },
  );
  expect(performance.now() - startedAt).toBeLessThan(3000);
  const failed = findings.filter(({ state }) => state === 'fail');
  expect(failed.map(({ area }) => area)).toEqual(['database', 'queue', 'smtp']);
  expect(findings).toContainEqual({
    area: 'smtp',
    state: 'ok',
    what: expect.stringContaining('would take a mail'),
    remedy: null,
  });
});

describe('of the configuration', () => {
  test('a variable that is wrong is told, and hides only what cannot be known without it', async () => {
    const findings = await look({ BASE_URL: 'papers', TRUST_PROXY: 'yes' });
    expect(findings.filter(({ state }) => state === 'fail')).toMatchObject([
      { area: 'configuration', what: expect.stringContaining('BASE_URL') },
      { area: 'configuration', what: expect.stringContaining('TRUST_PROXY') },
      { area: 'site' },
    ]);
  });

  test('without an address of the site and a sender no domain is looked up that nobody named', async () => {
    const findings = await look({ BASE_URL: '', MAIL_FROM: '' });
    expect(findings.filter(({ area }) => area === 'dns')).toMatchObject([
      { state: 'fail', what: expect.stringContaining('not looked at') },
    ]);
  });

  test('a wrong DATABASE_URL has no embedded one looked at in its place', async () => {
    const findings = await look({ DATABASE_URL: 'mysql://db' });
    expect(findings.filter(({ area }) => area === 'database')).toMatchObject([
      { state: 'fail', what: expect.stringContaining('not looked at') },
    ]);
  });
});

describe('of the database', () => {
  test('missing rights are told by the statement that gives them', async () => {
    const { databaseUrl, drop } = await createEmptyDatabase();
    open.push(drop);
    await runSql(databaseUrl, "CREATE ROLE doctor_guest LOGIN PASSWORD 'guest-word'");
    open.push(() => runSql(database.databaseUrl, 'DROP ROLE doctor_guest'));
    const guest = Object.assign(new URL(databaseUrl), { username: 'doctor_guest', password: 'guest-word' });
    const trouble = await findTrouble('database', { DATABASE_URL: guest.href });
    expect(trouble.map(({ remedy }) => remedy)).toEqual([
      'GRANT CREATE ON SCHEMA public TO "doctor_guest"',
      expect.stringMatching(/^GRANT CREATE ON DATABASE "test_\w+" TO "doctor_guest", or set REDIS_URL$/),
      expect.stringContaining('paperround migrate'),
    ]);
    const tables = Object.assign(new URL(database.databaseUrl), {
      username: 'doctor_guest',
      password: 'guest-word',
    });
    expect(await findTrouble('database', { DATABASE_URL: tables.href })).toContainEqual({
      area: 'database',
      state: 'fail',
      what: expect.stringMatching(/may not read and write \d+ of the tables/),
      remedy: expect.stringContaining('GRANT ALL ON ALL TABLES'),
    });
    guest.password = 'another';
    expect(await findTrouble('database', { DATABASE_URL: guest.href })).toMatchObject([
      {
        state: 'fail',
        what: expect.stringContaining('authentication'),
        remedy: expect.stringContaining('ALTER ROLE'),
      },
    ]);
  });

  test('one that takes no writes is told', async () => {
    const { databaseUrl, drop } = await createTestDatabase();
    open.push(drop);
    const name = new URL(databaseUrl).pathname.slice(1);
    await runSql(databaseUrl, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    expect(await findTrouble('database', { DATABASE_URL: databaseUrl })).toMatchObject([
      { state: 'fail', what: expect.stringContaining('takes no writes') },
    ]);
  });

  test('a look changes nothing', async () => {
    const { databaseUrl, drop } = await createEmptyDatabase();
    open.push(drop);
    const findings = await look({ DATABASE_URL: databaseUrl });
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ area: 'queue', state: 'warn' }));
    expect(await runSql(databaseUrl, "SELECT nspname FROM pg_namespace WHERE nspname = 'bullmq'")).toEqual(
      [],
    );
    expect(
      await runSql(databaseUrl, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"),
    ).toEqual([]);
  });
});

test('what keeps everybody out of the database is said once, and not as if the queue wanted another', async () => {
  const port = await closedPort();
  const gone = `postgresql://user:word@127.0.0.1:${port}/papers`;
  expect(await findTrouble('queue', { DATABASE_URL: gone })).toMatchObject([
    { state: 'fail', remedy: 'See what is said of the database' },
  ]);
  expect(await findTrouble('queue', { QUEUE_DATABASE_URL: gone })).toMatchObject([
    { state: 'fail', remedy: expect.stringContaining('QUEUE_DATABASE_URL') },
  ]);
});

describeWith('pgbouncer', 'a pooler', () => {
  test('in transaction mode is seen, and the queue is told the way around', async () => {
    const pooler = await startPgBouncer('transaction');
    open.push(pooler.stop);
    const findings = await look({ DATABASE_URL: pooler.urlOf(database.databaseUrl) });
    expect(findings).toContainEqual({
      area: 'database',
      state: 'ok',
      what: expect.stringContaining('transaction mode'),
      remedy: null,
    });
    expect(findings.filter(({ state }) => state === 'fail')).toMatchObject([
      { area: 'queue', remedy: expect.stringContaining('QUEUE_DATABASE_URL') },
    ]);
    const around = {
      DATABASE_URL: pooler.urlOf(database.databaseUrl),
      QUEUE_DATABASE_URL: database.databaseUrl,
    };
    expect(await findTrouble('queue', around)).toEqual([]);
  });
});

describeWith('redis-server', 'of Redis', () => {
  test('policy and role are told, and its clock is compared', async () => {
    const { redisUrl } = await createTestRedis();
    expect(await look({ REDIS_URL: redisUrl })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ area: 'queue', state: 'ok', what: 'the eviction policy is noeviction' }),
        expect.objectContaining({ area: 'clock', state: 'ok', what: expect.stringContaining('Redis') }),
      ]),
    );
    const { url, stop } = await startRedis(inject('externalPrograms')['redis-server'] ?? 'redis-server');
    open.push(stop);
    const redis = new Redis(url);
    open.push(() => redis.disconnect());
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await findTrouble('queue', { REDIS_URL: url })).toMatchObject([{ state: 'warn' }]);
    await redis.config('SET', 'maxmemory', '100mb');
    await redis.replicaof('127.0.0.1', 9);
    expect(await findTrouble('queue', { REDIS_URL: url })).toMatchObject([
      {
        state: 'fail',
        what: expect.stringContaining('slave'),
        remedy: expect.stringContaining('127.0.0.1:9'),
      },
      {
        state: 'fail',
        what: expect.stringContaining('allkeys-lru'),
        remedy: expect.stringContaining('noeviction'),
      },
    ]);
    const { host } = new URL(url);
    for (const several of [
      `redis+cluster://u:word@${host},127.0.0.1:9`,
      `redis+sentinel://u:word@${host}/papers?sentinelPassword=word`,
    ])
      expect(await findTrouble('queue', { REDIS_URL: several })).toMatchObject([
        { state: 'fail', what: expect.stringContaining(host) },
      ]);
    await redis.config('SET', 'requirepass', 'a-word');
    expect(await findTrouble('queue', { REDIS_URL: url })).toMatchObject([
      { state: 'fail', remedy: expect.stringContaining('user and password in REDIS_URL') },
    ]);
  });
});

test('clocks that differ are told, by how much', async () => {
  const late = () => new Date(Date.now() - 60_000);
  expect(await findTrouble('clock', {}, { now: late })).toMatchObject([
    {
      state: 'fail',
      what: expect.stringMatching(/60\.\d s ahead of/),
      remedy: expect.stringContaining('NTP'),
    },
  ]);
  const rather = () => new Date(Date.now() + 5000);
  expect(await findTrouble('clock', {}, { now: rather })).toMatchObject([{ state: 'warn' }]);
});

test('a disk that is nearly full is told', async () => {
  const withSpace = (bytes: number) =>
    examineDisk({
      dataFolder,
      readSpace: async () => ({ bavail: bytes / 4096, bsize: 4096, ffree: 1e6, files: 1e7 }),
    });
  expect(await withSpace(50e9)).toMatchObject([{ state: 'ok' }]);
  expect(await withSpace(500e6)).toMatchObject([{ state: 'warn' }]);
  expect(await withSpace(50e6)).toMatchObject([
    { state: 'fail', remedy: expect.stringContaining('DATA_DIR') },
  ]);
  expect(await findTrouble('disk', { DATA_DIR: join(dataFolder, 'not', 'made', 'yet') })).toEqual([]);
});

describe('of a mail server', () => {
  const at =
    (where: string, line: string): Script =>
    (stage) =>
      stage === where ? { type: 'reply', line } : null;
  test.each<[string, Script, Partial<Record<'state' | 'what' | 'remedy', unknown>>]>([
    ['a full house', at('greeting', '421 4.7.0 too many'), { state: 'fail' }],
    ['a blocklist', at('greeting', '554 5.7.1 listed'), { state: 'fail' }],
    [
      'a sender that is not verified',
      at('MAIL', '550 5.7.1 not verified'),
      { state: 'fail', remedy: expect.stringContaining('bounces@papers.example.org') },
    ],
    [
      'greylisting',
      at('RCPT', '451 4.7.1 come again'),
      { state: 'warn', remedy: expect.stringContaining('minutes') },
    ],
    [
      'no relaying',
      at('RCPT', '554 5.7.1 <ada@example.org>: Relay access denied'),
      { state: 'fail', remedy: expect.stringContaining('relay') },
    ],
    [
      'nobody there',
      at('RCPT', '550 5.1.1 no such user'),
      { state: 'fail', remedy: expect.stringContaining('--to') },
    ],
    [
      'a hang-up',
      (stage) => (stage === 'MAIL' ? { type: 'hang-up' } : null),
      { state: 'fail', what: expect.stringContaining('closed') },
    ],
    [
      'silence',
      (stage) => (stage === 'RCPT' ? { type: 'stall' } : null),
      { state: 'fail', what: expect.stringContaining('no answer to RCPT') },
    ],
  ])('%s is told', async (_name, script, expected) => {
    catcher.behave(script);
    expect(await findMailTrouble()).toMatchObject([expected]);
  });

  test('a certificate, a missing STARTTLS and a login that is not offered are told', async () => {
    const heard: string[] = [];
    const plain = new SMTPServer({
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      onMailFrom({ address }, _session, callback) {
        heard.push(address);
        callback();
      },
    });
    await new Promise<void>((resolve) => plain.listen(0, '0.0.0.0', resolve));
    open.push(() => new Promise<void>((resolve) => plain.close(resolve)));
    const { port } = plain.server.address() as AddressInfo;
    const url = `smtp://user:word@0.0.0.0:${port}`;
    expect(await findMailTrouble({ SMTP_URL: url })).toMatchObject([
      { state: 'fail', what: expect.stringContaining('takes no STARTTLS') },
    ]);
    expect(heard).toEqual([]);
    expect(await findMailTrouble({ SMTP_URL: `${url}?tls=optional` })).toMatchObject([
      { state: 'warn', what: expect.stringContaining('in clear') },
      { state: 'warn', what: expect.stringContaining('offers no login') },
    ]);
    expect(heard).toHaveLength(1);
  });
});

describe('of the site', () => {
  test.each<[string, RequestListener, RegExp]>([
    [
      'a redirect',
      (_, response) => response.writeHead(301, { Location: 'https://elsewhere.example/' }).end(),
      /leads on to https:\/\/elsewhere/,
    ],
    ['another service', (_, response) => response.end('<h1>It works!</h1>'), /something else \(200\)/],
    [
      'a service without a database',
      (_, response) => response.writeHead(503).end('{"status":"unavailable"}'),
      /database/,
    ],
  ])('%s is told', async (_name, listener, what) => {
    answer = listener;
    expect(await examineSite({ baseUrl: env.BASE_URL ?? '', patienceMs: 1500 })).toMatchObject([
      { state: 'fail', what: expect.stringMatching(what) },
    ]);
  });
});

test('a kept key that others can read is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-doctor-'));
  open.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'secret-key'), 'k'.repeat(64), { mode: 0o644 });
  const { config } = examineConfig({ DATA_DIR: folder });
  const findings = await examine({ config, problems: [], to: null, patienceMs: 500 });
  expect(findings.filter(({ state }) => state === 'fail')).toMatchObject([
    { area: 'keys', remedy: `chmod 600 ${join(folder, 'secret-key')}` },
  ]);
});

test('the command prints one JSON document, and its exit code tells', async () => {
  const { exit, stdout } = await runCommand(['doctor', '--json'], {
    env: { DATA_DIR: dataFolder, PORT: 'many' },
  });
  expect(exit).toBe(1);
  expect(JSON.parse(stdout).findings[0]).toMatchObject({
    area: 'configuration',
    state: 'fail',
    remedy: 'Correct PORT',
  });
});

describe('topics', () => {
  test('a file with a mistake is told with its line', async () => {
    const file = join(dataFolder, 'topics.yaml');
    await writeFile(file, '- id: kites\n  name: Kites\n  shape: round\n');
    expect(await findTrouble('topics', { TOPICS_FILE: file })).toMatchObject([
      { state: 'fail', what: expect.stringContaining('topics.yaml, line 3: unknown key "shape"') },
    ]);
  });

  test('one that was written by hand and does not count is named, with what to do', async () => {
    const write = (id: string, definition: string) =>
      runSql(
        database.databaseUrl,
        `INSERT INTO written_topic (id, definition, retired, version, changed_by, changed_at)
         VALUES ('${id}', '${definition}', false, 1, 'ada', now())`,
      );
    const kites = '- { id: kites, name: Kites, description: Flying things on a line., phrases: [kite] }';
    await write('kites', kites);
    expect(await findTrouble('topics')).toEqual([]);
    await write('odd', '- { id: odd, shape: round }');
    expect(await findTrouble('topics')).toMatchObject([
      {
        state: 'warn',
        what: expect.stringMatching(/^the topic odd, .*unknown key "shape"/),
        remedy: expect.stringContaining('topics retire odd'),
      },
    ]);
    await runSql(database.databaseUrl, 'DELETE FROM written_topic');
  });
});
