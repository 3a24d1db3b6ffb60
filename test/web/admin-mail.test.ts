// A test mail by the console and by the API: a page only asks, a worker sends it over real SMTP, and the server's words are told.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createKey } from '../../src/operators/api-keys.ts';
import { takeTestMail } from '../../src/operators/test-mails.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createCloser } from '../../src/service/closer.ts';
import { startTestMails } from '../../src/service/open-test-mails.ts';
import { createMailer } from '../../src/smtp/mailer.ts';
import { addSuppression } from '../../src/subscribers/suppressions/suppression-store.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { type Console, openConsole } from './admin-browser.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let catcher: SmtpCatcher;
let ada: Console;
let grace: Console;
beforeAll(async () => {
  [app, catcher] = await Promise.all([startApp(), startSmtpCatcher()]);
  ada = await openConsole(app, 'ada', 'operator');
  grace = await openConsole(app, 'grace', 'viewer');
});
afterAll(async () => {
  await app?.stop();
  await catcher?.close();
});
beforeEach(async () => {
  catcher.behave(() => null);
  await app.db.spentBudget.deleteMany();
});

/** A worker's part in it. */
async function withWorker<Result>(work: () => Promise<Result>): Promise<Result> {
  const closer = createCloser();
  const env = {
    SMTP_URL: `${catcher.smtpUrl}?tls=optional`,
    BASE_URL: 'https://papers.example.org',
    SECRET_KEY: 'a secret for tests that is long enough',
    MAIL_FROM: 'digest@papers.example.org',
  };
  const mailer = createMailer({
    smtpUrl: catcher.smtpUrl,
    connections: 1,
    tls: 'optional',
    ehloName: 'localhost',
  });
  closer.add(() => mailer.close());
  const { db, clock } = app;
  const log = createLogger('silent');
  startTestMails({ config: readConfig(env), db, mailer, now: () => clock.now, log, everyMs: 30 }, closer);
  return work().finally(() => closer.close());
}

const ask = (email: string, by = ada) => by.post('/do/mail-test', { email, back: '/mail' });

test('it leaves as a digest does, and the page and the log have what the server said, without the address', async () => {
  const { done, html } = await withWorker(() => ask('me@example.org'));
  expect(done).toMatch(/^accepted: 250/);
  const mail = await catcher.parse(catcher.mails.at(-1));
  expect(mail.subject).toBe('Test mail of Paperround');
  expect(mail.headerLines.map(({ key }) => key)).toContain('list-unsubscribe');
  expect(html).toContain('>example.org<');
  const line = '550 5.1.1 <me@example.org> unknown here';
  catcher.behave((stage) => (stage === 'RCPT' ? { type: 'reply', line } : null));
  const refused = await withWorker(() => ask('me@example.org'));
  expect(refused.done).toMatch(/^refused: 550 5\.1\.1 .* unknown here/);
  expect((await ada.get('/audit')).html).not.toContain('me@example.org');
  expect(await app.db.testMail.count({ where: { email: { not: null } } })).toBe(0);
  expect(await app.db.auditEntry.findFirst({ orderBy: { id: 'desc' } })).toMatchObject({
    adminName: 'ada',
    action: 'mail-test',
    target: 'an address at example.org',
  });
});

test('an address that is none, or is suppressed, is refused in words; a viewer cannot ask', async () => {
  const { db, clock } = app;
  await addSuppression(db, { email: 'no@example.org', cause: 'operator', reason: 'x', now: clock.now });
  expect((await ask('nobody')).done).toBe('Not done. email: That is not a mail address.');
  expect((await ask('no@example.org')).done).toMatch(/^Not done. The address is suppressed/);
  expect((await ask('me@example.org', grace)).status).toBe(403);
  expect((await grace.get('/mail')).html).not.toContain('mail-test');
  expect(await takeTestMail(db, clock.now)).toBeNull();
});

test('what is suppressed after it was asked for is not sent', async () => {
  const { db, clock } = app;
  await db.testMail.create({
    data: { email: 'no@example.org', domain: 'example.org', askedBy: 'ada', askedAt: clock.now },
  });
  const before = catcher.mails.length;
  const { done } = await withWorker(() => ask('me@example.org'));
  expect(done).toMatch(/^accepted/);
  expect(catcher.mails.length).toBe(before + 1);
  expect((await ada.get('/mail')).html).toContain('the address is suppressed');
});

test('one worker takes it, once; what waited for long is given up', async () => {
  const { db, clock } = app;
  await db.testMail.create({
    data: { email: 'a@b.example', domain: 'b.example', askedBy: 'ada', askedAt: clock.now },
  });
  const taken = await Promise.all([takeTestMail(db, clock.now), takeTestMail(db, clock.now)]);
  expect(taken.filter((one) => one !== null)).toMatchObject([{ email: 'a@b.example' }]);
  const askedAt = new Date(clock.now.getTime() - 11 * 60_000);
  await db.testMail.create({ data: { email: 'c@d.example', domain: 'd.example', askedBy: 'ada', askedAt } });
  expect(await takeTestMail(db, clock.now)).toBeNull();
  expect((await ada.get('/mail')).html).toContain('no worker sent it');
  const readAddresses = () =>
    db.testMail.findMany({ where: { email: { not: null } }, select: { email: true } });
  expect(await readAddresses()).toEqual([{ email: 'a@b.example' }]);
  await takeTestMail(db, new Date(clock.now.getTime() + 6 * 60_000));
  expect(await readAddresses()).toEqual([]);
});

test('each mail server is told of as its workers find it, by the page and by the API', async () => {
  const { db, clock } = app;
  const key = await createKey(db, {
    name: 'watch',
    scopes: ['mail:read'],
    expiresAt: null,
    createdBy: 'tests',
    now: clock.now,
  });
  const at = clock.now;
  const words = '421 4.7.0 <script>too many connections';
  const told = { name: 'mx.example.org', seenAt: at, configured: 5, perSecond: 3, windows: [] };
  await db.serverReport.createMany({
    data: [
      { ...told, server: 'mx.example.org', worker: 'one', open: 2, held: 2, lastAcceptedAt: at },
      {
        ...told,
        server: 'mx.example.org',
        worker: 'two',
        open: 0,
        held: 2,
        pausedSince: at,
        pausedUntil: new Date(at.getTime() + 60_000),
        lastError: words,
        lastErrorAt: at,
        remedy: 'Ask for more connections; `mail check` tells how many',
      },
    ],
  });
  const { html } = await ada.get('/mail');
  for (const part of [
    'paused',
    '2, 1 of them leave it alone',
    '&lt;script&gt;',
    'Ask for more connections; <code>mail check</code> tells',
    '3 in a second',
  ])
    expect(html).toContain(part);
  expect((await ada.get('')).html).toContain('mx.example.org is left alone for now: 421');
  const answer = await app.request('/api/v1/mail/servers', {
    headers: { Authorization: `Bearer ${key}` },
  });
  expect(await answer.json()).toMatchObject({
    servers: [{ condition: 'paused', workers: { alive: 2, paused: 1 }, lastError: words }],
  });
});

test('when the last worker has ended, today says so', async () => {
  const { db, clock } = app;
  const told = { name: 'mx.example.org', server: 'mx.example.org', configured: 5, open: 0, held: 5 };
  await db.serverReport.deleteMany();
  const report = { ...told, worker: 'one', windows: [], seenAt: clock.now };
  await db.serverReport.create({ data: report });
  expect((await ada.get('')).html).not.toContain('No worker runs');
  await db.serverReport.updateMany({ data: { seenAt: new Date(clock.now.getTime() - 60_000) } });
  expect((await ada.get('')).html).toContain('No worker runs');
});

test('by the API it is asked for and looked up; so many an hour are enough, for a key as for an administrator', async () => {
  const { db, clock } = app;
  const scopes = ['mail:read' as const, 'mail:write' as const];
  const key = await createKey(db, {
    name: 'probe',
    scopes,
    createdBy: 'ada',
    expiresAt: null,
    now: clock.now,
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const post = (email: string) =>
    app.request('/api/v1/mail/tests', { method: 'POST', headers, body: JSON.stringify({ email }) });
  expect((await post('no@example.org')).status).toBe(409);
  const { id } = (await (await post('me@example.org')).json()) as { id: string };
  const show = async () => (await app.request(`/api/v1/mail/tests/${id}`, { headers })).json();
  expect(await show()).toMatchObject({ state: 'waiting', domain: 'example.org', outcome: null });
  await withWorker(() =>
    expect.poll(show, { timeout: 8000 }).toMatchObject({ state: 'over', outcome: 'accepted' }),
  );
  for (let sent = 1; sent < 10; sent += 1) expect((await post('me@example.org')).status).toBe(202);
  expect((await post('me@example.org')).status).toBe(429);
  await db.testMail.deleteMany();
});
