import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importListing } from '../../../src/papers/import-listing.ts';
import type { Subscriber } from '../../../src/subscribers/subscriber.ts';
import { startApp, type TestApp } from '../start-app.ts';
import { readAtom } from './check-atom.ts';
import { readJsonFeed } from './check-json-feed.ts';

const site = 'http://papers.example.org';

let app: TestApp;
let ada: Subscriber;
let mine: string;
beforeAll(async () => {
  app = await startApp();
  ada = await app.addActive('ada@example.org', {
    topics: ['vision'],
    keywords: ['graph'],
    excludedKeywords: ['quotes'],
  });
  // In the listings nothing is held back: every paper counts as looked at.
  await app.db.paper.updateMany({ data: { topicsVersion: 'test' } });
  mine = `/feeds/mine/${app.signToken('feed', ada)}`;
});
afterAll(() => app?.stop());

const getText = async (path: string) => (await app.request(path)).text();
const getAtom = async (path: string) => readAtom(await getText(path));

describe('every feed', () => {
  const names = () => ['/feeds/all', '/feeds/topics/vision', '/feeds/topics/systems', '/feeds/search', mine];
  const address = (name: string, format: string) =>
    `${name}.${format}${name.endsWith('search') ? '?q=doubt+OR+%22light%22' : ''}`;

  test('is Atom as RFC 4287 asks for, and JSON Feed 1.1, with the same papers', async () => {
    for (const name of names()) {
      const atom = await app.request(address(name, 'atom'));
      expect(atom.headers.get('content-type'), name).toBe('application/atom+xml; charset=utf-8');
      const read = readAtom(await atom.text());
      expect(read.problems, name).toEqual([]);
      expect(read.self, name).toBe(site + address(name, 'atom'));
      const json = await app.request(address(name, 'json'));
      expect(json.headers.get('content-type'), name).toBe('application/feed+json; charset=utf-8');
      const feed = readJsonFeed(await json.text());
      expect(feed.feed_url, name).toBe(site + address(name, 'json'));
      expect(
        feed.items.map(({ id }) => id),
        name,
      ).toEqual(read.entries.map(({ id }) => id));
      expect(
        feed.items.map(({ title }) => title),
        name,
      ).toEqual(read.entries.map(({ title }) => title));
      expect(feed.title, name).toBe(read.title);
    }
  });

  test('answers 304 to who has it, and has no cookie', async () => {
    for (const name of names()) {
      const path = address(name, 'atom');
      const first = await app.request(path);
      const etag = first.headers.get('etag') ?? '';
      expect(etag, name).not.toBe('');
      expect(Date.parse(first.headers.get('last-modified') ?? ''), name).toBeGreaterThan(0);
      expect(first.headers.get('cache-control'), name).toMatch(/^(?:public|private), max-age=900$/);
      expect(first.headers.get('set-cookie'), name).toBeNull();
      const again = await app.request(path, { headers: { 'If-None-Match': etag } });
      expect(again.status, name).toBe(304);
      expect(await again.text(), name).toBe('');
      expect((await app.request(path, { headers: { 'If-None-Match': '"other"' } })).status, name).toBe(200);
    }
  });
});

describe('the feed of all papers', () => {
  test('has every paper under an address that stays, mended and safe', async () => {
    const { entries, title } = await getAtom('/feeds/all.atom');
    expect(title).toBe('Paperround · All papers');
    expect(entries.map(({ id }) => id)).toEqual([4, 3, 2, 1].map((seq) => `${site}/paper/${seq}`));
    const [hostile, , doubt] = entries;
    expect(hostile?.title).toBe('<img src=x onerror=alert(1)> & "quotes" txet desrever');
    expect(hostile?.content).not.toMatch(/<(?:script|img)|javascript:/);
    expect(hostile?.content).toContain('&#60;script&#62;');
    expect(doubt).toMatchObject({ author: 'Example Lab', categories: ['Language models'] });
    expect(doubt?.content).toContain('10% less');
    expect(doubt?.content).toContain('<a href="https://example.org/doubt">');
  });

  test('of a site without changes is not sent again to who says when they got it', async () => {
    const since = (await app.request('/feeds/all.atom')).headers.get('last-modified') ?? '';
    const ask = () => app.request('/feeds/all.atom', { headers: { 'If-Modified-Since': since } });
    expect((await ask()).status).toBe(304);
  });

  test('shows control characters, direction marks and halves of characters to nobody', async () => {
    const title = 'A\u0000B\u0008C \u202eD\u2066E\ufffe \ud800F <b>]]></b> &amp; \u05d0\u05d1';
    const papers = [
      {
        title: title.replaceAll('\u0000', ''),
        abstract: '<![CDATA[x]]>',
        authorsCount: 1,
        organization: '"Lab" <&>',
        publishedOn: null,
        comments: null,
        upvotes: null,
        links: ['https://example.org/?a=1&b="2"'],
      },
    ];
    await importListing({ db: app.db }, { source: 'test', date: '2025-12-13', papers });
    const { problems, entries } = await getAtom('/feeds/all.atom');
    expect(problems).toEqual([]);
    expect(entries[0]?.title).toBe('ABC DE \ufffdF <b>]]></b> & \u05d0\u05d1');
    expect(entries[0]?.author).toBe('"Lab" <&>');
    expect(readJsonFeed(await getText('/feeds/all.json')).items[0]?.title).toBe(entries[0]?.title);
    await app.db.paper.deleteMany({ where: { firstListedOn: new Date('2025-12-13') } });
    await app.db.listing.deleteMany({ where: { date: new Date('2025-12-13') } });
  });
});

describe('in another language', () => {
  test('the address says which: whatever the client prefers, and with the same ids', async () => {
    const german = await getAtom('/feeds/all.atom?lang=de');
    expect(german).toMatchObject({
      problems: [],
      title: 'Paperround · Alle Artikel',
      self: `${site}/feeds/all.atom?lang=de`,
    });
    const headers = { 'accept-language': 'de' };
    const asked = readAtom(await (await app.request('/feeds/all.atom', { headers })).text());
    expect(asked.title).toBe('Paperround · All papers');
    expect(asked.entries.map(({ id }) => id)).toEqual(german.entries.map(({ id }) => id));
    const page = await (await app.request('/search?q=light', { headers })).text();
    expect(page).toContain('href="/feeds/search.atom?q=light&amp;lang=de"');
  });
});

describe('other feeds', () => {
  test('a topic has its papers, also when it has none', async () => {
    expect((await getAtom('/feeds/topics/vision.atom')).entries.map(({ title }) => title)).toContain(
      'Seeing in the Dark',
    );
    expect((await getAtom('/feeds/topics/systems.atom')).entries).toEqual([]);
  });

  test('a query has what its search finds', async () => {
    expect((await getAtom('/feeds/search.atom?q=camera+-dark')).entries).toEqual([]);
    expect((await getAtom('/feeds/search.atom?q=camera')).entries.map(({ title }) => title)).toEqual([
      'Seeing in the Dark',
    ]);
  });

  test.each([
    ['/feeds/all.rss', 404],
    ['/feeds/all', 404],
    ['/feeds/topics/nothing.atom', 404],
    ['/feeds/search.atom', 400],
    ['/feeds/search.atom?q=%22open', 400],
    ['/feeds/search.json?q=a&q=b', 400],
    ['/feeds/mine/x.atom', 404],
  ])('%s is answered with %d', async (path, status) => {
    expect((await app.request(path)).status).toBe(status);
  });
});

describe('a reader’s own feed', () => {
  test('has what they follow, without what they never want', async () => {
    const { entries, problems } = await getAtom(`${mine}.atom`);
    expect(problems).toEqual([]);
    expect(entries.map(({ title }) => title)).toEqual(['Seeing in the Dark', 'Yesterday’s Paper']);
  });

  test('is found by nobody else: not by search engines, not in caches, not in the log', async () => {
    const response = await app.request(`${mine}.atom`);
    expect(response.headers.get('x-robots-tag')).toContain('noindex');
    expect(response.headers.get('cache-control')).toMatch(/^private/);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(app.logLines.join('')).not.toContain(app.signToken('feed', ada));
  });

  test('follows a change of wishes, also for who asks by date', async () => {
    const since = (await app.request(`${mine}.atom`)).headers.get('last-modified') ?? '';
    app.clock.now = new Date(app.clock.now.getTime() + 60_000);
    const response = await app.request(`${mine}.atom`, { headers: { 'If-Modified-Since': since } });
    expect(response.status).toBe(200);
  });

  test('only reads: its address opens no preferences, and no other token opens it', async () => {
    expect((await app.request(`/preferences/${app.signToken('feed', ada)}`)).status).toBe(404);
    expect((await app.request(`/feeds/mine/${app.signToken('preferences', ada)}.atom`)).status).toBe(404);
    const before = await app.dump();
    await app.request(`${mine}.json`);
    expect(await app.dump()).toBe(before);
  });

  test('gets a new address by a button: the old one is gone at once, and the new one has the same papers', async () => {
    const reader = await app.addActive('renews@example.org', { topics: ['vision'] });
    const preferences = `/preferences/${app.signToken('preferences', reader)}`;
    const findAddress = async (format: string) =>
      new RegExp(`<a href="(/feeds/mine/[^"]+\\.${format})"`).exec(await getText(preferences))?.[1] ?? '';
    const old = [await findAddress('atom'), await findAddress('json')];
    for (const path of old) expect((await app.request(path)).status).toBe(200);
    const { entries } = await getAtom(old[0] ?? '');

    const html = await getText(preferences);
    const [, action = ''] = /<form method="post" action="([^"]+\/feed)">/.exec(html) ?? [];
    const response = await app.post(action);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${preferences}?renewed=1#feed`);
    expect(await getText(`${preferences}?renewed=1`)).toContain('Your feed has a new address.');
    for (const path of old) {
      const gone = await app.request(path, { headers: { 'If-None-Match': '*' } });
      expect(gone.status).toBe(410);
      expect(await gone.text()).toContain('Copy the address of your feed again');
    }
    expect(await findAddress('atom')).not.toBe(old[0]);
    expect((await getAtom(await findAddress('atom'))).entries).toEqual(entries);
    expect((await app.request(await findAddress('json'))).status).toBe(200);
  });

  test('has one address at a time, however fast new ones are made, and keeps it through all else', async () => {
    const reader = await app.addActive('hasty@example.org');
    const preferences = `/preferences/${app.signToken('preferences', reader)}`;
    const findAddress = async () => /\/feeds\/mine\/[^"]+\.atom/.exec(await getText(preferences))?.[0] ?? '';
    const made = [await findAddress()];
    for (let times = 0; times < 3; times += 1) {
      await app.post(`${preferences}/feed`);
      made.push(await findAddress());
    }
    await Promise.all([1, 2, 3].map(() => app.post(`${preferences}/feed`)));
    made.push(await findAddress());
    expect(new Set(made).size).toBe(made.length);
    await app.post(preferences, { topics: 'vision' });
    const statuses = [];
    for (const path of made) statuses.push((await app.request(path)).status);
    expect(statuses).toEqual([...made.slice(1).map(() => 410), 200]);
  });

  test('by the API has its addresses, and new ones', async () => {
    const reader = await app.addActive('program@example.org', { language: 'de' });
    const headers = { authorization: `Bearer ${app.signToken('preferences', reader)}` };
    const ask = async (method: string) => {
      const response = await app.request('/api/v1/subscription/feed', { method, headers });
      return { status: response.status, feed: JSON.parse(await response.text()) };
    };
    const before = await ask('GET');
    expect(before).toMatchObject({
      status: 200,
      feed: {
        atom: expect.stringMatching(/^http:\/\/papers\.example\.org\/feeds\/mine\/.+\.atom\?lang=de$/),
      },
    });
    const after = await ask('POST');
    expect(after.status).toBe(200);
    expect(await ask('GET')).toEqual(after);
    const open = async ({ feed }: typeof before) => (await app.request(feed.json.slice(site.length))).status;
    expect([await open(before), await open(after)]).toEqual([410, 200]);
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', reader)}`, { from: 'page' });
    expect([(await ask('GET')).status, (await ask('POST')).status]).toEqual([409, 409]);
    const stranger = await app.request('/api/v1/subscription/feed', { method: 'POST' });
    expect(stranger.status).toBe(401);
  });

  test('is gone once they left', async () => {
    const grace = await app.addActive('grace@example.org');
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', grace)}`, { from: 'page' });
    expect((await app.request(`/feeds/mine/${app.signToken('feed', grace)}.atom`)).status).toBe(410);
  });
});

describe('pages name their feeds', () => {
  test.each([
    ['/', '/feeds/all'],
    ['/papers/2025-12-12', '/feeds/all'],
    ['/topics/vision', '/feeds/topics/vision'],
  ])('%s', async (path, feed) => {
    const html = await getText(path);
    expect(html).toMatch(
      new RegExp(`<link rel="alternate" type="application/atom\\+xml" title="[^"]+" href="${feed}.atom">`),
    );
    expect(html).toMatch(
      new RegExp(`<link rel="alternate" type="application/feed\\+json" title="[^"]+" href="${feed}.json">`),
    );
  });

  test('a search has the feed of its query', async () => {
    expect(await getText('/search?q=light')).toContain('href="/feeds/search.atom?q=light"');
  });
});
