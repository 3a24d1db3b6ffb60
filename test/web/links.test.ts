// A link opens what it says, and nothing else: every purpose's token is tried at every address that takes one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenPurpose } from '../../src/platform/keys/tokens.ts';
import { signUndo } from '../../src/subscribers/account/mail-links.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { askForAddress } from './collect-pages.ts';
import { fillIn, listRoutes } from './list-routes.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let ada: Subscriber;
let tokens: Record<TokenPurpose, string>;
beforeAll(async () => {
  app = await startApp();
  ada = await app.addActive('ada@example.org', { keywords: ['camera'] });
  const left = await app.addActive('left@example.org');
  await app.post(`/unsubscribe/${app.signToken('unsubscribe', left)}`, { from: 'page' });
  await app.addPending('pending@example.org');
  const { view, vote } = await app.sendDigest(ada);
  const { change, keep } = await askForAddress(app, ada, 'ada@example.net');
  const tokenOf = (path: string) => path.split('/')[2] ?? '';
  tokens = {
    confirm: await app.signConfirm('pending@example.org'),
    preferences: app.signToken('preferences', ada),
    account: app.signToken('account', ada),
    view: tokenOf(view),
    vote: tokenOf(vote),
    unsubscribe: app.signToken('unsubscribe', ada),
    feed: app.signToken('feed', ada),
    undo: signUndo(app.tokens, await app.getSubscriber(left.id)) ?? '',
    'confirm-address': tokenOf(change),
    'keep-address': tokenOf(keep),
    'no-mail': app.signToken('no-mail', ada),
  };
});
afterAll(() => app?.stop());

/** Which token opens what. Whatever takes a token and is not named here is a mistake. */
const doors: Record<string, TokenPurpose> = {
  '/confirm/:token': 'confirm',
  '/preferences/:token': 'preferences',
  '/preferences/:token/votes': 'preferences',
  '/preferences/:token/feed': 'preferences',
  '/preferences/:token/history': 'preferences',
  '/preferences/:token/history.:form': 'preferences',
  '/preferences/:token/account': 'preferences',
  '/preferences/:token/links': 'preferences',
  // Says that a fresh link is needed, and does nothing.
  '/preferences/:token/address': 'preferences',
  '/preferences/:token/data': 'preferences',
  '/preferences/:token/erase': 'preferences',
  '/account/:token': 'account',
  '/account/:token/address': 'account',
  '/account/:token/data': 'account',
  '/account/:token/erase': 'account',
  '/digest/:token': 'view',
  // Of mails of before: sent on to the page that shows nothing but the digest.
  '/digest/:token/:edition': 'preferences',
  '/digest/:token/papers/:seq{/:wish}': 'preferences',
  '/vote/:token': 'vote',
  '/vote/:token/papers/:seq{/:wish}': 'vote',
  '/vote/:token/papers/:seq': 'vote',
  '/address/:token': 'confirm-address',
  '/keep-address/:token': 'keep-address',
  '/unsubscribe/:token': 'unsubscribe',
  '/undo/:token': 'undo',
  '/no-mail/:token': 'no-mail',
  '/feeds/mine/:token.:format': 'feed',
  '/api/v1/subscription': 'preferences',
  '/api/v1/subscription/data': 'account',
  '/api/v1/subscription/address': 'account',
  '/api/v1/subscription/account-links': 'preferences',
  '/api/v1/subscription/links': 'preferences',
  '/api/v1/subscription/feed': 'preferences',
};

const bodies: Record<string, Record<string, string>> = {
  GET: {},
  POST: { wish: 'more', all: '1', email: 'thief@example.net', topics: 'vision', from: 'page' },
  PATCH: { abstracts: 'full' },
  DELETE: {},
};

function ask(method: string, path: string, token: string): Promise<Response> {
  if (!path.startsWith('/api/')) {
    return method === 'GET' ? app.request(path) : app.post(path, bodies[method]);
  }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const hasBody = method === 'POST' || method === 'PATCH';
  return app.request(path, {
    method,
    headers,
    ...(hasBody ? { body: JSON.stringify(bodies[method]) } : {}),
  });
}

const takesToken = (path: string) => path.includes(':token') || path.startsWith('/api/v1/subscription');

test('every address that takes a token is in the table, and no other', () => {
  const paths = listRoutes(app.app)
    .map(({ path }) => path)
    .filter((path) => takesToken(path) && path !== '/api/v1/subscriptions');
  expect([...new Set(paths)].toSorted()).toEqual(Object.keys(doors).toSorted());
});

test('a token of one purpose is refused at every door but its own, and changes nothing there', async () => {
  const routes = listRoutes(app.app).filter(({ path }) => path in doors);
  const before = await app.dump();
  let tried = 0;
  for (const { path, methods } of routes) {
    const own = doors[path];
    const wanted = methods.includes('_ALL') ? ['GET', 'POST', 'PATCH', 'DELETE'] : methods;
    for (const method of new Set(wanted.filter((each) => each in bodies))) {
      for (const [purpose, token] of Object.entries(tokens)) {
        if (purpose === own) continue;
        // A link to the web view in a mail of before: what it may is a test of its own below.
        if (path === '/digest/:token' && purpose === 'preferences') continue;
        const values = {
          token: [token],
          seq: ['2'],
          wish: ['more'],
          edition: ['2025-12-12'],
          format: ['atom'],
          form: ['bib'],
        };
        for (const address of fillIn(path, values)) {
          const response = await ask(method, address, token);
          const text = await response.text();
          const what = `${method} ${path} by ${purpose}`;
          const refusals = path.startsWith('/api/') ? [401, 403, 405] : [404];
          expect(refusals, `${what}: ${response.status}`).toContain(response.status);
          expect(text, what).not.toContain('ada@example.org');
          tried += 1;
        }
      }
    }
  }
  expect(await app.dump()).toBe(before);
  expect(tried).toBeGreaterThan(200);
});

describe('what may be passed on', () => {
  /** Of every link of a page, those with a token of some purpose. */
  const keysIn = (html: string) =>
    [...html.matchAll(/(?:href|action)="([^"]+)"/g)].flatMap(([, url = '']) =>
      Object.keys(tokens).flatMap((purpose) =>
        url
          .split(/[/?#.]/)
          .some(
            (part) =>
              app.tokens.verify({ purpose: purpose as TokenPurpose, token: part, now: app.clock.now })
                .type !== 'invalid',
          )
          ? [purpose]
          : [],
      ),
    );

  test('a digest’s web page shows its papers, and no address, no key and no button', async () => {
    const html = await (await app.request(`/digest/${tokens.view}`)).text();
    expect(html).toContain('Digest of Friday, 12 December 2025');
    expect(html).toContain('Seeing in the Dark');
    expect(html).toContain('Get a digest of your own.');
    expect(html).not.toContain('ada@');
    expect(html).not.toContain('<button');
    expect(keysIn(html)).toEqual([]);
  });

  test('nor what its reader typed: of the reasons it shows the topics', async () => {
    const reader = await app.addActive('typed@example.org');
    const { view, vote } = await app.sendDigest(
      reader,
      [1],
      [
        { topic: 'language', words: ['language models'] },
        { query: 'my own diagnosis', words: ['doubt'] },
        { organization: 'My Employer', words: [] },
      ],
    );
    const shared = await (await app.request(view)).text();
    expect(shared).toContain('<b>Language models</b>');
    for (const own of ['diagnosis', 'Employer', '<mark>Doubt']) expect(shared).not.toContain(own);
    expect(await (await app.request(vote)).text()).toContain('diagnosis');
  });

  test('the pages to vote lead to votes and to the web page only', async () => {
    for (const page of ['', '/papers/2', '/papers/2/more']) {
      const html = await (await app.request(`/vote/${tokens.vote}${page}`)).text();
      expect(html).not.toContain('ada@');
      expect(keysIn(html).length).toBeGreaterThan(0);
      expect(keysIn(html).filter((purpose) => !['vote', 'view'].includes(purpose))).toEqual([]);
    }
  });

  test('a web page is that of its own digest, whoever else has one of that day', async () => {
    const grace = await app.addActive('grace@example.org');
    const { view } = await app.sendDigest(grace, [3]);
    const html = await (await app.request(view)).text();
    expect(html).toContain('Seeing in the Dark');
    expect(html).not.toContain('Small Language Models');
    await app.db.delivery.updateMany({
      where: { subscriberId: grace.id },
      data: { state: 'planned', finishedAt: null },
    });
    expect((await app.request(view)).status).toBe(410);
    await app.db.subscriber.delete({ where: { id: grace.id } });
    expect((await app.request(view)).status).toBe(410);
  });

  test('the links of old mails go on to a page that holds no key', async () => {
    const old = tokens.preferences;
    for (const path of [`/digest/${old}`, `/digest/${old}/2025-12-12`]) {
      const response = await app.request(path);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(`/digest/${tokens.view}`);
    }
    const vote = await app.request(`/digest/${old}/papers/2/more`);
    expect(vote.headers.get('location')).toBe(`/vote/${tokens.vote}/papers/2/more`);
    for (const path of ['/2025-12-11', '/2025-02-30', '/papers/999', '/papers'])
      expect((await app.request(`/digest/${old}${path}`)).status, path).toBe(404);
  });
});

describe('what is dear', () => {
  test('is refused to the key of the preferences, with the way to a fresh link', async () => {
    const key = tokens.preferences;
    const before = await app.dump();
    for (const page of ['address', 'data', 'erase']) {
      for (const response of [
        await app.request(`/preferences/${key}/${page}`),
        await app.post(`/preferences/${key}/${page}`, { email: 'thief@example.net' }),
      ]) {
        expect(response.status).toBe(403);
        const html = await response.text();
        expect(html).toContain(`action="/preferences/${key}/account"`);
        expect(html).not.toContain('ada@');
      }
    }
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'thief@example.net' });
    for (const [method, path] of [
      ['GET', 'data'],
      ['DELETE', 'data'],
      ['POST', 'address'],
    ] as const) {
      const response = await app.request(`/api/v1/subscription/${path}`, {
        method,
        headers,
        ...(method === 'POST' ? { body } : {}),
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining('account-links') });
    }
    expect(await app.dump()).toBe(before);
  });

  test('is opened by a link that is mailed to the reader, three times a day, and works for an hour', async () => {
    const reader = await app.addActive('dear@example.org');
    const path = `/preferences/${app.signToken('preferences', reader)}/account`;
    const statuses = [];
    for (let times = 0; times < 4; times += 1) statuses.push((await app.post(path)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const where = { subscriberId: reader.id, kind: 'account_link' } as const;
    expect(await app.db.delivery.count({ where })).toBe(3);
    const account = `/account/${app.signToken('account', reader)}`;
    const html = await (await app.request(account)).text();
    for (const page of ['address', 'data', 'erase']) expect(html).toContain(`href="${account}/${page}"`);
    app.clock.now = new Date(app.clock.now.getTime() + 61 * 60_000);
    for (const page of ['', '/address', '/data', '/erase'])
      expect((await app.request(account + page)).status).toBe(410);
    expect((await app.post(`${account}/erase`)).status).toBe(410);
    app.clock.now = new Date(app.clock.now.getTime() - 61 * 60_000);
  });

  test('is asked for by who left, too; old links alone give nothing away', async () => {
    const reader = await app.addActive('left-dear@example.org');
    const preferences = `/preferences/${app.signToken('preferences', reader)}`;
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', reader)}`);
    expect((await app.request(`${preferences}/data`)).status).toBe(403);
    expect(await (await app.request(preferences)).text()).toContain(`action="${preferences}/account"`);
    expect((await app.post(`${preferences}/account`)).status).toBe(200);
    const data = await app.request(`/account/${app.signToken('account', reader)}/data`);
    expect(await data.json()).toMatchObject({ subscriber: { status: 'unsubscribed' } });
  });
});

test('an old link of who left opens nothing but the way back: by the API as on the pages', async () => {
  const reader = await app.addActive('left-old@example.org');
  await app.db.subscriber.update({ where: { id: reader.id }, data: { organizations: ['Kept Lab'] } });
  const token = app.signToken('preferences', reader);
  await app.post(`/unsubscribe/${app.signToken('unsubscribe', reader)}`);
  const before = await app.dump();
  const ask = (method: string, path: string) =>
    app.request(`/api/v1/subscription${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'PATCH' ? { body: '{"hour":3}' } : {}),
    });
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['GET', '/feed'],
    ['POST', '/feed'],
    ['POST', '/links'],
  ] as const) {
    const response = await ask(method, path);
    expect(response.status, `${method} ${path}`).toBe(409);
    expect(await response.text(), `${method} ${path}`).not.toMatch(/left-old|Kept Lab/);
  }
  const page = `/preferences/${token}`;
  for (const path of ['', '/history']) {
    const html = await (await app.request(page + path)).text();
    expect(html).not.toMatch(/left-old|Kept Lab/);
  }
  for (const path of ['', '/votes', '/feed', '/links'])
    expect((await app.post(page + path)).status, path).toBe(409);
  expect(await app.dump()).toBe(before);
  expect((await ask('DELETE', '')).status).toBe(204);
  expect((await ask('POST', '/account-links')).status).toBe(202);
});

test('one button closes all older links but those to leave, and the reader stays on a fresh one', async () => {
  const reader = await app.addActive('closes@example.org');
  const { view, vote } = await app.sendDigest(reader);
  const old = `/preferences/${app.signToken('preferences', reader)}`;
  const account = `/account/${app.signToken('account', reader)}`;
  const feed = /\/feeds\/mine\/[^"]+\.atom/.exec(await (await app.request(old)).text())?.[0] ?? '';
  expect((await app.request(feed)).status).toBe(200);
  const closed = await app.post(`${old}/links`);
  const fresh = closed.headers.get('location') ?? '';
  expect(await (await app.request(fresh)).text()).toContain('Older links do not work any more.');
  for (const path of [old, view, vote, account, feed, `/digest/${old.split('/')[2]}`]) {
    const response = await app.request(path);
    expect(response.status, path).toBe(410);
    expect(await response.text()).toContain('href="/preferences">Send me my preferences link');
  }
  const headers = { authorization: `Bearer ${old.split('/')[2]}` };
  expect((await app.request('/api/v1/subscription', { headers })).status).toBe(401);
  const out = `/unsubscribe/${app.signToken('unsubscribe', reader)}`;
  expect((await app.request(out)).status).toBe(200);
  expect((await app.post(out, 'List-Unsubscribe=One-Click')).status).toBe(200);
  expect(await app.getSubscriber(reader.id)).toMatchObject({ status: 'unsubscribed' });
});
