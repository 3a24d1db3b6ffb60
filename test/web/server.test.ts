// What holds for every address: headers, caching, limits, logs, health.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let limited: TestApp;
beforeAll(async () => {
  app = await startApp();
  limited = await startApp({
    baseUrl: 'https://example.org/paperround',
    brokenDatabase: true,
    rateLimits: { mails: { points: 2, seconds: 60 }, lookUps: { points: 2, seconds: 60 } },
  });
});
afterAll(() => Promise.all([app?.stop(), limited?.stop()]));

describe('headers', () => {
  test.each(['/', '/papers/2025-12-12', '/nothing', '/api/v1/topics', '/confirm/x'])(
    '%s is guarded and sets no cookie',
    async (path) => {
      const { headers } = await app.request(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('set-cookie')).toBeNull();
    },
  );

  test('https is insisted on where the site has it, and only there', async () => {
    const plain = await app.request('/');
    expect(plain.headers.get('strict-transport-security')).toBeNull();
    const secure = await limited.request('/');
    expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/);
    expect(secure.headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  });

  test('a site under a path links under that path', async () => {
    const html = await (await limited.request('/')).text();
    expect(html).toContain('action="/paperround/subscribe"');
    expect(html).toContain('href="/paperround/papers/2025-12-12"');
    expect(html).toMatch(/href="\/paperround\/assets\/styles\.[0-9a-f]{10}\.css"/);
  });
});

describe('assets', () => {
  test('are named by their content, kept forever and compressed', async () => {
    const html = await (await app.request('/')).text();
    const paths = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      const response = await app.request(path, { headers: { 'accept-encoding': 'br' } });
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('content-encoding')).toBe('br');
      expect((await response.text()).length).toBeGreaterThan(100);
      const plain = await app.request(path, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
    }
  });

  test.each(['/assets/styles.css', '/assets/..%2f..%2fpackage.json', '/assets/'])(
    '%s is not there',
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );
});

describe('limits', () => {
  test('too many sign-ups from one address are told to wait; the form and the API share one budget', async () => {
    const before = await limited.dump();
    const statuses = [];
    for (let times = 0; times < 3; times++)
      statuses.push((await limited.post('/subscribe', { email: 'x' })).status);
    expect(statuses).toEqual([422, 422, 429]);
    const refused = await limited.post('/subscribe', { email: 'x' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toContain('Wait a few minutes');

    const post = () => limited.request('/api/v1/subscriptions', { method: 'POST' });
    const answers = [await post(), await post(), await post()];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429]);
    expect(answers[0]?.headers.get('content-type')).toContain('application/problem+json');
    expect(await limited.dump()).toBe(before);
  });

  test('so are too many previews', async () => {
    const statuses = [];
    for (let times = 0; times < 3; times++)
      statuses.push((await limited.request('/preview/fragment?topics=vision')).status);
    expect(statuses).toEqual([200, 200, 429]);
    // A front page with choices in its address counts as one; without any it never does.
    expect((await limited.request('/?topics=vision')).status).toBe(429);
    expect((await limited.request('/?lang=de')).status).toBe(200);
  });
});

describe('pages for mistakes', () => {
  test('an unknown address is a 404 page with the way on', async () => {
    const response = await app.request('/wp-admin/setup.php');
    expect(response.status).toBe(404);
    const html = await response.text();
    expect(html).toContain('There is no such page');
    expect(html).toContain('href="/"');
  });

  test('a failure of ours is a 500 page without details, and one log line with them', async () => {
    await app.db.$executeRaw`ALTER TABLE listing RENAME TO listing_away`;
    const response = await app.request('/');
    await app.db.$executeRaw`ALTER TABLE listing_away RENAME TO listing`;
    expect(response.status).toBe(500);
    const html = await response.text();
    expect(html).toContain('Something broke on our side');
    expect(html).not.toMatch(/prisma|relation|node_modules/i);
    expect(app.logLines.filter((line) => line.includes('a request failed'))).toHaveLength(1);
  });
});

describe('/healthz', () => {
  test('is ok while the database answers', async () => {
    const response = await app.request('/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  test('is a 503 when it does not', async () => {
    expect((await limited.request('/healthz')).status).toBe(503);
  });
});

describe('the log', () => {
  test('has a line a request, without tokens, addresses or queries', async () => {
    const subscriber = await app.addActive('ada@example.org');
    const token = app.signToken('preferences', subscriber);
    app.logLines.length = 0;
    await app.request(`/preferences/${token}`);
    await app.request(`/PREFERENCES/${token}`);
    await app.request(`/x/${token}`);
    await app.request(`/api/v1/subscription?token=${token}`);
    await app.request('/api/v1/subscription', { headers: { authorization: `Bearer ${token}` } });
    await app.request(`/unsubscribe/${app.signToken('unsubscribe', subscriber)}`, { method: 'POST' });
    await app.request('/ada@example.org');
    await app.post('/subscribe', { email: 'ada@example.org', topics: 'vision' });
    expect(app.logLines).toHaveLength(8);
    const log = app.logLines.join('');
    expect(log).not.toContain(token.slice(0, 20));
    expect(log).not.toContain('ada');
    expect(JSON.parse(app.logLines[0] ?? '')).toMatchObject({
      msg: 'request',
      req: { method: 'GET', path: '/preferences/…' },
      res: { status: 200 },
      responseTime: expect.any(Number),
    });
  });
});
