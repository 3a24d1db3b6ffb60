// What holds at every address there is, by whatever link: looking changes nothing, and what is private stays so.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signUndo } from '../../src/subscribers/account/mail-links.ts';
import { listApiRoutes } from '../../src/web/api/api.ts';
import { askForAddress } from './collect-pages.ts';
import { fillIn, listRoutes, type Route } from './list-routes.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let routes: Route[];
/** One of every purpose, for readers of every state. */
let tokens: string[];
beforeAll(async () => {
  app = await startApp();
  routes = listRoutes(app.app);
  const pending = await app.addPending('pending@example.org');
  const ada = await app.addActive('ada@example.org', { keywords: ['camera'] });
  const left = await app.addActive('left@example.org');
  await app.post(`/unsubscribe/${app.signToken('unsubscribe', left)}`, { from: 'page' });
  const { change, keep } = await askForAddress(app, ada, 'ada@example.net');
  const { view, vote } = await app.sendDigest(ada);
  await app.post(`${vote}/papers/2`, { wish: 'more' });
  tokens = [
    await app.signConfirm(pending.email),
    app.signToken('preferences', ada),
    app.signToken('account', ada),
    app.signToken('no-mail', ada),
    app.signToken('preferences', left),
    app.signToken('unsubscribe', ada),
    app.signToken('feed', ada),
    signUndo(app.tokens, await app.getSubscriber(left.id)) ?? '',
    change.split('/')[2] ?? '',
    ...[keep, view, vote].map((path) => path.split('/')[2] ?? ''),
  ];
});
afterAll(() => app?.stop());

/** Every row of every table with the transaction that wrote it, and every counter. */
async function dumpAll(): Promise<string> {
  const tables = await app.db.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  expect(tables.length).toBeGreaterThan(15);
  const dumps: unknown[] = [];
  for (const { name } of tables)
    dumps.push(
      name,
      await app.db.$queryRawUnsafe(`SELECT xmin::text, t::text FROM ${name} t ORDER BY t::text`),
    );
  dumps.push(
    await app.db.$queryRaw`SELECT sequencename::text, last_value::text FROM pg_sequences ORDER BY 1`,
  );
  return JSON.stringify(dumps);
}

const valuesFor = () => ({
  token: tokens,
  id: ['vision'],
  seq: ['2'],
  wish: ['more', 'fewer'],
  date: ['2025-12-12'],
  edition: ['2025-12-12'],
  day: ['2025-12-12'],
  action: ['reader-erase'],
  format: ['atom', 'json'],
  form: ['bib', 'ris'],
  file: ['styles.css'],
});

/** The API refuses what it does not know; a page is asked with all that a form of ours could hold. */
function queriesFor(path: string): string[] {
  if (path.startsWith('/api/v1/subscription')) return tokens.map((token) => `?token=${token}`);
  if (path.startsWith('/api/')) return [''];
  return ['?wish=more&from=page&List-Unsubscribe=One-Click&email=ada%40example.org&q=camera&topics=vision'];
}

test('the list of addresses is not empty: it has those of pages, feeds and the API', () => {
  const paths = routes.map(({ path }) => path);
  for (const path of [
    '/',
    '/unsubscribe/:token',
    '/feeds/mine/:token.:format',
    '/api/v1/subscription',
    '/healthz',
  ])
    expect(paths).toContain(path);
  expect(new Set(paths).size).toBeGreaterThan(35);
});

test('GET, HEAD and OPTIONS change nothing, at any address, with any token', async () => {
  const before = await dumpAll();
  const wakes = app.wakes.count;
  const opened = new Set<string>();
  for (const path of new Set(routes.map((route) => route.path))) {
    const addresses = fillIn(path, valuesFor());
    const queries = queriesFor(path);
    for (const address of addresses.flatMap((each) => queries.map((query) => each + query))) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const response = await app.request(address, { method });
        await response.arrayBuffer();
        expect(response.status, `${method} ${address}`).toBeLessThan(500);
        if (method === 'GET' && response.status === 200) opened.add(path);
      }
    }
  }
  expect(await dumpAll()).toBe(before);
  expect(app.wakes.count).toBe(wakes);
  // What can be looked at was looked at: else nothing would be proven.
  const closed = routes.filter(({ path, methods }) => methods.includes('GET') && !opened.has(path));
  // The console is not there without an administrator, nor what a key opens without one.
  const keyPaths = new Set(
    listApiRoutes().flatMap(({ path, access }) =>
      access.type === 'key' ? [`/api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`] : [],
    ),
  );
  const paths = closed
    .map(({ path }) => path)
    .filter((path) => !path.startsWith('/admin') && !keyPaths.has(path));
  expect(paths).toEqual([
    '/assets/:file',
    // Where no proof is asked for.
    '/subscribe/challenge',
    '/preview',
    '/subscribe',
    // Old mails' links go on to what they are now.
    '/digest/:token/:edition',
    '/digest/:token/papers/:seq{/:wish}',
    '/papers',
  ]);
});

test('a page with a token in its address is kept by no cache, found by no search engine, told to no other site', async () => {
  const paths = [...new Set(routes.map(({ path }) => path))].filter((path) => path.includes(':token'));
  expect(paths.length).toBeGreaterThan(12);
  for (const address of paths.flatMap((path) => fillIn(path, { ...valuesFor(), token: [...tokens, 'x'] }))) {
    for (const method of ['GET', 'POST']) {
      const isFeed = address.startsWith('/feeds/');
      // What a good token does with a POST is for the tests of each page.
      if (method === 'POST' && (isFeed || !address.includes('/x'))) continue;
      const { headers } = await app.request(address, { method });
      expect(headers.get('cache-control'), address).toMatch(isFeed ? /^(?:private|no-store)/ : /^no-store$/);
      expect(headers.get('referrer-policy'), address).toBe('no-referrer');
      expect(headers.get('x-robots-tag'), address).toBe('noindex, nofollow');
      expect(headers.get('content-encoding'), address).toBeNull();
    }
  }
});

test('everywhere nothing inline runs, no page can be framed, and no cookie is set', async () => {
  for (const address of routes.flatMap(({ path }) => fillIn(path, valuesFor()))) {
    const { headers } = await app.request(address);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, address).toContain("default-src 'none'");
    expect(policy, address).not.toContain('unsafe');
    expect(policy, address).toContain("frame-ancestors 'none'");
    expect(headers.get('set-cookie'), address).toBeNull();
  }
});
