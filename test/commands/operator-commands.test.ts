// What an operator types about deliveries, editions and readers: by the functions of the commands, and by the program, once as a process of its own.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeDelivery, retryDeliveries, settleDeliveries } from '../../src/commands/deliveries.ts';
import { sendTest } from '../../src/commands/mail.ts';
import type { Surroundings } from '../../src/commands/run.ts';
import { describeSubscriber, showSubscriber } from '../../src/commands/show-subscriber.ts';
import { addSubscriber, confirmSubscriber } from '../../src/commands/subscribers.ts';
import { readConfig } from '../../src/config/config.ts';
import { findRemedy } from '../../src/ledger/outcome-codes.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createCloser } from '../../src/service/closer.ts';
import { utcDay } from '../../src/text/days.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { type Env, fewTopics, runCommand } from '../support/program.ts';
import { runHere } from '../support/run-here.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { ada, alan, createWorld, expertPaper, grace, type World } from '../support/world.ts';

let world: World;
let catcher: SmtpCatcher;
let env: Env;
const today = utcDay(new Date());
beforeAll(async () => {
  world = await createWorld(new Date().toISOString());
  catcher = await startSmtpCatcher({ extensions: ['8BITMIME', 'AUTH PLAIN'] });
  env = {
    DATABASE_URL: world.databaseUrl,
    SMTP_URL: `${catcher.smtpUrl}?tls=optional`,
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: 'a secret for tests that is long enough',
    MAIL_FROM: 'digest@papers.example.org',
  };
  await world.list(today, [expertPaper('translation')]);
  await world.subscribe(ada);
});
afterAll(async () => {
  await catcher?.close();
  await world?.close();
});

/** By its function. */
async function act<Result>(
  command: (surroundings: Surroundings) => Promise<Result>,
  other: Env = {},
): Promise<Result> {
  const closer = createCloser();
  const surroundings = { config: readConfig({ ...env, ...other }), log: createLogger('silent'), closer };
  return command(surroundings).finally(() => closer.close());
}

test('the program lists deliveries, shows one, tells of the edition, and names what is not there', {
  timeout: 120_000,
}, async () => {
  const run = (...args: string[]) => runCommand(args, { env });
  const { id } = await world.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
  const [listed, shown, editions, nobody] = await Promise.all([
    run('deliveries', 'list', '--subscriber', 'ADA@example.org', '--state', 'planned', '--json'),
    run('deliveries', 'show', String(id)),
    run('editions', 'show', today, '--json'),
    run('subscribers', 'show', 'nobody@example.org'),
  ]);
  expect(JSON.parse(listed.stdout).deliveries).toContainEqual(
    expect.objectContaining({ id: String(id), email: ada, edition: today, state: 'planned' }),
  );
  expect(shown.stdout).toContain(`Delivery ${id}: the digest of ${today}\n  state         planned`);
  expect(JSON.parse(editions.stdout)).toMatchObject({ edition: today, promised: 1, planned: 1, reasons: [] });
  expect([nobody.exit, nobody.stderr]).toEqual([1, expect.stringContaining('Nobody reads as nobody@')]);
});

test('before the first start the topics of the file are there to be chosen', async ({ onTestFinished }) => {
  const fresh = await createTestDatabase();
  onTestFinished(() => fresh.drop());
  const first = { email: 'first@example.org', wanted: { topics: ['llm-training'] }, evidence: 'on paper' };
  const added = await act((given) => addSubscriber(given, first), {
    DATABASE_URL: fresh.databaseUrl,
    TOPICS_FILE: fewTopics,
  });
  expect(added).toBe('active');
});

test('a file of readers is taken in but for the rows that are none, which its report and the exit code tell', {
  timeout: 120_000,
}, async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-readers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [file, report] = [join(folder, 'readers.csv'), join(folder, 'refused.csv')];
  await writeFile(
    file,
    'email,topics,consent\nkay@example.org,llm-training,form\nivy@example.org,moe,form\n',
  );
  const [taken, topics] = await Promise.all([
    runHere(['subscribers', 'import', file, '--refused', report, '--json'], { env }),
    runHere(['topics', 'list', '--json'], { env }),
  ]);
  expect(JSON.parse(taken.stdout)).toMatchObject({ rows: 2, active: 1, refused: 1 });
  expect([taken.exit, taken.stderr]).toEqual([1, expect.stringContaining('1 row is not taken: ')]);
  expect(await readFile(report, 'utf8')).toBe(
    'line,why,email\r\n3,topics: there is no topic “moe”,ivy@example.org\r\n',
  );
  expect(JSON.parse(topics.stdout).topics).toContainEqual(
    expect.objectContaining({ id: 'mixture-of-experts', name: 'Mixture of experts' }),
  );
});

test('a file of rows that are none is told without what a terminal would obey', {
  timeout: 60_000,
}, async () => {
  for (const noun of ['subscribers', 'suppressions']) {
    const { exit, stderr } = await runHere([noun, 'import', '-'], {
      env,
      stdin: '\u001B[2Jno\u0007body\n',
    });
    expect([exit, stderr]).toEqual([1, expect.stringContaining('standard input, line 1: has “ [2Jno body”')]);
    expect(stderr).toMatch(/1 (?:row|line) is not taken: it is named above\./);
  }
});

test('what cannot be read, written or used is told in one line, and nothing is done', {
  timeout: 120_000,
}, async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-files-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const none = join(folder, 'none', 'a.csv');
  const readers = join(folder, 'readers.csv');
  await writeFile(readers, 'email,topics,consent\nkim@example.org,llm-training,form\n');
  const told: [string[], string][] = [
    [['suppressions', 'import', none], `${none} cannot be read: ENOENT`],
    [['suppressions', 'import', folder], `${folder} cannot be read: it is a folder, and a file is wanted`],
    [['subscribers', 'import', readers, '--refused', none], `${none} cannot be written: ENOENT`],
    [['subscribers', 'import', readers, '--topics', 'moe'], 'There is no topic “moe”: `topics list`'],
    [['topics', 'retire', 'kites'], 'There is no topic “kites” that this can be done to: `topics list`'],
    [['backup', folder], `${folder} is there already: take another name`],
    [['backup', none], `${none} cannot be written: ENOENT`],
    [['restore', readers, '--yes'], `${readers} is no backup that \`backup\` has written, or not whole`],
    [['keys', 'create', 'old', '--scopes', '*', '--expires', '2020-01-01'], 'A key that ends on 2020-01-01'],
  ];
  for (const [args, words] of told) {
    const { exit, stdout, stderr } = await runHere(args, { env });
    expect([exit, stdout, stderr]).toEqual([1, '', expect.stringContaining(words)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
  expect(await world.db.subscriber.count({ where: { email: 'kim@example.org' } })).toBe(0);
  expect(await world.db.apiKey.count()).toBe(0);
  expect(await readdir(folder)).toEqual(['readers.csv']);
});

test.each(['no_answer', 'worker_ended', 'restored'] as const)(
  'a mail that is unknown by %s has a remedy',
  (code) => {
    expect(findRemedy(code)).toContain('`deliveries settle`');
  },
);

test('a retry wants to be told of what, and a settlement too', async () => {
  await expect(act((given) => retryDeliveries(given, {}))).rejects.toThrow(/^Which\?/);
  await expect(act((given) => settleDeliveries(given, { as: 'sent' }))).rejects.toThrow(/^Which\?/);
  expect(await act((given) => retryDeliveries(given, { edition: today }))).toEqual({ retried: 0, left: {} });
});

test('an edition is held before anything is promised for it, which its day tells and a list has, until it goes on', {
  timeout: 60_000,
}, async () => {
  const run = (...args: string[]) => runHere(args, { env });
  const held = await run('editions', 'cancel', '2099-01-02');
  expect(held.stdout).toBe(
    'Edition 2099-01-02 is cancelled: 0 digests are not sent, nor any that come, until `editions resume 2099-01-02`.\n',
  );
  const [listed, asJson] = [await run('editions', 'list'), await run('editions', 'list', '--json')];
  expect(listed.stdout).toMatch(/^2099-01-02 {2}CANCELLED {2}nothing is promised yet\n/);
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    editions: [{ edition: today }],
    heldAhead: [{ edition: '2099-01-02', state: 'cancelled' }],
  });
  expect((await run('digest', 'resume', '2099-01-02')).stdout).toContain('2099-01-02 goes on: 0 digests');
  expect(await world.db.editionHold.count()).toBe(0);
});

test('an edition that goes on tells what was cancelled of it, and how that is sent after all', {
  timeout: 60_000,
}, async () => {
  const run = (...args: string[]) => runHere(args, { env });
  const of = { edition: new Date(`${today}T00:00:00Z`) };
  const { id } = await world.db.delivery.findFirstOrThrow({ where: of });
  await world.db.delivery.update({
    where: { id_day: { id, day: of.edition } },
    data: { state: 'cancelled', reasonCode: 'edition_cancelled', finishedAt: new Date() },
  });
  const resumed = await run('editions', 'resume', today);
  const command = `deliveries retry --edition ${today} --reason edition_cancelled`;
  expect(resumed.stdout).toBe(
    `Edition ${today} goes on: 0 digests are not sent yet.\n1 were cancelled: \`${command}\` sends them after all.\n`,
  );
  expect((await run('deliveries', 'retry', '--edition', today)).stdout).toBe(
    '0 are due now; a running worker takes them within a minute.\n' +
      '1 left: cancelled with the edition (`deliveries retry --edition <day> --reason edition_cancelled` sends them after all)\n',
  );
  expect((await run(...command.split(' '))).stdout).toMatch(/^1 are due now/);
});

test('a list without a row says so, beside what a program reads', { timeout: 60_000 }, async () => {
  const listed = await runHere(['deliveries', 'list', '--state', 'unknown'], { env });
  expect([listed.exit, listed.stdout, listed.stderr]).toEqual([0, '', 'No delivery fits.\n']);
});

test('a delivery or a reason that is not there is told, and so is what a delivery came to instead', {
  timeout: 60_000,
}, async () => {
  const none = 'There is no delivery 99';
  await expect(act((given) => retryDeliveries(given, { id: 99n }))).rejects.toThrow(none);
  await expect(act((given) => settleDeliveries(given, { id: 99n, as: 'sent' }))).rejects.toThrow(none);
  await expect(act((given) => retryDeliveries(given, { reason: 'mailbox_ful' }))).rejects.toThrow(
    /^There is no reason mailbox_ful: .*mailbox_full/,
  );
  const { id } = await world.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
  for (const args of [['retry'], ['settle', '--as', 'sent']]) {
    const { exit, stdout } = await runHere(['deliveries', ...args, String(id)], { env });
    expect([exit, stdout]).toEqual([0, `Delivery ${id} is planned: nothing is done.\n`]);
  }
});

test('a delivery is a line, with why and what was said', () => {
  const line = describeDelivery({
    id: 7n,
    subscriberId: 'x',
    email: ada,
    kind: 'digest',
    edition: today,
    state: 'rejected',
    reason: 'mailbox_unknown',
    reply: '550 no such user',
    replyCode: 550,
    replyStatus: null,
    smtpStage: 'recipient',
    detail: null,
    attempts: 1,
    resent: false,
    createdAt: new Date('2026-03-02T09:00:00Z'),
    nextTryAt: null,
    finishedAt: null,
  });
  expect(line).toBe(
    `7  2026-03-02T09:00Z  rejected      ${ada}  digest of ${today}  (mailbox_unknown: 550 no such user)\n`,
  );
});

describe('a reader', () => {
  test('is shown with their days and the digest that they would get now, and why', async () => {
    const shown = await act((given) => showSubscriber(given, { who: ada, days: 14 }));
    expect(shown).toMatchObject({
      subscriber: { email: ada, status: 'active' },
      suppression: null,
      history: [{ day: today, story: { type: 'under-way' }, deliveryId: expect.any(BigInt) }],
      next: {
        holds: 'matches',
        matched: 1,
        papers: [{ because: [expect.stringContaining('Mixture of experts')] }],
      },
    });
    expect(describeSubscriber(shown)).toContain('1 of 1 papers that match');
  });

  test('is added and asked by mail, or reads at once where an operator vouches for it', async () => {
    const add = (email: string, evidence: string | null, topics = ['llm-training']) =>
      act((given) => addSubscriber(given, { email, wanted: { topics }, evidence }));
    expect(await add(alan, null)).toBe('asked');
    const signUp = await world.db.signUp.findFirstOrThrow({ where: { email: alan } });
    expect(signUp).toMatchObject({ door: 'operator', confirmedAt: null, evidence: null });
    expect(await add(grace, 'paper form of 2 March')).toBe('active');
    expect(await add(grace, 'again', ['graph-learning'])).toBe('already-active');
    const reader = await world.find(grace);
    expect(reader).toMatchObject({ status: 'active', preferences: { topics: ['llm-training'] } });
    const kept = await world.db.signUp.findFirstOrThrow({ where: { subscriberId: reader.id } });
    expect(kept).toMatchObject({
      door: 'operator',
      evidence: 'paper form of 2 March',
      confirmedAt: expect.any(Date),
    });
    expect(await world.db.delivery.count({ where: { subscriberId: reader.id, kind: 'digest' } })).toBe(1);
    await expect(add('new@example.org', 'x', ['nothing'])).rejects.toThrow('there is no topic “nothing”');
  });

  test('is confirmed by hand with a reason that is kept, unless the address is suppressed or never asked', async () => {
    const email = 'slow@example.org';
    const confirm = (who: string) =>
      act((given) => confirmSubscriber(given, { email: who, evidence: 'by telephone' }));
    expect(await confirm(email)).toBe('unknown');
    await world.signUp(email);
    // No digest was to come yet: there is no day to tell of.
    expect(await act((given) => showSubscriber(given, { who: email, days: 14 }))).toMatchObject({
      subscriber: { status: 'pending' },
      history: [],
      next: null,
    });
    await world.db.suppression.create({ data: { emailKey: email, reason: 'x' } });
    expect(await confirm(email)).toBe('suppressed');
    await world.db.suppression.deleteMany();
    expect([await confirm(email), await confirm(email)]).toEqual(['confirmed', 'already-active']);
    const kept = await world.db.signUp.findFirstOrThrow({ where: { email } });
    expect(kept).toMatchObject({ door: 'form', evidence: 'by telephone' });
  });
});

test('a test mail to a server that hangs says at once what it tries, and then at which step it hangs', {
  timeout: 60_000,
}, async ({ onTestFinished }) => {
  onTestFinished(() => catcher.behave(() => null));
  for (const [stage, words, outcome] of [
    ['greeting', 'connected, and no greeting came', 'not-sent'],
    ['MAIL', 'no answer to MAIL FROM', 'not-sent'],
    ['RCPT', 'no answer to RCPT TO', 'not-sent'],
    ['end', 'no answer to the mail', 'unknown'],
  ] as const) {
    catcher.behave((at) => (at === stage ? { type: 'wait', ms: 3000 } : null));
    const told = await act((given) => sendTest(given, 'me@example.org', 500));
    expect(told, stage).toMatchObject({ outcome, words });
  }
  catcher.behave(() => null);
  const { stdout, stderr } = await runHere(['mail', 'test', 'me@example.org'], { env });
  expect(stdout).toMatch(/^me@example\.org: accepted/);
  expect(stderr).toMatch(
    /^From digest@papers\.example\.org to me@example\.org by 127\.0\.0\.1:\d+; 20 s are waited for an answer\.$/m,
  );
});

test('a test mail goes as digests go, and the server’s words are told', async () => {
  const send = () => act((given) => sendTest(given, 'me@example.org'));
  expect(await send()).toMatchObject({ outcome: 'accepted', words: expect.stringMatching(/^250/) });
  const mail = await catcher.parse(catcher.mails.at(-1));
  expect(mail.subject).toMatch(/^Test mail of /);
  expect(mail.headerLines.map(({ key }) => key)).toContain('list-unsubscribe');
  catcher.behave((stage) => (stage === 'RCPT' ? { type: 'reply', line: '550 5.1.1 no such user' } : null));
  expect(await send()).toMatchObject({
    outcome: 'refused',
    code: 'mailbox_unknown',
    words: '550 5.1.1 no such user',
  });
  const line = '535 5.7.8 Username and Password not accepted';
  catcher.behave((stage) => (stage === 'AUTH' ? { type: 'reply', line } : null));
  env.SMTP_URL = `${env.SMTP_URL?.replace('//', '//user:wrong@')}`;
  expect(await send()).toMatchObject({
    outcome: 'refused',
    code: 'login_refused',
    words: line,
    remedy: expect.stringContaining('user and password'),
  });
});
