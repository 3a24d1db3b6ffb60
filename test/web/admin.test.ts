// The console: who gets in, who may act, what each page shows, and what becomes of what is done there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForCodes, changePassword, createAdmin, forgetCodes } from '../../src/operators/admins.ts';
import { storeReasons } from '../../src/papers/pick-store.ts';
import { listDayRecords } from '../../src/sources/fetch-store.ts';
import { everyTwoHours, findDueDay } from '../../src/sources/timetable.ts';
import { listEndpoints } from '../../src/webhooks/endpoints.ts';
import { listMessages } from '../../src/webhooks/messages.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { startApp, type TestApp } from './start-app.ts';

const password = 'correct horse battery';
const day = '2025-12-12';

/** Nobody asks them here: a worker would. */
const stub = (id: string, name: string, isOn: boolean) => ({
  source: {
    id,
    name,
    timetable: everyTwoHours,
    collect(): never {
      throw new Error('the web server asks no source');
    },
  },
  isOn,
});
const hf = stub('hf', 'Hugging Face', true);
const arxiv = stub('arxiv', 'arXiv', false);

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ rateLimits: { logins: { points: 24, seconds: 900 } }, sources: [hf, arxiv] });
});
afterAll(() => app?.stop());

type Browser = { cookie: string };

const ask = (path: string, { cookie }: Browser) =>
  fetch(`${app.url}/admin${path}`, { redirect: 'manual', headers: { cookie } });
const send = (
  path: string,
  fields: Record<string, string>,
  { cookie }: Browser,
  headers: Record<string, string> = {},
) =>
  fetch(`${app.url}/admin${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, ...headers },
    body: new URLSearchParams(fields),
  });
const tryLogin = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  send('/login', { name: 'ada', password, ...fields }, { cookie: '' }, headers);

async function logIn(name = 'ada'): Promise<Browser> {
  const [cookie = ''] = (await tryLogin({ name })).headers.getSetCookie();
  return { cookie: cookie.split(';')[0] ?? '' };
}

/** By a button of the page at `back`, as its form sends it; what the page then says came of it. */
async function press(action: string, fields: Record<string, string>, browser: Browser, back = '') {
  const [, token = ''] =
    /name="form_token" value="([^"]+)"/.exec(await (await ask(back, browser)).text()) ?? [];
  const answer = await send(`/do/${action}`, { form_token: token, back, ...fields }, browser);
  expect(answer.status).toBe(303);
  const page = await fetch(new URL(answer.headers.get('location') ?? '', app.url), { headers: browser });
  return /class="saved" role="status">([^<]*)/.exec(await page.text())?.[1] ?? null;
}

test('there is no console before there is an administrator', async () => {
  for (const path of ['', '/login', '/readers', '/do/reader-erase'])
    expect((await ask(path, { cookie: '' })).status).toBe(404);
  expect((await tryLogin({})).status).toBe(404);
});

describe('once there are', () => {
  beforeAll(async () => {
    const { db, clock } = app;
    const now = clock.now;
    await createAdmin(db, { name: 'ada', role: 'operator', password, now });
    await createAdmin(db, { name: 'grace', role: 'viewer', password, now });
  });

  test('a name is taken once, and no password is kept as it is', async () => {
    const again = { name: 'ada', role: 'viewer' as const, password: 'another password', now: app.clock.now };
    expect(await createAdmin(app.db, again)).toBe(false);
    const { passwordHash } = await app.db.admin.findUniqueOrThrow({ where: { name: 'ada' } });
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('who is not logged in is led to the form, whatever they ask', async () => {
    for (const path of ['', '/readers', '/nothing', `/editions/${day}`]) {
      const answer = await ask(path, { cookie: `paperround-admin=${'x'.repeat(43)}` });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/login']);
    }
    expect((await send('/do/reader-erase', {}, { cookie: '' })).status).toBe(303);
  });

  test('a wrong name is answered as a wrong password is', async () => {
    const wrong = await tryLogin({ password: 'not this one' });
    const nobody = await tryLogin({ name: 'nobody' });
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    const withoutName = (html: string) => html.replace(/value="(?:ada|nobody)"/, '');
    expect(withoutName(await wrong.text())).toBe(withoutName(await nobody.text()));
    expect([...wrong.headers.getSetCookie(), ...nobody.headers.getSetCookie()]).toEqual([]);
  });

  test('the cookie is for the console alone, and no script reads it; it ends with the session', async () => {
    const [cookie = ''] = (await tryLogin({})).headers.getSetCookie();
    expect(cookie).toMatch(/; Path=\/admin; .*HttpOnly; SameSite=Strict/);
    const browser = { cookie: cookie.split(';')[0] ?? '' };
    const page = await ask('', browser);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const [, token = ''] = /name="form_token" value="([^"]+)"/.exec(await page.text()) ?? [];
    expect((await send('/logout', { form_token: token }, browser)).status).toBe(303);
    expect((await ask('', browser)).status).toBe(303);
  });

  test('a session ends when it is not used for long, and with another password', async () => {
    const browser = await logIn();
    const { now } = app.clock;
    app.clock.now = new Date(now.getTime() + 13 * 60 * 60_000);
    expect((await ask('', browser)).status).toBe(303);
    const next = await logIn();
    expect((await ask('', next)).status).toBe(200);
    await changePassword(app.db, { name: 'ada', password });
    expect((await ask('', next)).status).toBe(303);
    app.clock.now = now;
  });

  test('with one-time codes a password is not enough, and no code works twice', async () => {
    const address = await askForCodes(app.db, { name: 'grace', issuer: 'Paperround' });
    const secret = Secret.fromBase32(new URL(address ?? '').searchParams.get('secret') ?? '');
    const code = new TOTP({ secret }).generate({ timestamp: app.clock.now.getTime() });
    const without = await tryLogin({ name: 'grace' });
    expect([without.status, await without.text()]).toEqual([401, expect.stringContaining('code of your')]);
    expect((await tryLogin({ name: 'grace', code: '000000' })).status).toBe(401);
    expect((await tryLogin({ name: 'grace', code })).status).toBe(303);
    expect((await tryLogin({ name: 'grace', code })).status).toBe(401);
    await forgetCodes(app.db, 'grace');
  });

  test('a form of another site logs nobody in, and does nothing', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await tryLogin({}, elsewhere)).status).toBe(403);
    const browser = await logIn();
    const edition = { edition: day };
    expect((await send('/do/edition-pause', edition, browser)).status).toBe(403);
    expect((await send('/do/edition-pause', { ...edition, form_token: 'x' }, browser)).status).toBe(403);
    const [, token = ''] =
      /name="form_token" value="([^"]+)"/.exec(await (await ask('', browser)).text()) ?? [];
    const known = { ...edition, form_token: token };
    expect((await send('/do/edition-pause', known, browser, elsewhere)).status).toBe(403);
    expect(await app.db.editionHold.count()).toBe(0);
    expect((await send('/do/constructor', known, browser)).status).toBe(404);
  });

  test('a viewer sees every page and no button, and cannot act by any other way', async () => {
    const viewer = await logIn('grace');
    const html = await (await ask('/suppressions', viewer)).text();
    expect(html).not.toContain('/admin/do/');
    const [, token = ''] = /name="form_token" value="([^"]+)"/.exec(html) ?? [];
    const answer = await send('/do/edition-pause', { form_token: token, edition: day }, viewer);
    expect(answer.status).toBe(403);
    expect(await app.db.auditEntry.count()).toBe(0);
  });

  test('a chart says so where nothing happened, and has bars from the first digest on', async () => {
    const ada = await logIn();
    const editions = async () => (await ask('/editions', ada)).text();
    expect(await editions()).toContain('Nothing in these days.');
    const reader = await app.addActive('charted@example.org');
    const where = { subscriberId: reader.id, kind: 'digest' as const };
    await app.db.delivery.updateMany({ where, data: { state: 'accepted', finishedAt: app.clock.now } });
    expect(await editions()).toContain('<rect class="series-0"');
    await app.db.subscriber.delete({ where: { id: reader.id } });
  });

  test('an edition is paused, goes on, and what failed of it is tried again', async () => {
    const ada = await logIn();
    const reader = await app.addActive('failed@example.org');
    const where = { subscriberId: reader.id, kind: 'digest' as const };
    await app.db.delivery.updateMany({
      where,
      data: {
        state: 'rejected',
        reasonCode: 'mailbox_full',
        replyCode: 552,
        replyText: '552 <script>alert(1)</script> full',
        finishedAt: app.clock.now,
      },
    });
    const page = await (await ask(`/editions/${day}`, ada)).text();
    expect(page).toContain('mailbox full');
    expect(await press('edition-pause', { edition: day }, ada, `/editions/${day}`)).toMatch(/^Paused/);
    expect(await app.db.editionHold.count()).toBe(1);
    // It is in the list of those that are under way, and not among the days to come.
    expect(await (await ask('/editions', ada)).text()).not.toContain(`<span>${day}</span>`);
    expect(await press('edition-resume', { edition: day }, ada, `/editions/${day}`)).toBe('It goes on.');
    expect(await press('edition-retry', { edition: day }, ada, `/editions/${day}`)).toBe('1 are due now');
    const { id, finishedAt } = await app.db.delivery.findFirstOrThrow({ where });
    expect(finishedAt).toBeNull();
    // With the words of the refusal, as a try that did not end it.
    const shown = await (await ask(`/deliveries/${id}`, ada)).text();
    expect(shown).toContain('failed@example.org');
    expect(shown).toContain('Tries that did not end it');
    expect(shown).not.toContain('<script>alert');
  });

  test('an edition that was cancelled by mistake is taken back, all of it or one digest', async () => {
    const ada = await logIn();
    const day = '2025-12-12';
    const { subscriberId } = await app.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
    const cancelled = { state: 'cancelled' as const, reasonCode: 'edition_cancelled' };
    const column = new Date(`${day}T00:00:00Z`);
    const where = { subscriberId, edition: column };
    await app.db.delivery.updateMany({ where, data: { ...cancelled, finishedAt: app.clock.now } });
    const { id } = await app.db.delivery.findFirstOrThrow({ where });
    await app.db.editionHold.create({ data: { edition: column, state: 'cancelled', since: app.clock.now } });
    expect(await (await ask(`/editions/${day}`, ada)).text()).not.toContain('were cancelled');
    await press('edition-resume', { edition: day }, ada, `/editions/${day}`);
    expect(await (await ask(`/editions/${day}`, ada)).text()).toContain(
      'After all, send the 1 that were cancelled',
    );
    expect(await (await ask(`/deliveries/${id}`, ada)).text()).toContain('Send it after all');
    const takeBack = { edition: day, reason: 'edition_cancelled' };
    expect(await press('edition-retry', takeBack, ada, `/editions/${day}`)).toBe('1 are due now');
    expect(await app.db.delivery.findFirstOrThrow({ where })).toMatchObject({
      state: 'planned',
      finishedAt: null,
    });
  });

  test('a day to come is held, is in the list of editions, and goes on', async () => {
    const ada = await logIn();
    const ahead = '2025-12-19';
    expect(await (await ask('/editions', ada)).text()).not.toContain(ahead);
    expect(await press('edition-pause', { edition: ahead }, ada, '/editions')).toMatch(/^Paused/);
    const shown = await (await ask('/editions', ada)).text();
    expect(shown).toContain(`<span>${ahead}</span>`);
    expect(shown).toContain(`Let ${ahead} go on`);
    expect(await press('edition-resume', { edition: ahead }, ada, '/editions')).toBe('It goes on.');
    expect(await (await ask('/editions', ada)).text()).not.toContain(ahead);
  });

  test('what is unknown is settled only by who says so', async () => {
    const ada = await logIn();
    const reader = await app.addActive('unknown@example.org');
    const { id, day: filedUnder } = await app.db.delivery.findFirstOrThrow({
      where: { subscriberId: reader.id, kind: 'digest' },
    });
    const id_day = { id, day: filedUnder };
    await app.db.delivery.update({
      where: { id_day },
      data: { state: 'unknown', reasonCode: 'no_answer', finishedAt: app.clock.now },
    });
    expect(await (await ask('', ada)).text()).toContain('may or may not have left');
    const unsure = await press('edition-settle', { edition: day, as: 'sent' }, ada);
    expect(unsure).toMatch(/^Not done/);
    expect(await press('delivery-settle', { id: String(id), as: 'sent' }, ada)).toBe('Settled as sent.');
    expect((await app.db.delivery.findUniqueOrThrow({ where: { id_day } })).state).toBe('accepted');

    // It held nothing that could be sent once more.
    const resend = (fields: Record<string, string>) =>
      press('delivery-resend', { id: String(id), ...fields }, ada, `/deliveries/${id}`);
    expect(await resend({})).toMatch(/^Not done/);
    expect(await resend({ sure: 'yes' })).toBe('0 are due now');
    const [paper] = await app.db.paper.findMany({ take: 1 });
    const picks = await storeReasons(app.db, [{ seq: paper?.seq ?? 0, reason: null }]);
    await app.db.delivery.update({ where: { id_day }, data: { picks } });
    expect(await resend({ sure: 'yes' })).toBe('1 are due now');
    expect(await app.db.delivery.findUniqueOrThrow({ where: { id_day } })).toMatchObject({
      state: 'deferred',
      resent: true,
    });
  });

  test('readers are found, suppressed, let go on, and erased; the log names no address', async () => {
    const ada = await logIn();
    const { id } = await app.addActive('alan@example.org');
    const back = `/readers/${id}`;
    expect(await (await ask('/readers?q=alan', ada)).text()).toContain(`/admin/readers/${id}`);
    expect(await (await ask('/readers?q=@nowhere.example', ada)).text()).toContain('Nobody is like that');
    expect(await (await ask(back, ada)).text()).toContain('A digest now, for');
    expect(await press('reader-suppress', { reader: id, reason: 'asked by post' }, ada, back)).toMatch(
      /no mail/,
    );
    expect(await app.db.suppression.count({ where: { emailKey: 'alan@example.org' } })).toBe(1);
    expect(await press('reader-lift', { reader: id }, ada, back)).toBe('It gets mail again.');
    expect(await press('reader-erase', { reader: id }, ada, back)).toMatch(/^Not done/);
    await press('reader-erase', { reader: id, sure: 'yes' }, ada, back);
    expect(await app.db.subscriber.count({ where: { id } })).toBe(0);
    const log = JSON.stringify(await app.db.auditEntry.findMany(), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(log).toContain(`reader ${id}`);
    expect(log).not.toContain('alan@');
  });

  test('who is added by hand is asked by mail, or reads at once where it is kept how they agreed', async () => {
    const ada = await logIn();
    expect(await press('reader-add', { email: 'asked@example.org', evidence: '' }, ada, '/readers')).toMatch(
      /button/,
    );
    const evidence = 'a list at the workshop, 2025-12-01';
    expect(await press('reader-add', { email: 'agreed@example.org', evidence }, ada, '/readers')).toMatch(
      /from now/,
    );
    expect(await press('reader-add', { email: 'not an address', evidence }, ada, '/readers')).toMatch(
      /^Not done/,
    );
    const { status } = await app.db.subscriber.findUniqueOrThrow({
      where: { emailKey: 'agreed@example.org' },
    });
    expect(status).toBe('active');
  });

  test('a source is asked again at once, though its day was settled, and one that is off is not offered', async () => {
    const [ada, grace] = [await logIn(), await logIn('grace')];
    const record = {
      source: 'hf',
      day: new Date(day),
      startedAt: new Date(app.clock.now.getTime() - 3_600_000),
    };
    const { id } = await app.db.sourceFetch.create({
      data: { ...record, outcome: 'ok', finishedAt: record.startedAt, nextTryAt: null },
    });
    const page = await (await ask('/sources', ada)).text();
    expect(page).toContain('<option value="hf">');
    expect(page).not.toContain('<option value="arxiv">');
    expect(await (await ask('/sources', grace)).text()).not.toContain('Fetch now');
    expect(await press('source-ask', { source: 'hf' }, ada, '/sources')).toMatch(/within a minute/);
    const find = () => app.db.sourceFetch.findFirstOrThrow({ where: { id } });
    expect((await find()).nextTryAt).toEqual(app.clock.now);
    const { source } = hf;
    const records = await listDayRecords(app.db, source.id);
    expect(findDueDay(source.timetable ?? everyTwoHours, records, app.clock.now)).not.toBeNull();
    expect(await press('source-ask', { source: 'arxiv' }, ada, '/sources')).toMatch(/^Not done/);
    await app.db.sourceFetch.update({
      where: { id_startedAt: { id, startedAt: record.startedAt } },
      data: { startedAt: app.clock.now, outcome: null, finishedAt: null, nextTryAt: null },
    });
    expect(await press('source-ask', { source: 'hf' }, ada, '/sources')).toMatch(/at this moment/);
    await app.db.sourceFetch.deleteMany();
  });

  test('suppressions are lifted as a whole only where it is said which', async () => {
    const ada = await logIn();
    await press(
      'suppression-add',
      { email: 'one@full.example', reason: 'by telephone' },
      ada,
      '/suppressions',
    );
    await app.db.suppression.create({ data: { emailKey: 'two@full.example', cause: 'hard', reason: 'x' } });
    const nothing = { reason: '', domain: '', since: '', sure: 'yes' };
    expect(await press('suppression-lift', nothing, ada, '/suppressions')).toMatch(/^Not done/);
    const result = await press(
      'suppression-lift',
      { ...nothing, domain: 'full.example' },
      ada,
      '/suppressions',
    );
    expect(result).toBe(
      '1 addresses get mail again. 1 more stay: they were asked for, by hand or in a file.',
    );
  });

  test('a key to the API is shown once, and may what was ticked, until it is revoked', async () => {
    const [ada, grace] = [await logIn(), await logIn('grace')];
    const [, form_token = ''] =
      /name="form_token" value="([^"]+)"/.exec(await (await ask('/keys', ada)).text()) ?? [];
    const body = new URLSearchParams({ form_token, back: '/keys', name: 'crm', expires: '' });
    body.append('scopes', 'readers:read');
    body.append('scopes', 'service:read');
    const made = await fetch(`${app.url}/admin/do/key-create`, { method: 'POST', headers: ada, body });
    const [key = ''] = /pr_[\w-]{43}/.exec(await made.text()) ?? [];
    const use = () => app.request('/api/v1/log', { headers: { authorization: `Bearer ${key}` } });
    expect((await use()).status).toBe(200);
    const listed = await (await ask('/keys', ada)).text();
    expect(listed).toContain(key.slice(0, 9));
    expect(listed).not.toContain(key);
    expect(await (await ask('/audit', ada)).text()).not.toContain(key);
    expect(await (await ask('/keys', grace)).text()).not.toContain('key-create');
    const without = await press('key-create', { name: 'none', expires: '' }, ada, '/keys');
    expect(without).toBe('Not done. scopes: Say what it may.');
    const taken = { name: 'crm', scopes: 'readers:read', expires: '' };
    expect(await press('key-create', taken, ada, '/keys')).toMatch(/^The name is taken/);
    const over = { name: 'old', scopes: 'readers:read', expires: '2020-01-01' };
    expect(await press('key-create', over, ada, '/keys')).toMatch(/^One that ends on 2020-01-01/);
    expect(await press('key-revoke', { name: 'crm', sure: 'yes' }, ada, '/keys')).toMatch(
      /^It opens nothing/,
    );
    expect((await use()).status).toBe(401);
  });

  test('a webhook is added with a secret that is shown once, tried and enabled; each try is seen', async () => {
    const ada = await logIn();
    const fields = { url: 'https://example.org/hook', events: 'edition.done' };
    const inside = { ...fields, url: 'https://10.0.0.1/hook' };
    expect(await press('webhook-add', inside, ada, '/webhooks')).toMatch(
      /^Not done. The address is in a private/,
    );
    const [, form_token = ''] =
      /name="form_token" value="([^"]+)"/.exec(await (await ask('/webhooks', ada)).text()) ?? [];
    const made = await (
      await send('/do/webhook-add', { form_token, back: '/webhooks', ...fields }, ada)
    ).text();
    const [secret = ''] = /whsec_[\w+/=]{44}/.exec(made) ?? [];
    expect(secret).not.toBe('');
    const [endpoint] = await listEndpoints(app.db);
    const id = endpoint?.id ?? '';
    expect(await press('webhook-test', { id }, ada, '/webhooks')).toBe('A test is on its way.');
    const at = app.clock.now;
    const [message] = await listMessages(app.db, { endpointId: id, before: null, limit: 1 });
    await app.db.webhookTry.create({
      data: { messageId: message?.id ?? 0n, at, ms: 1234, status: 500, error: 'answered 500' },
    });
    const page = await (await ask('/webhooks', ada)).text();
    expect(page).toContain('answered 500 in 1,234 ms');
    expect(page + (await (await ask('/audit', ada)).text())).not.toContain(secret);
    await app.db.webhookEndpoint.update({ where: { id }, data: { disabledAt: at, disabledBecause: 'gone' } });
    expect(await (await ask('', ada)).text()).toContain('The webhook to example.org is disabled: gone');
    expect(await press('webhook-enable', { id }, ada, '/webhooks')).toMatch(/^It is told again/);
  });

  test('a page says what came of an action to whoever did it, and nothing that an address makes up', async () => {
    const [ada, grace] = [await logIn(), await logIn('grace')];
    const { id, result } = await app.db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(await (await ask(`?done=${id}`, ada)).text()).toContain(`role="status">${result}`);
    expect(await (await ask(`?done=${id}`, grace)).text()).not.toContain('role="status"');
    expect((await ask('?done=99999999999999999', ada)).status).toBe(200);
  });

  test('odd addresses are answered, never with an error of ours', async () => {
    const ada = await logIn();
    const odd = [
      '/deliveries?state=%00&before=-1&edition=2025-99-99&reason=%27&domain=%00',
      '/deliveries?before=99999999999999999999',
      '/readers?q=%25&after=%00&status=none',
      '/readers?q=a&q=b',
      '/bounces?before=1-nothing',
      '/suppressions?after=zzz',
      '/audit?before=0',
    ];
    for (const path of odd) expect((await ask(path, ada)).status, path).toBe(200);
    for (const path of [
      '/readers/x',
      '/deliveries/x',
      '/deliveries/999999999999999999',
      '/editions/x',
      '/nothing',
    ])
      expect((await ask(path, ada)).status, path).toBe(404);
  });
});

describeWith('chromium', 'on a phone and at a desk', () => {
  const isWithinSight =
    '[...document.querySelectorAll(".scroll")].every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)';
  test('axe finds nothing, and no page scrolls sideways', { timeout: 300_000 }, async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const reader = await app.addActive('shown@example.org', { keywords: ['camera'] });
    const { id } = await app.db.delivery.findFirstOrThrow({
      where: { subscriberId: reader.id, kind: 'digest' },
    });
    const putOff = {
      at: app.clock.now.toISOString(),
      state: 'deferred',
      reasonCode: 'in_trouble',
      replyCode: 451,
      replyStatus: '4.3.0',
      smtpStage: 'recipient',
      replyText:
        '451 4.3.0 mx1.receiver.example is busy, see https://receiver.example/a-page-with-a-long-address',
    };
    const failed = {
      ...putOff,
      reasonCode: 'no_connection',
      replyText: null,
      detail: 'connect ECONNREFUSED',
    };
    await app.db.delivery.updateMany({ where: { id }, data: { earlierTries: [putOff, failed] } });
    const browser = await launchChromium();
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(`${app.url}/admin/login`);
      await page.getByLabel('Name').fill('ada');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('heading', { name: 'Today' }).waitFor();
      const paths = ['/editions', `/editions/${day}`, '/deliveries', `/deliveries/${id}`, '/readers'];
      const lists = [
        '/suppressions',
        '/bounces',
        '/mail',
        '/papers',
        '/sources',
        '/topics',
        '/topics/draft',
        '/settings',
        '/keys',
        '/webhooks',
        '/audit',
      ];
      const console = ['', ...paths, `/readers/${reader.id}`, ...lists].map((path) => `/admin${path}`);
      for (const path of [...console, '/api/v1/docs']) {
        await page.goto(`${app.url}${path}`);
        await page.evaluate(`document.querySelectorAll('details').forEach((one) => { one.open = true; })`);
        await page.evaluate(axe);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          // Nothing but the colours is another in the dark.
          const options =
            colorScheme === 'light' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] };
          const violations = await page.evaluate(
            `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...options })}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join()))`,
          );
          expect(violations, `${path}, ${colorScheme}`).toEqual([]);
          for (const width of [360, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            if (process.env.SHOTS !== undefined)
              await page.screenshot({
                path: `${process.env.SHOTS}/${path.slice(1).replaceAll('/', '-')}-${width}-${colorScheme}.png`,
                fullPage: true,
              });
            expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(width);
            // On a phone no column stands outside the screen.
            if (width === 360) expect(await page.evaluate(isWithinSight), path).toBe(true);
          }
        }
      }
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

test('too many tries are over for a while', async () => {
  const tries = Array.from({ length: 27 }, () => tryLogin({ name: 'alan', password: 'guess' }));
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(24);
  expect(statuses).toContain(429);
});
