// Starting, stopping and killing the program: what it owes its readers is in the database, and nothing else is needed.
import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { promises } from '../../src/ledger/promise.ts';
import { createTokenSigner } from '../../src/platform/keys/tokens.ts';
import { createDb } from '../../src/platform/postgres/db.ts';
import { defaultPreferences } from '../../src/subscribers/preferences/preferences.ts';
import { isRunning } from '../support/data-folder.ts';
import { type Mailbox, openLocalInbox, waitForMail } from '../support/mailbox.ts';
import type { Env } from '../support/program.ts';
import { type Installation, makeInstallation, type Service } from '../support/service.ts';
import { signUpByForm } from '../support/sign-up-by-form.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { subscribeReader } from '../support/subscribe-reader.ts';
import { waitFor } from '../support/wait-for.ts';
import { readConfirmation, readDigest } from './check-mail.ts';

let installation: Installation;
let mailbox: Mailbox;
let smtp: SmtpCatcher;

beforeAll(async () => {
  installation = await makeInstallation();
  mailbox = openLocalInbox(installation.inboxUrl);
  smtp = await startSmtpCatcher();
});
afterEach(() => installation.stop());
afterAll(async () => {
  await installation.remove();
  await smtp.close();
});

const sql = (query: string) => runSql(installation.data.databaseUrl(), query);
const letterTo = (to: string) => ({ siteUrl: installation.siteUrl, to });

async function press(url: string, fields: Record<string, string> = {}): Promise<void> {
  const { status } = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  expect(status).toBe(200);
}

const signUp = (email: string) => signUpByForm(installation.siteUrl, { email, keywords: 'diffusion' });

const confirmationTo = async (to: string) =>
  readConfirmation(await waitForMail(mailbox, to, 1), letterTo(to));

/** For so long work that is under way holds up a stop: nothing here was. */
const drainMs = 30_000;

const readServerPid = () => installation.data.findServer()?.pid ?? 0;

test('Ctrl-C stops all that was started, and the next start goes on with the same data', async () => {
  const ada = 'ada@example.org';
  const first = await installation.start();
  await signUp(ada);
  const { link } = await confirmationTo(ada);
  const server = readServerPid();
  const pressedAt = Date.now();
  expect(await first.interrupt()).toBe(0);
  expect(Date.now() - pressedAt).toBeLessThan(drainMs);
  expect(isRunning(server)).toBe(false);
  for (const url of [installation.siteUrl, installation.inboxUrl]) await expect(fetch(url)).rejects.toThrow();

  // As README says it.
  const second = await installation.start({ launcher: 'npm' });
  expect(await mailbox(ada)).toHaveLength(1);
  await press(link);
  await readDigest(await waitForMail(mailbox, ada, 2), letterTo(ada));
  const [{ papers } = {}] = await sql('SELECT count(*)::int AS papers FROM paper');
  expect(papers).toBe(58);
  const nextServer = readServerPid();
  await second.interrupt();
  await waitFor('the end of everything', () => !isRunning(nextServer) && !isAnyoneLeft(second));
}, 180_000);

test('Ctrl-C also ends it while its Redis is away', async () => {
  const service = await installation.start({ env: { REDIS_URL: 'redis://127.0.0.1:9' } });
  const pressedAt = Date.now();
  expect(await service.interrupt()).toBe(0);
  expect(Date.now() - pressedAt).toBeLessThan(drainMs);
}, 180_000);

test('a kill before a mail was sent costs nothing: neither the confirmation nor the digest', async () => {
  const grace = 'grace@example.org';
  // Without a worker the mail is promised, and not sent.
  const first = await installation.start({ role: 'web' });
  await signUp(grace);
  await first.kill();
  // A power cut, and a stranger who was faster than the database.
  const { port = 0 } = installation.data.findServer() ?? {};
  await installation.data.crashServer();
  const stranger = createServer((socket) => socket.end('220 not a database\r\n')).listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  const second = await installation.start();
  stranger.close();
  expect(installation.data.findServer()?.port).not.toBe(port);
  const { link } = await confirmationTo(grace);

  // The worker claims the digest, and comes no further.
  const release = await lockTable('suppression');
  await press(link);
  await waitFor('the claim', async () => (await readLedger()).get(grace) === 'claimed');
  await second.kill();
  await release();

  await installation.start();
  await expireLeases();
  await readDigest(await waitForMail(mailbox, grace, 2), letterTo(grace));
  await waitFor('the record of it', async () => (await readLedger()).get(grace) === 'accepted');
  expect(await mailbox(grace)).toHaveLength(2);
}, 180_000);

test('a kill in the middle of a run: nobody has the digest twice, and who may have it is on record', async () => {
  const readers = Array.from({ length: 30 }, (_, number) => `reader-${number}@example.org`);
  const first = await installation.start({ env: { SMTP_URL: smtp.smtpUrl } });
  let stalled = 0;
  // Kept, but never answered: the worst moment.
  smtp.behave((stage) => {
    if (stage !== 'stored' || smtp.mails.length < 12) return null;
    stalled += 1;
    return { type: 'stall' };
  });
  await subscribeAll(readers);
  // Wakes the worker.
  await signUp('alan@example.org');
  await waitFor('mails under way', () => stalled > 0);
  await first.kill();
  const storedAtKill = smtp.mails.length;
  smtp.behave(() => null);

  await installation.start({ env: { SMTP_URL: smtp.smtpUrl } });
  await expireLeases({ SMTP_URL: smtp.smtpUrl });
  const isOver = (state: string) => ['accepted', 'unknown'].includes(state);
  await waitFor('the end of the run', async () => [...(await readLedger()).values()].every(isOver));
  expect(storedAtKill).toBeLessThan(30);
  expect(smtp.mails.length).toBeGreaterThan(storedAtKill);
  const ledger = await readLedger();
  for (const email of readers) {
    const digests = smtp.mails.filter(({ to }) => to === email).length;
    expect(ledger.get(email) === 'accepted' ? [1] : [0, 1], email).toContain(digests);
  }
}, 180_000);

/** As if the time had passed that a worker's claims are believed for; then what the sweep does, at once. */
async function expireLeases(env: Env = {}): Promise<void> {
  await sql("UPDATE delivery SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL");
  const { exit, stderr } = await installation.run(['digest', 'send', '--now'], { env });
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
}

/** The state of each reader's digest. Two digests would make it a state that is none. */
async function readLedger(): Promise<Map<string, string>> {
  const rows = await sql(
    `SELECT email, string_agg(state::text, ' ') AS state FROM delivery JOIN subscriber ON subscriber.id = subscriber_id
     WHERE kind = 'digest' GROUP BY 1`,
  );
  return new Map(rows.map(({ email, state }) => [String(email), String(state)]));
}

/** Nobody gets at the table until the returned function was called. */
async function lockTable(table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: installation.data.databaseUrl() });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}

/** Confirmed readers, with their first digest in the ledger. */
async function subscribeAll(emails: string[]): Promise<void> {
  const db = createDb(installation.data.databaseUrl(), 3);
  const deps = {
    db,
    tokens: createTokenSigner('only to confirm within this process'),
    promises,
    wakeDelivery: async () => {},
    now: () => new Date(),
  };
  for (const email of emails) {
    await subscribeReader(deps, { email, preferences: { ...defaultPreferences, keywords: ['diffusion'] } });
  }
  await db.$disconnect();
}

/** In the group that npm or the program was started as. */
function isAnyoneLeft({ pid }: Service): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
