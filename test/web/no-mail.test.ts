import { afterAll, beforeAll, expect, test } from 'vitest';
import { signNoMail } from '../../src/subscribers/account/mail-links.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

test('the page of “never mail me again” needs no account, shows no address, and only its button does it', async () => {
  const token = signNoMail(app.tokens, { to: 'nobody@example.org', createdAt: new Date('2005-01-01') });
  const before = await app.dump();
  const page = await app.request(`/no-mail/${token}`);
  expect(page.status).toBe(200);
  expect(page.headers.get('cache-control')).toBe('no-store');
  const html = await page.text();
  expect(html).toContain('Never mail this address again?');
  expect(html).not.toContain('nobody@');
  expect(await app.dump()).toBe(before);

  const done = await app.post(`/no-mail/${token}`);
  expect(done.status).toBe(200);
  expect(await done.text()).toContain('We will not write to you again');
  expect(await app.db.suppression.count()).toBe(1);
  await app.post('/subscribe', { email: 'Nobody+x@example.org', topics: 'language', hour: '7' });
  await app.settle();
  expect(await app.db.delivery.count()).toBe(0);
});

test('a forged link bars nobody', async () => {
  const subscriber = await app.addActive('ada@example.org');
  for (const token of ['x', app.signToken('preferences', subscriber)]) {
    expect((await app.request(`/no-mail/${token}`)).status).toBe(404);
    expect((await app.post(`/no-mail/${token}`)).status).toBe(404);
  }
  expect(await app.db.suppression.count()).toBe(1);
});
