// A sign-up where a proof of work is asked for: by whom it is taken, and who comes in without one.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Challenge } from '../../src/platform/keys/proof-of-work.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { solve, toPayload } from '../support/solve-proof.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ signUpProof: true, config: { trustProxy: 1 } });
});
beforeEach(async () => {
  await app.db.signUp.deleteMany();
});
afterAll(() => app?.stop());

let count = 0;
const nextEmail = () => `reader${++count}@example${count}.org`;

async function makeProof(): Promise<string> {
  const challenge = (await (await app.request('/subscribe/challenge')).json()) as Challenge;
  return toPayload(challenge, solve(challenge));
}

/** From a source of its own, unless one is given. */
const signUp = (altcha: string, { source = `192.0.2.${++count}`, url = app.url } = {}) =>
  fetch(`${url}/subscribe`, {
    method: 'POST',
    headers: { 'accept-language': 'en', 'x-forwarded-for': source },
    body: new URLSearchParams({
      email: nextEmail(),
      topics: 'language',
      opened: app.stamps.issue(new Date(app.clock.now.getTime() - 5000)),
      altcha,
    }),
  });

const viaApi = (body: object, source = `198.51.100.${++count}`) =>
  app.request('/api/v1/subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': source },
    body: JSON.stringify({ email: nextEmail(), topics: ['language'], ...body }),
  });

const stored = () => app.db.signUp.count();

test('with a proof any number from one source are taken, by form and API', async () => {
  for (let times = 0; times < 5; times++) {
    expect((await signUp(await makeProof(), { source: '203.0.113.1' })).status).toBe(200);
    expect((await viaApi({ altcha: await makeProof() }, '203.0.113.1')).status).toBe(202);
  }
  expect(await stored()).toBe(10);
});

test('a proof counts once, in all processes', async () => {
  const another = await app.startAnother();
  try {
    const [payload, source] = [await makeProof(), '203.0.113.2'];
    for (let times = 0; times < 3; times++) await signUp('', { source });
    expect((await signUp(payload, { source })).status).toBe(200);
    expect((await signUp(payload, { source, url: another.url })).status).toBe(429);
    expect((await viaApi({ altcha: payload }, source)).status).toBe(429);
    expect(await stored()).toBe(4);
  } finally {
    await another.stop();
  }
});

test('without one, or with a bad one, a source has three an hour, and is told what to do', async () => {
  await app.db.$executeRaw`DELETE FROM spent_budget`;
  const source = '203.0.113.3';
  for (const altcha of ['', 'nonsense', Buffer.from('{}').toString('base64')])
    expect((await signUp(altcha, { source })).status).toBe(200);
  const refused = await signUp('', { source });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
  expect(await refused.text()).toContain('JavaScript');
  const problem = await viaApi({}, source);
  expect(problem.status).toBe(429);
  expect(await problem.json()).toMatchObject({ detail: expect.stringContaining('/subscribe/challenge') });
  expect(await stored()).toBe(3);
  expect((await signUp(await makeProof(), { source })).status).toBe(200);
});

test('all sources together have thirty an hour without one', async () => {
  await app.db.$executeRaw`DELETE FROM spent_budget`;
  const answers: number[] = [];
  for (let times = 0; times < 34; times++) answers.push((await signUp('')).status);
  expect(answers.filter((status) => status === 200).length).toBeLessThanOrEqual(30);
  expect(answers.at(-1)).toBe(429);
  expect((await signUp(await makeProof())).status).toBe(200);
});

test('where none is asked for there is no challenge, and no field for it', async () => {
  const usual = await startApp();
  try {
    expect((await usual.request('/subscribe/challenge')).status).toBe(404);
    expect(await (await usual.request('/')).text()).not.toContain('altcha');
    const body = { email: 'ada@example.org', topics: ['language'], altcha: 'whatever' };
    const response = await usual.request('/api/v1/subscriptions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(202);
  } finally {
    await usual.stop();
  }
});

describeWith('chromium', 'in Chromium', () => {
  test('a person signs up, the browser solves the challenge meanwhile, and nothing is asked elsewhere', async () => {
    await app.db.$executeRaw`DELETE FROM spent_budget`;
    const browser = await launchChromium();
    try {
      const page = await (await browser.newContext()).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => request.url().startsWith(app.url) || complaints.push(request.url()));
      await page.goto(app.url);
      await page.getByRole('checkbox', { name: 'Language models' }).check();
      await page.getByLabel('Email address').fill('grace@example.org');
      await page.getByRole('button', { name: 'Subscribe' }).click();
      await page.getByRole('heading', { name: 'Look in your inbox' }).waitFor();
      expect(complaints).toEqual([]);
      expect(await stored()).toBe(1);
      // By the wide door: nothing of the narrow one is spent.
      const spent = await app.db.$queryRaw<{ key: string }[]>`SELECT key FROM spent_budget`;
      expect(spent.filter(({ key }) => key.startsWith('no-proof'))).toEqual([]);
      expect(spent.filter(({ key }) => key.startsWith('proof:'))).toHaveLength(1);
    } finally {
      await browser.close();
    }
  });
});
