// What no form of ours sends: each is the sender's mistake, told as such, and changes nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Preferences } from '../../src/subscribers/preferences/preferences.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
let ada: Subscriber;
let preferences: string;
let account: string;
let bearer: Record<string, string>;
beforeAll(async () => {
  app = await startApp();
  ada = await app.addActive('ada@example.org', { topics: ['vision'], keywords: ['camera'] });
  const { vote } = await app.sendDigest(ada);
  await app.post(`${vote}/papers/2`, { wish: 'more' });
  preferences = `/preferences/${app.signToken('preferences', ada)}`;
  account = `/account/${app.signToken('account', ada)}`;
  bearer = { authorization: `Bearer ${app.signToken('preferences', ada)}` };
});
afterAll(() => app?.stop());

const form = (path: string, body: string | Buffer) =>
  app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
const json = (method: string, path: string, body: string) =>
  app.request(path, { method, headers: { ...bearer, 'content-type': 'application/json' }, body });

const signUp = 'email=new%40example.org&topics=vision';
const tenMegabytes = 'x'.repeat(10 * 1024 * 1024);

describe('a form', () => {
  test.each<[string, number, () => Promise<Response>]>([
    ['of 10 MB', 413, () => form('/subscribe', `${signUp}&keywords=${tenMegabytes}`)],
    ['of 10 MB in the preferences', 413, () => form(preferences, `keywords=${tenMegabytes}`)],
    ['of 10 MB for another address', 413, () => form(`${account}/address`, `email=${tenMegabytes}`)],
    ['with a thousand topics', 413, () => form('/subscribe', signUp + '&topics=a'.repeat(1000))],
    ['with 250 topics', 422, () => form('/subscribe', signUp + '&topics=a'.repeat(250))],
    [
      'with a NUL in what is never wanted',
      422,
      () => form(preferences, 'topics=vision&excludedKeywords=%00'),
    ],
    ['with a NUL for a zone', 422, () => form('/subscribe', `${signUp}&timeZone=UTC%00`)],
    ['with a NUL for a topic', 422, () => form('/subscribe', `${signUp}&topics=%00`)],
    ['with a NUL for an organisation', 422, () => form('/subscribe', `${signUp}&organizations=%00`)],
    ['with a list for an hour', 422, () => form('/subscribe', `${signUp}&hour=1&hour=2`)],
    ['with a list for a zone', 422, () => form('/subscribe', `${signUp}&timeZone=UTC&timeZone=UTC`)],
    [
      'with an object for an address',
      422,
      () => form('/subscribe', 'email[a]=new%40example.org&topics=vision'),
    ],
    [
      'with a list for an address',
      422,
      () => form(`${account}/address`, 'email=a%40example.net&email=b%40example.net'),
    ],
    [
      'with a line break in an address',
      422,
      () => form(`${account}/address`, 'email=a%40example.net%0d%0aBcc%3a+b%40example.net'),
    ],
    ['with a name before an address', 422, () => form('/preferences', 'email=Ada+%3Cada%40example.org%3E')],
    [
      'with two addresses in one',
      422,
      () => form('/preferences', 'email=ada%40example.org%2Cb%40example.org'),
    ],
    [
      'with letters that look like others in an address',
      422,
      () => form('/subscribe', `email=${encodeURIComponent('аda@example.org')}&topics=vision`),
    ],
    ['that forgets what is no text', 400, () => form(`${preferences}/votes`, 'interest=a&interest=b')],
  ])('%s is answered with %d', async (_title, status, send) => {
    const before = await app.dump();
    const response = await send();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await app.dump()).toBe(before);
  });

  test('that forgets a vote about nothing there is changes nothing', async () => {
    const before = await app.dump();
    for (const interest of ['%00', 'topic:%00vision', '%ED%A0%80', `topic:${'x'.repeat(15_000)}`, '%FF'])
      expect((await form(`${preferences}/votes`, `interest=${interest}`)).status).toBe(303);
    expect(await app.dump()).toBe(before);
  });
});

describe('the API', () => {
  const base = '"email":"new@example.org","topics":["vision"]';
  test.each<[string, number, () => Promise<Response>]>([
    ['10 MB', 413, () => json('POST', '/api/v1/subscriptions', `{${base},"keywords":["${tenMegabytes}"]}`)],
    [
      'a thousand topics',
      422,
      () =>
        json(
          'POST',
          '/api/v1/subscriptions',
          JSON.stringify({ email: 'new@example.org', topics: Array(1000).fill('vision') }),
        ),
    ],
    [
      'a NUL in what is never wanted',
      422,
      () => json('PATCH', '/api/v1/subscription', '{"excludedKeywords":["\\u0000"]}'),
    ],
    [
      'half a character for an organisation',
      422,
      () => json('PATCH', '/api/v1/subscription', '{"organizations":["\\ud800"]}'),
    ],
    [
      'an object for topics',
      422,
      () => json('PATCH', '/api/v1/subscription', '{"topics":{"length":1,"0":"vision"}}'),
    ],
    [
      'an object for a topic',
      422,
      () => json('PATCH', '/api/v1/subscription', '{"topics":[{"contains":"v"}]}'),
    ],
    [
      'an object for an address',
      422,
      () => json('POST', '/api/v1/preferences-links', '{"email":{"not":""}}'),
    ],
    [
      'a list for an address',
      422,
      () =>
        app.request('/api/v1/subscription/address', {
          method: 'POST',
          headers: { authorization: `Bearer ${account.split('/')[2]}`, 'content-type': 'application/json' },
          body: '{"email":["a@example.net"]}',
        }),
    ],
    ['an hour beyond all', 422, () => json('PATCH', '/api/v1/subscription', '{"hour":1e999}')],
    [
      'depth',
      422,
      () => json('PATCH', '/api/v1/subscription', `{"topics":${'['.repeat(5000)}${']'.repeat(5000)}}`),
    ],
  ])('refuses %s with %d', async (_title, status, send) => {
    const before = await app.dump();
    const response = await send();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await app.dump()).toBe(before);
  });
});

test.each([
  ['/search?q=%00', 400],
  ['/search?q=camera%00', 200],
  ['/search?q=%FF%FE', 400],
  ['/search?q=%ED%A0%80', 400],
  ['/search?q[]=a&q[b]=c', 200],
  [`/search?q=${'a'.repeat(7000)}`, 400],
  ['/search?q=light&before=99999999999999999999', 404],
  ['/search?q=light&before=-1', 404],
  ['/topics/%00', 404],
  ['/topics/%FF', 400],
  ['/topics/vision?before=2147483648', 404],
  ['/paper/2147483648', 404],
  ['/paper/1e3', 404],
  ['/papers/2025-12-12%00', 404],
  ['/papers/0000-00-00', 404],
  ['/?lang=de%0d%0aSet-Cookie:%20a=b', 200],
  ['/?lang=de&lang=fr', 200],
  ['/preview/fragment?keywords=%00', 200],
  ['/preview/fragment?topics[a]=vision&keywords[]=b', 200],
  ['/feeds/search.atom?q=%00', 400],
  ['/feeds/topics/%00.atom', 404],
  ['/api/v1/papers?date=2025-12-12&date=2025-12-11', 400],
  ['/api/v1/papers?date[gt]=1', 400],
  ['/api/v1/papers?date=%00', 400],
])('%s is answered with %d, and sets no header of its own', async (path, status) => {
  const response = await app.request(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(app.logLines.filter((line) => line.includes('a request failed'))).toEqual([]);
});

test('control characters and halves of characters in a search count as spaces: what is wanted is stored as wanted', async () => {
  const pick = ({ keywords, excludedKeywords }: Preferences) => ({ keywords, excludedKeywords });
  const stored = async (email: string) => pick(await app.findChoices(email));
  await app.post('/subscribe', 'email=nul%40example.org&keywords=graph%00tree%0aa%07%08light');
  expect(await stored('nul@example.org')).toEqual({
    keywords: ['graph tree', 'a light'],
    excludedKeywords: [],
  });
  await json(
    'POST',
    '/api/v1/subscriptions',
    '{"email":"half@example.org","keywords":["graph\\ud800tree","\\udfff x light"]}',
  );
  expect(await stored('half@example.org')).toEqual({
    keywords: ['graph tree', 'x light'],
    excludedKeywords: [],
  });
  const changed = await json(
    'PATCH',
    '/api/v1/subscription',
    '{"keywords":["camera \\udbff","\\u0000doubt"]}',
  );
  expect(changed.status).toBe(200);
  expect(pick((await app.getSubscriber(ada.id)).preferences)).toEqual({
    keywords: ['camera', 'doubt'],
    excludedKeywords: [],
  });
});

test('one-click works with a body of 10 MB, URL-encoded and multipart', async () => {
  const data = new FormData();
  data.set('List-Unsubscribe', 'One-Click');
  data.set('more', tenMegabytes);
  for (const [name, body] of [
    ['long', `List-Unsubscribe=One-Click&x=${tenMegabytes}`],
    ['parts', data],
  ] as const) {
    const reader = await app.addActive(`${name}@example.org`);
    // The answer may come before all is sent, and the rest is then refused: what counts is that the reader is out.
    await app.request(`/unsubscribe/${app.signToken('unsubscribe', reader)}`, { method: 'POST', body }).then(
      (response) => expect(response.status).toBe(200),
      ({ cause }: Error) => expect(String(cause)).toMatch(/ECONNRESET|EPIPE/),
    );
    expect((await app.getSubscriber(reader.id)).status).toBe('unsubscribed');
  }
});
