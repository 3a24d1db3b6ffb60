import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTokenSigner } from '../../src/platform/keys/tokens.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const day = 24 * 60 * 60 * 1000;
const pages = ['confirm', 'preferences', 'unsubscribe'] as const;

/** What the link in a mail would be signed with. */
const signFor = async (purpose: (typeof pages)[number], subscriber: Subscriber) =>
  purpose === 'confirm' ? app.signConfirm(subscriber.email) : app.signToken(purpose, subscriber);

describe.each(pages)('/%s', (purpose) => {
  test('GET and HEAD change nothing, however often', async () => {
    const subscriber = await app.addPending(`looked-${purpose}@example.org`);
    const before = await app.dump();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await app.request(`/${purpose}/${await signFor(purpose, subscriber)}`, { method });
      expect(response.status).toBe(200);
    }
    expect(await app.dump()).toBe(before);
  });

  test('is kept by no cache, told to no other site, found by no search engine, and sets no cookie', async () => {
    const subscriber = await app.addActive(`private-${purpose}@example.org`);
    const good = await signFor(purpose, subscriber);
    for (const token of [good, 'forged']) {
      const response = await app.request(`/${purpose}/${token}`);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('x-robots-tag')).toContain('noindex');
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(await response.text()).toContain('<meta name="robots" content="noindex, nofollow">');
    }
  });

  test('a token that is forged, cut, altered, of another page or of another server gets a 404 with the way out', async () => {
    const subscriber = await app.addActive(`forged-${purpose}@example.org`);
    const good = await signFor(purpose, subscriber);
    const other = purpose === 'confirm' ? 'preferences' : 'confirm';
    const stranger = createTokenSigner('another secret, also 32 characters long');
    const issuedAt = app.clock.now;
    const bad = [
      'x',
      good.slice(0, -1),
      `${good}A`,
      `${good.startsWith('A') ? 'B' : 'A'}${good.slice(1)}`,
      app.signToken(other, subscriber),
      stranger.sign({ purpose, subscriberId: subscriber.id, issuedAt }),
      encodeURIComponent('../../etc/passwd'),
      `%00${good}`,
    ];
    const before = await app.dump();
    for (const token of bad) {
      const response = await app.request(`/${purpose}/${token}`);
      expect(response.status).toBe(404);
      const html = await response.text();
      expect(html).toContain('This link does not work');
      expect(html).toContain('href="/"');
    }
    for (const token of bad) {
      const response = await app.post(`/${purpose}/${token}`, { from: 'page', topics: 'vision' });
      expect(response.status).toBe(404);
    }
    expect(await app.dump()).toBe(before);
  });

  test('a good token of somebody who was erased is told so, and changes nothing', async () => {
    const path = `/${purpose}/${app.signToken(purpose, { id: randomUUID() })}`;
    const before = await app.dump();
    const response = await app.request(path);
    expect(response.status).toBe(410);
    expect(await response.text()).toContain('There is nothing here any more');
    // Who leaves hears goodbye, whatever is known of them.
    expect((await app.post(path, { from: 'page', topics: 'vision' })).status).toBe(
      purpose === 'unsubscribe' ? 200 : 410,
    );
    expect(await app.dump()).toBe(before);
  });

  test('a broken address is the sender’s mistake, not ours', async () => {
    expect((await app.request(`/${purpose}/%E0%A4%A`)).status).toBe(400);
    // Without any token, the preferences ask where to send one.
    expect((await app.request(`/${purpose}/`)).status).toBe(purpose === 'preferences' ? 200 : 404);
  });
});

describe('confirmation', () => {
  test('the page has one button, and pressing it confirms', async () => {
    const subscriber = await app.addPending('ada@example.org', {
      topics: ['language', 'systems'],
      keywords: ['<b>"kv cache"</b>'],
      organizations: ['Example Lab'],
      excludedTopics: ['vision'],
      excludedKeywords: ['survey'],
      hour: 8,
      timeZone: 'Europe/London',
      pausedUntil: '2026-01-02',
      maxPapers: 17,
      abstracts: 'full',
    });
    const path = `/confirm/${await app.signConfirm('ada@example.org')}`;
    const html = await (await app.request(path)).text();
    expect(html.match(/<button/g)).toHaveLength(1);
    expect(html).toContain('<form method="post">');
    expect(html).toContain('ada@example.org');
    expect(html).toContain('every day at 08:00 (Europe/London)');
    const shown = /<dl class="choices">([\s\S]*?)<\/dl>/.exec(html)?.[1] ?? '';
    expect([...shown.matchAll(/<d[td][^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
      'Topics',
      'Language models',
      'Training systems',
      'Your own keywords',
      '&lt;b&gt;&quot;kv cache&quot;&lt;/b&gt;',
      'Organisations',
      'Example Lab',
      'Papers that are only like those you like, at most (0: none)',
      '2',
      'Topics you never want',
      'Computer vision',
      'Words you never want',
      'survey',
      'Papers in one digest, at most',
      '17',
      'Pause: send nothing before',
      'Friday, 2 January 2026',
      'Abstracts',
      'in full',
      'When nothing matches',
      'send nothing',
      'Language',
      'English',
    ]);

    const wakes = app.wakes.count;
    const response = await app.post(path);
    expect(response.status).toBe(200);
    const confirmed = await response.text();
    expect(confirmed).toContain('Your first digest is on its way');
    expect(await app.getSubscriber(subscriber.id)).toMatchObject({ status: 'active' });
    expect(app.wakes.count).toBe(wakes + 1);

    const [, preferences = ''] = /href="(\/preferences\/[^"]+)"/.exec(confirmed) ?? [];
    expect((await app.request(preferences)).status).toBe(200);
  });

  test('a second press says so, and promises no second digest', async () => {
    await app.addActive('twice@example.org');
    const before = await app.dump();
    const path = `/confirm/${await app.signConfirm('twice@example.org')}`;
    for (const response of [await app.request(path), await app.post(path)]) {
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('You were in already');
    }
    expect(await app.dump()).toBe(before);
  });

  test('a link of eight days ago has expired', async () => {
    const subscriber = await app.addPending('late@example.org');
    const signUp = await app.db.signUp.findFirstOrThrow({ where: { emailKey: 'late@example.org' } });
    const token = app.tokens.sign({
      purpose: 'confirm',
      subscriberId: signUp.id,
      issuedAt: new Date(app.clock.now.getTime() - 8 * day),
    });
    for (const method of ['GET', 'POST']) {
      const response = await app.request(`/confirm/${token}`, { method });
      expect(response.status).toBe(410);
      expect(await response.text()).toContain('Sign up again');
    }
    expect(await app.getSubscriber(subscriber.id)).toMatchObject({ status: 'pending' });
  });
});

describe('preferences', () => {
  test('are shown as they are', async () => {
    const subscriber = await app.addActive('grace@example.org', {
      topics: ['vision'],
      keywords: ['a OR b'],
      hour: 6,
      timeZone: 'America/New_York',
      maxPapers: 3,
    });
    const html = await (await app.request(`/preferences/${app.signToken('preferences', subscriber)}`)).text();
    expect(html).toContain('grace@example.org');
    expect(html).toMatch(/value="vision" checked/);
    expect(html).not.toMatch(/value="language" checked/);
    expect(html).toMatch(/>\na OR b<\/textarea>/);
    expect(html).toContain('<option value="6" selected>');
    expect(html).toContain('<option value="America/New_York" selected>');
    expect(html).toMatch(/name="maxPapers"[^>]*value="3"/);
  });

  test('are changed, and the page says that they were saved', async () => {
    const subscriber = await app.addActive('change@example.org');
    const path = `/preferences/${app.signToken('preferences', subscriber)}`;
    const response = await app.post(path, {
      topics: ['systems'],
      keywords: 'x y',
      'organizations[]': ['Example Lab', ' ', 'Gensyn'],
      library:
        '@misc{a, title={A {Paper}}, eprint={1706.03762}, archivePrefix={arXiv}}\r\n@misc{b, title={Another}}',
      about: 'Sparse\r\nmodels.',
      maxAlike: '0',
      excludedTopics: 'vision',
      excludedKeywords: 'survey\r\n\r\npoll OR census',
      hour: '23',
      timeZone: 'Asia/Tokyo',
      maxPapers: '50',
      daysShown: '1',
      days: ['fri', 'mon'],
      pausedUntil: '2026-01-07',
      abstracts: 'full',
      whenEmpty: 'top3',
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${path}?saved=1`);
    expect((await app.getSubscriber(subscriber.id)).preferences).toEqual({
      topics: ['systems'],
      keywords: ['x y'],
      organizations: ['Example Lab', 'Gensyn'],
      authors: [],
      library: ['A Paper [arXiv:1706.03762]', 'Another'],
      about: 'Sparse models.',
      maxAlike: 0,
      excludedTopics: ['vision'],
      excludedKeywords: ['survey', 'poll OR census'],
      hour: 23,
      timeZone: 'Asia/Tokyo',
      maxPapers: 50,
      days: ['mon', 'fri'],
      pausedUntil: '2026-01-07',
      abstracts: 'full',
      whenEmpty: 'top3',
      language: 'en',
    });
    expect(await (await app.request(`${path}?saved=1`)).text()).toContain('Saved.');
  });

  test.each<[string, Record<string, string | string[]>]>([
    ['no topic and no keyword', { topics: [], keywords: '' }],
    ['an unknown topic', { topics: 'astrology' }],
    ['the same topic chosen and excluded', { excludedTopics: 'vision' }],
    ['an excluded search that is none', { excludedKeywords: 'fine\n(' }],
    ['an organisation without a letter', { 'organizations[]': '–' }],
    ['51 papers', { maxPapers: '51' }],
    ['a library of 201 papers', { library: Array.from({ length: 201 }, (_, i) => `Paper ${i}`).join('\n') }],
    ['eleven papers that are only alike', { maxAlike: '11' }],
    ['no paper', { maxPapers: '0' }],
    ['papers in words', { maxPapers: 'ten' }],
    ['no day', { daysShown: '1' }],
    ['a day that is none', { days: ['mon', 'noday'] }],
    ['a pause that is no date', { pausedUntil: 'next week' }],
    ['a pause of years', { pausedUntil: '2030-01-01' }],
    ['abstracts of another kind', { abstracts: 'half' }],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }],
  ])('%s: the form comes back, and nothing is changed', async (_title, wrong) => {
    const subscriber = await app.addActive('careful@example.org');
    const before = await app.dump();
    const response = await app.post(`/preferences/${app.signToken('preferences', subscriber)}`, {
      topics: 'vision',
      hour: '7',
      timeZone: 'UTC',
      maxPapers: '10',
      ...wrong,
    });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('Please check the form');
    expect(await app.dump()).toBe(before);
  });

  test('a topic that is no longer offered stays with whoever follows it', async () => {
    const subscriber = await app.addActive('loyal@example.org', { topics: ['vision'] });
    await app.db.topic.create({
      data: { id: 'old', name: 'Old', description: 'Old', position: 9, retired: true },
    });
    await app.db.subscriberTopic.create({ data: { subscriberId: subscriber.id, topicId: 'old' } });
    const path = `/preferences/${app.signToken('preferences', subscriber)}`;
    expect(await (await app.request(path)).text()).toMatch(/value="old" checked/);
    expect((await app.post(path, { topics: ['vision', 'old'] })).status).toBe(303);
    expect((await app.getSubscriber(subscriber.id)).preferences.topics).toEqual(['vision', 'old']);
  });

  test('lead to the way out', async () => {
    const subscriber = await app.addActive('leaving@example.org');
    const html = await (await app.request(`/preferences/${app.signToken('preferences', subscriber)}`)).text();
    const [, unsubscribe = ''] = /href="(\/unsubscribe\/[^"]+)"/.exec(html) ?? [];
    expect(await (await app.request(unsubscribe)).text()).toContain('leaving@example.org');
  });

  test('of someone who left cannot be changed', async () => {
    const subscriber = await app.addActive('left@example.org');
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', subscriber)}`, { from: 'page' });
    const before = await app.dump();
    const path = `/preferences/${app.signToken('preferences', subscriber)}`;
    expect(await (await app.request(path)).text()).toContain('You are unsubscribed');
    expect((await app.post(path, { topics: 'vision' })).status).toBe(409);
    expect(await app.dump()).toBe(before);
  });
});
