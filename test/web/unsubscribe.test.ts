import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    rateLimits: { mails: { points: 1, seconds: 60 }, lookUps: { points: 1, seconds: 60 } },
  });
});
afterAll(() => app?.stop());

const goodbye = 'You are unsubscribed. No more digests will be sent.\n';
const oneClick = 'List-Unsubscribe=One-Click';

const formData = () => {
  const data = new FormData();
  data.set('List-Unsubscribe', 'One-Click');
  return data;
};

describe('one-click (RFC 8058)', () => {
  test.each<[string, () => RequestInit]>([
    ['URL-encoded', () => ({ body: new URLSearchParams(oneClick) })],
    ['multipart', () => ({ body: formData() })],
    ['without a content type', () => ({ body: new TextEncoder().encode(oneClick) })],
    [
      'with a broken multipart body',
      () => ({ headers: { 'content-type': 'multipart/form-data' }, body: 'nonsense' }),
    ],
    ['with an empty body', () => ({})],
    ['with a body of 100 kB', () => ({ body: 'x'.repeat(100_000) })],
  ])('%s: the reader is out at once, with a plain 200, no cookie and no redirect', async (title, init) => {
    const subscriber = await app.addActive(`${title.replace(/\W/g, '-').toLowerCase()}@example.org`);
    const path = `/unsubscribe/${app.signToken('unsubscribe', subscriber)}`;
    const response = await app.request(path, { method: 'POST', ...init() });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toBe(goodbye);
    expect(await app.getSubscriber(subscriber.id)).toMatchObject({
      status: 'unsubscribed',
      nextDigestAt: null,
    });
  });

  test('repeated, from years ago, forged or cut: always the same answer, as often as it comes', async () => {
    const subscriber = await app.addActive('again@example.org');
    const token = app.signToken('unsubscribe', subscriber);
    const old = app.tokens.sign({
      purpose: 'unsubscribe',
      subscriberId: subscriber.id,
      issuedAt: new Date('2015-01-01'),
    });
    for (const each of [token, token, old, 'forged', token.slice(0, 20), ...Array(30).fill(token)]) {
      const response = await app.post(`/unsubscribe/${each}`, oneClick);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(goodbye);
    }
    expect(await app.getSubscriber(subscriber.id)).toMatchObject({ unsubscribedAt: app.clock.now });
  });

  test('a mail program that hangs up in the middle of the body does no harm', async () => {
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST /unsubscribe/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nList-`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await app.request('/healthz')).status).toBe(200);
  });
});

describe('the page', () => {
  test('has one button, works without a script, and says goodbye', async () => {
    const subscriber = await app.addActive('ada@example.org');
    const path = `/unsubscribe/${app.signToken('unsubscribe', subscriber)}`;
    const html = await (await app.request(path)).text();
    expect(html.match(/<button/g)).toHaveLength(1);
    expect(html).not.toContain('<script');
    const [, name = '', value = ''] = /<input type="hidden" name="([^"]+)" value="([^"]+)">/.exec(html) ?? [];

    const response = await app.post(path, { [name]: value });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('Goodbye');
    expect(await app.getSubscriber(subscriber.id)).toMatchObject({ status: 'unsubscribed' });
    expect(await (await app.request(path)).text()).toContain('Goodbye');
  });

  test('a forged token gets the way out, not a goodbye', async () => {
    const response = await app.post('/unsubscribe/forged', { from: 'page' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('a person reads it');
  });
});
