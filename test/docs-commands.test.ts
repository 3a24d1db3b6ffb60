// Every command that the pages for operators name is run, in the order in which somebody would: from an empty database to a
// restore. A command that is new on a page, and that nobody runs here, fails the first test.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program } from '../src/commands/program.ts';
import { packageFolder } from '../src/config/config.ts';
import { promises } from '../src/ledger/promise.ts';
import { importListing } from '../src/papers/import-listing.ts';
import { createTokenSigner } from '../src/platform/keys/tokens.ts';
import { createDb, type Db } from '../src/platform/postgres/db.ts';
import { defaultPreferences } from '../src/subscribers/preferences/preferences.ts';
import { utcDay } from '../src/text/days.ts';
import { findFreePort } from './support/free-port.ts';
import { createEmptyDatabase, type TestDatabase } from './support/postgres.ts';
import { fewTopics, launch, signalGroup } from './support/program.ts';
import { runHere } from './support/run-here.ts';
import { type SmtpCatcher, startSmtpCatcher } from './support/smtp-catcher.ts';
import { subscribeReader } from './support/subscribe-reader.ts';
import { waitFor } from './support/wait-for.ts';
import { expertPaper } from './support/world.ts';

const pages = ['docs/operate.md', 'docs/deploy.md'];

/** Of the program: `start`, `subscribers import`. */
const names = program.commands.flatMap((command) =>
  command.commands.length === 0
    ? [command.name()]
    : command.commands.map((inner) => `${command.name()} ${inner.name()}`),
);

/** What a page has as code that begins with a command, whatever shell, container or cluster it is given to. */
async function listCommands(page: string): Promise<string[]> {
  const text = await readFile(join(packageFolder, page), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const spans = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  const given = [...blocks, ...spans].map((code) => code.replace(/\s+/g, ' '));
  return given
    .map((code) => /(?:^|\s)paperround (.*)$/.exec(code)?.[1] ?? code)
    .filter((code) => names.some((name) => code === name || code.startsWith(`${name} `)));
}

const today = utcDay(new Date());
const secret = 'a secret for tests that is long enough';
let database: TestDatabase;
let smtp: SmtpCatcher;
let folder: string;
let env: Record<string, string>;
let db: Db;

beforeAll(async () => {
  database = await createEmptyDatabase();
  smtp = await startSmtpCatcher();
  folder = await mkdtemp(join(tmpdir(), 'paperround-docs-'));
  env = {
    DATABASE_URL: database.databaseUrl,
    SMTP_URL: `${smtp.smtpUrl}?tls=optional`,
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: secret,
    MAIL_FROM: 'digest@papers.example.org',
    TOPICS_FILE: fewTopics,
    POSTAL_ADDRESS: 'Example Lab, 1 Main Street, Springfield',
    LOG_LEVEL: 'silent',
    DATA_DIR: folder,
  };
  await writeFile(
    join(folder, 'readers.csv'),
    'email,topics,consented_at,consent\ngrace@example.org,llm-training,2026-01-02,form at the stand\nalan@example.org,llm-training,,\n',
  );
});
afterAll(async () => {
  await db?.$disconnect();
  await smtp?.close();
  await database?.drop();
  await rm(folder, { recursive: true });
});

const typedSoFar = new Set<string>();

/** As a page has it, with what it stands for in its place; what is printed. */
async function type(written: string, standIns: Record<string, string> = {}, exit = 0): Promise<string> {
  typedSoFar.add(written);
  const typed = Object.entries(standIns).reduce((text, [from, to]) => text.replace(from, to), written);
  const args = [...typed.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  const ran = await runHere(args, { env, folder });
  const printed = ran.stdout + ran.stderr;
  expect({ typed, exit: ran.exit, printed }).toMatchObject({ exit });
  return printed;
}

/** Until it says that it runs. */
async function start(written: string): Promise<void> {
  typedSoFar.add(written);
  const port = String(await findFreePort());
  const service = await launch(written.split(' '), { env: { ...env, PORT: port }, launcher: 'node', folder });
  const isRunning = () => service.stdout().includes('Paperround is running');
  await Promise.race([waitFor('the start', isRunning), service.ended]);
  expect(isRunning(), service.stderr()).toBe(true);
  signalGroup(service.child.pid, 'SIGTERM');
  expect(await service.ended).toBe(0);
}

test('an empty database is looked at, migrated and looked at again', async () => {
  expect(await type('migrate --check', {}, 1)).toMatch(/^Not applied yet: 2026/);
  expect(await type('migrate')).toBe('The database is up to date.\n');
  expect(await type('migrate --check')).toBe('The database is up to date.\n');
  db = createDb(database.databaseUrl, 3);
  await start('start --role web');
  await start('start --role worker');
  // What DNS and the address of the site would say is none of a test's business.
  expect(await type('doctor', {}, 1)).toMatch(/ok .*all migrations are applied/);
  expect(await type('completion bash')).toMatch(/^# bash completion/);
  expect(await type('admin create <name>', { '<name>': 'ada' })).toContain('Password: ');
  expect(await type('admin create you')).toContain('Password: ');
  expect(await type('admin codes <name>', { '<name>': 'ada' })).toContain('otpauth://');
});

test('readers are brought along, and mail leaves', async () => {
  await copyFile(join(packageFolder, 'seeds/daily-papers-2025-12-12.txt'), join(folder, 'listing.txt'));
  expect(await type('papers import listing.txt')).toContain('58 papers');
  expect(await type('topics list')).toContain('llm-inference');
  expect(await type('subscribers import readers.csv --dry-run')).toMatch(/^2 rows/);
  expect(await type('subscribers import readers.csv')).toMatch(
    /^2 rows; 1 read from tomorrow on; 1 are sent the mail/,
  );
  // By standard input, as into a container.
  const piped = 'subscribers import - < readers.csv';
  typedSoFar.add(piped);
  const stdin = await readFile(join(folder, 'readers.csv'));
  const { exit, stdout } = await runHere(['subscribers', 'import', '-'], { env, stdin, folder });
  expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining('were there already') });
  expect(await type('subscribers list')).toContain('grace@example.org');
  expect(await type('subscribers export')).toMatch(/^email,.*\r\ngrace@example\.org,/);
  expect(await type('subscribers export > readers-now.csv', { ' > readers-now.csv': '' })).toContain(
    'grace@',
  );
  expect(await type('subscribers add you@example.org --topics llm-inference --consent "it is me"')).toContain(
    'you@example.org',
  );
  expect(await type('mail test you@example.org')).toContain('you@example.org: accepted');
  expect(await type('mail test', { 'mail test': 'mail test you@example.org' })).toContain('accepted');
  expect(await type('mail servers')).toMatch(/no worker|not used yet|well/i);
  expect(await type('papers fetch', { 'papers fetch': 'papers fetch --source folder' }, 1)).toMatch(/folder/);
});

/** Ada's digest was refused, Grace's is unknown, as after a worker was killed. */
async function sendWithTrouble(): Promise<{ refused: bigint; unknown: bigint }> {
  const tokens = createTokenSigner(secret);
  const deps = { db, tokens, promises, wakeDelivery: async () => {}, now: () => new Date() };
  await importListing({ db }, { source: 'test', date: today, papers: [expertPaper('translation')] });
  await subscribeReader(deps, {
    email: 'ada@example.org',
    preferences: { ...defaultPreferences, keywords: ['experts'] },
  });
  await subscribeReader(deps, {
    email: 'eve@example.org',
    preferences: { ...defaultPreferences, keywords: ['experts'] },
  });
  const idOf = async (email: string) =>
    (await db.delivery.findFirstOrThrow({ where: { kind: 'digest', subscriber: { email } } })).id;
  const [refused, unknown] = [await idOf('ada@example.org'), await idOf('eve@example.org')];
  const over = { finishedAt: new Date(), claimId: null, leaseUntil: null };
  await db.delivery.updateMany({
    where: { id: refused },
    data: { ...over, state: 'rejected', reasonCode: 'relay_refused', replyText: '550 5.7.1 relaying denied' },
  });
  await db.delivery.updateMany({
    where: { id: unknown },
    data: { ...over, state: 'unknown', reasonCode: 'worker_ended' },
  });
  return { refused, unknown };
}

test('who got it, who did not, and what can be done', async () => {
  const { refused, unknown } = await sendWithTrouble();
  const day = { '2026-03-02': today };
  expect(await type('editions list')).toContain(today);
  expect(await type('editions show 2026-03-02', day)).toContain('relay_refused');
  expect(await type('deliveries list --edition 2026-03-02 --state rejected', day)).toContain(
    'ada@example.org',
  );
  expect(await type('deliveries show <id>', { '<id>': String(refused) })).toContain('relaying denied');
  expect(await type('subscribers show ada@example.org')).toContain('550 5.7.1 relaying denied');
  expect(await type('deliveries retry --edition 2026-03-02', day)).toMatch(/1/);
  expect(await type('deliveries show <id>', { '<id>': String(refused) })).toMatch(
    /earlier try .*rejected: relay_refused: 550 5\.7\.1 relaying denied/,
  );
  expect(await type('deliveries list --state unknown')).toContain('eve@example.org');
  expect(await type('deliveries settle <id> --as sent', { '<id>': String(unknown) })).toMatch(/1/);
  // Settled without a try that is on record: there is nothing that could be sent again.
  expect(await type('deliveries resend <id>', { '<id>': String(unknown) })).toContain('is accepted');
  expect(await type('deliveries export')).toMatch(/^id,email,/);
  await db.delivery.updateMany({
    where: { id: unknown },
    data: { state: 'cancelled', reasonCode: 'edition_cancelled', finishedAt: new Date() },
  });
  expect(await type('editions resume 2026-03-02', day)).toContain('1 were cancelled');
  expect(await type('deliveries retry --edition 2026-03-02 --reason edition_cancelled', day)).toMatch(
    /^1 are due now/,
  );
  expect(await type('editions pause', { 'editions pause': `editions pause ${today}` })).toContain(today);
});

test('suppressions are listed, exported and lifted', async () => {
  await type('suppressions lift', { 'suppressions lift': 'suppressions add bo@example.org' });
  expect(await type('suppressions list')).toContain('bo@example.org');
  expect(await type('suppressions export')).toContain('bo@example.org');
  expect(
    await type('suppressions lift', { 'suppressions lift': 'suppressions lift bo@example.org' }),
  ).toContain('again');
  expect(await type('suppressions lift --reason "quota exceeded" --since 2026-03-01')).toContain(
    '0 addresses fit',
  );
});

test('a backup is written and restored, and what may have left is settled', async () => {
  expect(await type('backup paperround.backup')).toMatch(/^Written as of/);
  expect(await type('backup', { backup: 'backup second.backup' })).toMatch(/^Written as of/);
  const backups = await mkdtemp(join(folder, 'backups-'));
  expect(await type('backup /backups/paperround.backup', { '/backups': backups })).toMatch(/^Written as of/);
  await db.subscriber.deleteMany();
  await db.$disconnect();
  expect(await type('restore paperround.backup --yes')).toMatch(/rows of .* are back/);
  expect(await db.subscriber.count()).toBeGreaterThan(2);
  expect(await type('deliveries settle --edition <day> --as sent', { '<day>': today })).toMatch(/\d/);
});

test.each(pages)('every command of %s was run', async (page) => {
  const commands = await listCommands(page);
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((command) => !typedSoFar.has(command))).toEqual([]);
});
