// `bounces read`, as an operator's mail server pipes to it, and `suppressions …`, as an operator types it.
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeBounce, readBounceFile } from '../../src/commands/bounces.ts';
import type { Surroundings } from '../../src/commands/run.ts';
import {
  importFile,
  liftSuppressed,
  suppressAddress,
  walkSuppressions,
} from '../../src/commands/suppressions.ts';
import { readConfig } from '../../src/config/config.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { ConfigError } from '../../src/platform/errors.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createCloser } from '../../src/service/closer.ts';
import { receiveBounces } from '../../src/service/open-bounces.ts';
import type { Suppression } from '../../src/subscribers/suppressions/suppression-store.ts';
import { someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { sendBack } from '../support/bounce-sender.ts';
import { findFreePort } from '../support/free-port.ts';
import { type Env, runCommand } from '../support/program.ts';
import { runHere } from '../support/run-here.ts';
import { makeInstallation } from '../support/service.ts';
import { ada, createWorld, grace, type World } from '../support/world.ts';

const secret = 'a secret for tests that is long enough';
const address = 'bounces@papers.example.org';
const addresses = createBounceAddresses(address, createBounceTokens(secret, null));

let world: World;
let env: Env;
beforeAll(async () => {
  world = await createWorld();
  env = {
    DATABASE_URL: world.databaseUrl,
    SMTP_URL: 'smtp://127.0.0.1:1',
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: secret,
  };
});
afterAll(() => world?.close());

/** A program that starts on a busy machine takes its time. */
const timeoutMs = 240_000;

const run = (args: string[], stdin: string | Buffer = '') => runHere(args, { env, stdin });

/** By its function, with other settings. */
async function inProcess<Result>(
  command: (surroundings: Surroundings) => Promise<Result>,
  changes: Env = {},
): Promise<Result> {
  const closer = createCloser();
  const log = createLogger('silent');
  return command({ config: readConfig({ ...env, ...changes }), log, closer }).finally(() => closer.close());
}

const listSuppressions = () =>
  inProcess(async (surroundings) => {
    const all: Suppression[] = [];
    for await (const suppression of walkSuppressions(surroundings)) all.push(suppression);
    return all;
  });

async function subscribe(email: string) {
  const { id: subscriberId } = await world.subscribe(email);
  const { id } = await world.db.delivery.findFirstOrThrow({ where: { subscriberId, kind: 'digest' } });
  const bounceAddress = addresses.write({ deliveryId: id, signedAt: new Date() });
  return { id, names: { ...someNames, bounceAddress } };
}

describe('a mail that is piped to the command', () => {
  test('is recorded, and the operator is shown what follows', { timeout: timeoutMs }, async () => {
    const { id, names } = await subscribe(ada);
    const stdin = writeBounceMail('exim-unknown-user', names);
    const read = await runCommand(['bounces', 'read', '-', '--json'], { env, stdin });
    expect(read.exit).toBe(0);
    expect(JSON.parse(read.stdout)).toEqual({
      type: 'recorded',
      deliveryId: String(id),
      kind: 'hard',
      status: '5.1.1',
      diagnostic: '550 5.1.1 <ada@example.org>... User unknown',
      isNew: true,
      isSuppressed: true,
    });
    // The log has facts, no addresses and no tokens.
    expect(read.stderr).toContain('"mail came back"');
    expect(read.stderr).not.toMatch(/ada@|bounces\+/);

    const subscribers = await run(['subscribers', 'list']);
    expect(subscribers.stdout).toMatch(/^active +ada@example\.org .*\(suppressed; bounced in 30 days: 1\)$/m);
    const listed = JSON.parse((await run(['suppressions', 'list', '--json'])).stdout);
    expect(listed.suppressions).toMatchObject([
      { email: ada, reason: expect.stringMatching(/^hard bounce: 550/) },
    ]);
  });

  test('is to be piped again while the database is away: exit code 75', { timeout: timeoutMs }, async () => {
    const away = { ...env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' };
    const stdin = writeBounceMail('postfix-unknown-user');
    const read = await runCommand(['bounces', 'read', '-'], { env: away, stdin });
    expect([read.exit, read.stdout]).toEqual([75, '']);
    expect(read.stderr).toContain('try again');
  });

  test('can be tried: what it is taken to say is printed, without a database', {
    timeout: timeoutMs,
  }, async () => {
    const away = { ...env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' };
    const examine = async (name: string) => {
      const stdin = writeBounceMail(name);
      const read = await runHere(['bounces', 'read', '--json', '--dry-run', '-'], { env: away, stdin });
      expect(read.exit).toBe(0);
      return JSON.parse(read.stdout);
    };
    expect(await examine('exim-unknown-user')).toEqual({
      type: 'bounce',
      recipient: 'ada@example.org',
      status: '5.1.1',
      reason: 'mailbox_unknown',
      judgement: 'hard',
      text: '550 5.1.1 <ada@example.org>... User unknown',
    });
    expect(await examine('arf-abuse')).toMatchObject({ type: 'complaint', judgement: 'complaint' });
    expect(await examine('out-of-office')).toMatchObject({ type: 'ignored', reason: 'auto-reply' });
  });

  test('is described in a line', async () => {
    const { names } = await subscribe('alan@example.org');
    const read = async (shape: string) => {
      const file = join(tmpdir(), `paperround-${process.pid}-${shape}.eml`);
      await writeFile(file, writeBounceMail(shape, names));
      const outcome = await inProcess((surroundings) => readBounceFile(surroundings, file));
      await rm(file);
      return describeBounce(outcome);
    };
    expect(await read('postfix-mailbox-full')).toMatch(/^Recorded: soft \(delivery \d+, 5\.2\.2\)$/);
    expect(await read('postfix-mailbox-full')).toMatch(
      /^Recorded: soft \(delivery \d+, 5\.2\.2, known already\)$/,
    );
    expect(await read('arf-abuse')).toMatch(/^Recorded: complaint .*the address gets no mail any more\)$/);
    expect(await read('out-of-office')).toBe('Ignored: auto-reply');
  });

  test('but cannot be read is a mistake that is told', async () => {
    const read = inProcess((surroundings) => readBounceFile(surroundings, 'nowhere.eml'));
    await expect(read).rejects.toThrow(/^nowhere\.eml cannot be read: /);
    await expect(read).rejects.toBeInstanceOf(ConfigError);
  });
});

test('an operator bars an address and lets it get mail again', async () => {
  const add = () => inProcess((surroundings) => suppressAddress(surroundings, 'X@example.net'));
  const lift = () => inProcess((surroundings) => liftSuppressed(surroundings, { email: 'x@Example.net' }));
  expect([await add(), await add()]).toEqual([true, false]);
  expect(await listSuppressions()).toContainEqual({
    email: 'x@example.net',
    cause: 'operator',
    reason: 'added by the operator',
    createdAt: expect.any(Date),
  });
  expect([await lift(), await lift()]).toEqual([1, 0]);
  expect((await listSuppressions()).map(({ email }) => email)).not.toContain('x@example.net');
});

test('an operator lifts many at once, once they have seen which', { timeout: timeoutMs }, async () => {
  const file = join(tmpdir(), `paperround-${process.pid}-suppressions.csv`);
  await writeFile(file, 'email,cause\none@many.example,hard\ntwo@many.example,soft\n');
  await inProcess((surroundings) => importFile(surroundings, { file, format: null }));
  await rm(file);
  const lift = (...more: string[]) => run(['suppressions', 'lift', '--domain', 'many.example', ...more]);
  expect((await lift()).stdout).toMatch(
    /one@many\.example.*\n.*two@many.*\n2 addresses fit\. Nothing is lifted/,
  );
  expect((await lift('--reason', 'hard', '--yes')).stdout).toBe('1 addresses get mail again.\n');
  const { stdout } = await run(['suppressions', 'export', '--format', 'csv']);
  expect(stdout).toMatch(/^email,cause,reason,created_at\r\n/);
  expect(stdout).toContain('two@many.example,soft,imported,');
  expect(stdout).not.toContain('one@many.example');
  const hash = `address:${'0'.repeat(32)}`;
  await inProcess(async (surroundings) => suppressAddress(surroundings, hash));
  expect((await lift()).stdout).toContain('Of 1 more only a hash is kept, which tells no domain');
  expect((await lift('--reason', 'hard')).stdout).not.toContain('hash');
  await inProcess((surroundings) => liftSuppressed(surroundings, { email: hash }));
  const all = await run(['suppressions', 'lift', '--yes']);
  expect([all.exit, all.stderr]).toEqual([1, expect.stringContaining('Which?')]);
});

describe('a worker with BOUNCE_PORT', () => {
  test('takes in what comes back', { timeout: timeoutMs }, async () => {
    const { id, names } = await subscribe(grace);
    const port = await findFreePort();
    const settings = { ...env, HOST: '127.0.0.1', BOUNCE_ADDRESS: address, BOUNCE_PORT: String(port) };
    const installation = await makeInstallation(settings);
    try {
      await installation.start({ role: 'worker' });
      const raw = writeBounceMail('gmail-unknown-user');
      expect(await sendBack(port, { to: names.bounceAddress, raw })).toMatchObject({ type: 'accepted' });
      expect(await sendBack(port, { to: someNames.bounceAddress, raw })).toMatchObject({ code: 550 });
      const bounces = await world.db.bounce.findMany({ where: { deliveryId: id }, select: { kind: true } });
      expect(bounces).toEqual([{ kind: 'hard' }]);
    } finally {
      await installation.remove();
    }
  });

  test('says what to do when another program has the port', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { db, tokens, now } = world;
    const receive = inProcess(
      (surroundings) => receiveBounces({ ...surroundings, db, tokens, now }, surroundings.closer),
      { HOST: '127.0.0.1', BOUNCE_ADDRESS: address, BOUNCE_PORT: String(port) },
    );
    await expect(receive).rejects.toThrow(
      `BOUNCE_PORT=${port} is in use. Take another, and forward port 25 to it; of several workers`,
    );
    taken.close();
  });
});
