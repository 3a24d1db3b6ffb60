import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStamps } from '../../src/platform/keys/stamps.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const ada = {
  email: 'ada@example.org',
  topics: ['language', 'systems'],
  keywords: '"graph transformer"\r\n\r\n doubt ',
  hour: '8',
  timeZone: 'Europe/London',
};

describe('the sign-up form', () => {
  test('stores what was asked for, and wakes the delivery', async () => {
    const wakes = app.wakes.count;
    const response = await app.post('/subscribe', ada);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Look in your inbox');
    await app.settle();
    const signUp = await app.db.signUp.findFirstOrThrow({ where: { emailKey: ada.email } });
    expect(signUp).toMatchObject({
      door: 'form',
      words: expect.stringMatching(/^en [0-9a-f]{16}$/),
      source: expect.stringMatching(/^[\w-]{22}$/),
      choices: {
        topics: ['language', 'systems'],
        keywords: ['"graph transformer"', 'doubt'],
        hour: 8,
        timeZone: 'Europe/London',
        maxPapers: 10,
        language: 'en',
      },
    });
    expect(await app.getSubscriber(signUp.subscriberId ?? '')).toMatchObject({ status: 'pending' });
    expect(app.wakes.count).toBe(wakes + 1);
  });

  test('gives a new, a waiting, a known and a suppressed address the same answer, byte by byte', async () => {
    await app.addPending('alan@example.org');
    await app.addActive('grace@example.org');
    await app.db.suppression.create({ data: { emailKey: 'gone@example.org', reason: 'test' } });
    const [fresh, waiting, known, suppressed] = await Promise.all(
      ['new@example.org', 'alan@example.org', 'grace@example.org', 'gone@example.org'].map(async (email) => {
        const response = await app.post('/subscribe', { email, topics: 'vision' });
        const headers = Object.fromEntries(response.headers);
        return {
          status: response.status,
          headers: { ...headers, date: '', ratelimit: '' },
          body: await response.text(),
        };
      }),
    );
    expect(waiting).toEqual(fresh);
    expect(known).toEqual(fresh);
    expect(suppressed).toEqual(fresh);
  });

  test.each<[string, Record<string, string | string[]>, string, string]>([
    ['no address', { email: '' }, 'email', 'Email address: '],
    ['an address without a domain', { email: 'ada@' }, 'email', 'is not an email address'],
    ['an address that is too long', { email: `${'a'.repeat(250)}@example.org` }, 'email', 'longer than 254'],
    [
      'a header after the address',
      { email: 'ada@example.org\r\nBcc: all@example.org' },
      'email',
      'is not an email address',
    ],
    [
      'a control character in the address',
      { email: 'a\u0000da@example.org' },
      'email',
      'is not an email address',
    ],
    ['two addresses', { email: ['one@example.org', 'two@example.org'] }, 'email', 'Email address: '],
    ['an unknown topic', { topics: ['language', 'astrology'] }, 'topics', 'There is no topic “astrology”'],
    ['nothing to follow', { topics: [], keywords: ' \n ' }, 'topics', 'Choose at least one topic'],
    ['a query that is none', { keywords: 'fine\n"never closed' }, 'keywords', '&quot;never closed: '],
    [
      'too many queries',
      { keywords: Array.from({ length: 21 }, (_, n) => `word${n}`).join('\n') },
      'keywords',
      'At most 20',
    ],
    ['a contradiction', { excludedTopics: 'language' }, 'excludedTopics', 'both chosen and never wanted'],
    [
      'an excluded search that is none',
      { excludedKeywords: '(survey' },
      'excludedKeywords',
      '( that is never closed',
    ],
    ['an organisation that is none', { 'organizations[]': '?' }, 'organizations', 'is no name'],
    ['an hour that is none', { hour: '24' }, 'hour', 'Hour of the day: '],
    ['an hour with words', { hour: '7 o’clock' }, 'hour', 'Hour of the day: '],
    ['a zone that is none', { timeZone: 'Europe/Atlantis' }, 'timeZone', 'is not a time zone'],
  ])(
    '%s: the form comes back with a message at its field, and nothing is stored',
    async (_title, wrong, field, message) => {
      const before = await app.dump();
      const response = await app.post('/subscribe', { ...ada, email: 'wrong@example.org', ...wrong });
      expect(response.status).toBe(422);
      const html = await response.text();
      expect(html).toContain('Please check the form');
      expect(html).toContain(`<a href="#${field}">`);
      expect(html).toMatch(
        new RegExp(`id="${field}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*${field}-problem`),
      );
      expect(html.split(`id="${field}-problem"`)[1]).toContain(message);
      expect(await app.dump()).toBe(before);
    },
  );

  test('what was typed is kept, and comes back as text', async () => {
    const response = await app.post('/subscribe', {
      ...ada,
      email: '"><script>alert(1)</script>',
      keywords: '</textarea><b>',
    });
    const html = await response.text();
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).toContain('&lt;/textarea&gt;&lt;b&gt;');
    expect(html).toMatch(/value="language" checked/);
    expect(html).not.toMatch(/value="vision" checked/);
    expect(html).toContain('<option value="8" selected>');
    expect(html).toContain('<option value="Europe/London" selected>');
  });

  describe('is guarded against programs:', () => {
    const form = (email: string, more: Record<string, string> = {}) =>
      app.post('/subscribe', { email, topics: 'vision', keywords: 'a "b"', ...more });
    const openedAgo = (ms: number) => app.stamps.issue(new Date(app.clock.now.getTime() - ms));
    const count = (emailKey: string) => app.db.signUp.count({ where: { emailKey } });

    test('the field that nobody sees is answered like any other sign-up, and stores nothing', async () => {
      const person = await (await form('person@example.org')).text();
      const program = await form('program@example.org', { homepage: 'https://example.org' });
      expect(program.status).toBe(200);
      expect(await program.text()).toBe(person);
      expect([await count('person@example.org'), await count('program@example.org')]).toEqual([1, 0]);
    });

    test('it is out of everybody’s way, and of what fills in forms by itself', async () => {
      const html = await (await app.request('/')).text();
      expect(html).toMatch(
        /<div class="trap" inert aria-hidden="true">\s*<label[^>]*>[^<]+<\/label>\s*<input id="homepage"/,
      );
      expect(html).toMatch(
        /name="homepage"[^>]* tabindex="-1" autocomplete="off" data-1p-ignore data-bwignore data-lpignore="true"/,
      );
    });

    test.each<[string, string | null]>([
      ['no stamp', null],
      ['a forged stamp', `${Date.parse('2025-12-12T09:00:00Z').toString(36)}.${'A'.repeat(22)}`],
      [
        'a stamp of another server',
        createStamps('another secret, also 32 characters long').issue(new Date(0)),
      ],
      ['a stamp of yesterday', 'old'],
      ['a stamp of tomorrow', 'early'],
    ])('%s: one more button is to be pressed, with all that was typed', async (_title, given) => {
      const stamps: Record<string, string> = {
        old: openedAgo(24 * 3_600_000),
        early: openedAgo(-24 * 3_600_000),
      };
      const email = `again-${_title.replace(/ /g, '-')}@example.org`;
      const asked = await form(email, { opened: stamps[given ?? ''] ?? given ?? '' });
      const html = await asked.text();
      expect(asked.headers.get('cache-control')).toBe('no-store');
      expect(html).toContain('One more click');
      expect(await count(email)).toBe(0);
      const fields = [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const again = Object.fromEntries(
        fields.map(([, name, value]) => [name, value?.replaceAll('&quot;', '"') ?? '']),
      );
      expect(again).toMatchObject({ email, topics: 'vision', keywords: 'a "b"' });
      expect(await (await app.post('/subscribe', again)).text()).toContain('Look in your inbox');
      expect(await count(email)).toBe(1);
    });

    test('a form that is sent within two seconds asks once more, and its stamp grows older', async () => {
      const opened = openedAgo(1999);
      const html = await (await form('quick@example.org', { opened })).text();
      expect(html).toContain(`name="opened" value="${opened}"`);
      expect(await count('quick@example.org')).toBe(0);
      await form('quick@example.org', { opened: openedAgo(2000) });
      expect(await count('quick@example.org')).toBe(1);
    });

    test('the front page is the same for everybody; the stamp is asked for, or comes with a form that was sent', async () => {
      const [one, other] = [await (await app.request('/')).text(), await (await app.request('/')).text()];
      expect(one).toBe(other);
      expect(one).toContain('name="opened" value=""');
      const asked = await app.request('/subscribe/opened');
      expect(asked.headers.get('cache-control')).toBe('no-store');
      expect(app.stamps.read(await asked.text())).not.toBeNull();
      const preview = await (await app.post('/preview', { topics: 'vision' })).text();
      const [, stamp = ''] = /name="opened" value="([^"]+)"/.exec(preview) ?? [];
      expect(app.stamps.read(stamp)).not.toBeNull();
    });

    test.each(['throwaway.example', 'a.b.throwaway.example', 'THROWAWAY.example'])(
      'an address at %s is refused with the reason, by form, API and change of address',
      async (domain) => {
        const email = `x@${domain}`;
        const before = await app.dump();
        const page = await form(email);
        expect(page.status).toBe(422);
        expect(await page.text()).toContain('“throwaway.example” gives addresses for a while only');
        const json = { 'content-type': 'application/json' };
        const body = JSON.stringify({ email, topics: ['vision'] });
        const api = await app.request('/api/v1/subscriptions', { method: 'POST', headers: json, body });
        expect(api.status).toBe(422);
        expect(await api.json()).toMatchObject({ errors: [{ path: 'email' }] });
        expect(await app.dump()).toBe(before);
        expect((await form('x@not-throwaway.example')).status).toBe(200);
      },
    );
  });

  test.each<[string, RequestInit, number]>([
    ['JSON', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(ada) }, 415],
    ['multipart without fields', { body: new FormData() }, 422],
    ['broken multipart', { headers: { 'content-type': 'multipart/form-data' }, body: 'nonsense' }, 400],
    [
      '600 kB',
      { body: new URLSearchParams({ ...ada, topics: 'language', keywords: 'x'.repeat(600_000) }) },
      413,
    ],
    ['a thousand fields', { body: new URLSearchParams('a=1&'.repeat(1000)) }, 413],
    [
      'an unknown character set',
      { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=klingon' }, body: 'email=a' },
      415,
    ],
    [
      'an unknown encoding',
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'zip' },
        body: 'email=a',
      },
      415,
    ],
    ['nothing', {}, 422],
  ])('a body that is %s is refused with a page, and nothing is stored', async (_title, init, status) => {
    const before = await app.dump();
    const response = await app.request('/subscribe', { method: 'POST', ...init });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await app.dump()).toBe(before);
  });

  test('its address alone leads to the form', async () => {
    const response = await app.request('/subscribe');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
  });
});

describe('the preview', () => {
  test('shows what matches, why, and keeps the choices, without storing anything', async () => {
    const before = await app.dump();
    const response = await app.post('/preview', {
      email: 'ada@example.org',
      topics: 'language',
      keywords: 'camera',
      hour: '9',
      timeZone: 'Asia/Tokyo',
    });
    expect(response.status).toBe(200);
    const html = await response.text();
    const preview = html.slice(html.indexOf('id="preview-body"'), html.indexOf('class="send"'));
    expect(preview).toContain('<b>2 papers</b> of Friday, 12 December 2025');
    expect(preview).toContain('Small Language <mark>Models</mark> That Admit Doubt');
    expect(preview).toContain('<b>Language models</b>: <i>models</i> in the title');
    expect(preview).toContain('<b>“camera”</b> in the abstract');
    expect(preview).not.toContain('onerror');
    expect(html).toMatch(/value="language" checked/);
    expect(html).toContain('value="ada@example.org"');
    expect(html).toContain('<option value="Asia/Tokyo" selected>');
    expect(await app.dump()).toBe(before);
  });

  test('follows organisations, and leaves out what is never wanted', async () => {
    const wanted = { topics: 'vision', 'organizations[]': ['', 'example-lab'] };
    const all = await (await app.post('/preview', wanted)).text();
    expect(all).toContain('<b>3 papers</b>');
    expect(all).toContain('<b>From an organisation you follow</b>: <i>Example Lab</i>');
    expect(all).toContain('aria-label="Organisation 1" value="example-lab"');
    expect(all).toContain('<option value="Example Lab">');
    const without = { ...wanted, excludedTopics: 'language', excludedKeywords: 'camera' };
    const few = await (await app.post('/preview', without)).text();
    expect(few).toContain('<b>1 paper</b>');
    expect(few).toMatch(/<details class="never" open>/);
    expect(few).toMatch(/name="excludedTopics" value="language" checked/);
    expect(all).not.toMatch(/<details class="never" open>/);
  });

  test('needs no address', async () => {
    const response = await app.post('/preview', { email: '', topics: 'language' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<b>1 paper</b>');
  });

  test('is there at once where an address makes the choice, as those of topics, searches and papers do', async () => {
    const linkIn = async (path: string) => {
      const html = await (await app.request(path)).text();
      return /href="(\/\?(?:topics|keywords)=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    };
    expect(await linkIn('/topics/vision')).toBe('/?topics=vision');
    expect(await linkIn('/paper/2')).toBe('/?topics=language');
    expect(await linkIn('/search?q=%22a+camera%22')).toBe('/?keywords=%22a%20camera%22');
    const html = await (await app.request('/?topics=language&topics=x&keywords=camera&lang=en')).text();
    expect(html).toContain('There is no topic “x”');
    const chosen = await (await app.request('/?topics=language&keywords=camera')).text();
    expect(chosen).toMatch(/value="language" checked/);
    expect(chosen).toMatch(/<textarea id="keywords"[^>]*>\s*camera<\/textarea>/);
    expect(chosen).toContain('<b>2 papers</b>');
    expect(chosen).toContain('data-detect');
    expect(chosen).toContain('<a href="?topics=language&amp;keywords=camera&amp;lang=de"');
  });

  test('is a fragment for the script', async () => {
    const response = await app.request(
      '/preview/fragment?topics=language&topics=vision&keywords=camera%0Adoubt',
    );
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain('<b>3 papers</b>');
    expect(html).not.toContain('<html');
  });

  test.each([
    ['nothing chosen', '', 'Tick a topic'],
    ['nothing that matches', 'topics=systems', 'No paper of Friday, 12 December 2025 matches'],
    ['a query that is none', 'keywords=%22open', 'A quotation mark is never closed'],
    ['an unknown topic', 'topics=%3Cb%3E', 'There is no topic “&lt;b&gt;”'],
  ])('%s: says so', async (_title, query, message) => {
    const response = await app.request(`/preview/fragment?${query}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(message);
  });
});
