import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const readJson = async (response: Response) => JSON.parse(await response.text());

const toPointer = (path: string) => `#/${path.replaceAll('.', '/')}`;

/** Every error has this one shape; `errors` are the paths of the fields. */
async function readProblem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { type, title, status, detail, errors, ...rest } = await readJson(response);
  expect({ type, status, rest }).toEqual({ type: 'about:blank', status: response.status, rest: {} });
  expect(title).toEqual(expect.any(String));
  expect(detail).toMatch(/\.$/);
  for (const error of errors ?? []) {
    const { path, message, detail: same, pointer, parameter } = error;
    expect(message, 'zod’s own words').not.toMatch(/invalid|too (?:small|big)|expected/i);
    expect([same, pointer ?? parameter]).toEqual([message, pointer === undefined ? path : toPointer(path)]);
  }
  return { status, paths: (errors ?? []).map(({ path }: { path: string }) => path) };
}

describe('POST /api/v1/subscriptions', () => {
  const ada = {
    email: 'ada@example.org',
    topics: ['language'],
    keywords: ['graph OR tree'],
    hour: 8,
    timeZone: 'Europe/London',
    maxPapers: 5,
  };

  test('signs up', async () => {
    const response = await app.request('/api/v1/subscriptions', json('POST', ada));
    expect(response.status).toBe(202);
    const { email: _, ...preferences } = ada;
    expect(await app.findChoices(ada.email)).toMatchObject(preferences);
    expect(await app.db.signUp.findFirst()).toMatchObject({ door: 'api', confirmedAt: null });
  });

  test('answers the same for a new, a known and a suppressed address', async () => {
    await app.addActive('grace@example.org');
    await app.db.suppression.create({ data: { emailKey: 'gone@example.org', reason: 'test' } });
    const [fresh, known, suppressed] = await Promise.all(
      ['new@example.org', 'grace@example.org', 'gone@example.org'].map(async (email) => {
        const response = await app.request(
          '/api/v1/subscriptions',
          json('POST', { email, topics: ['vision'] }),
        );
        return { status: response.status, body: await response.text() };
      }),
    );
    expect(known).toEqual(fresh);
    expect(suppressed).toEqual(fresh);
  });

  test.each<[string, unknown, string[]]>([
    ['no fields', {}, ['email', 'topics']],
    ['a number for an address', { ...ada, email: 7 }, ['email']],
    ['an address that is too long', { ...ada, email: `${'a'.repeat(250)}@example.org` }, ['email']],
    ['a header after the address', { ...ada, email: 'ada@example.org\r\nBcc: b@example.org' }, ['email']],
    ['unknown fields', { ...ada, admin: true, frequency: 'hourly' }, ['admin', 'frequency']],
    ['an unknown topic', { ...ada, topics: ['astrology'] }, ['topics']],
    ['an hour as text', { ...ada, hour: '8' }, ['hour']],
    ['an hour and a half', { ...ada, hour: 8.5 }, ['hour']],
    ['a zone that is none', { ...ada, timeZone: 'Nowhere' }, ['timeZone']],
    ['a query that is none', { ...ada, keywords: ['fine', '('] }, ['keywords.1']],
    ['topics as text', { ...ada, topics: 'language' }, ['topics']],
    ['null', { ...ada, maxPapers: null }, ['maxPapers']],
    ['a prototype', `{"email":"a@example.org","topics":["language"],"__proto__":{"hour":3}}`, ['__proto__']],
  ])('%s: 422 with the fields by name, and nothing is stored', async (_title, body, paths) => {
    const before = await app.dump();
    const response = await app.request('/api/v1/subscriptions', json('POST', body));
    expect(await readProblem(response)).toEqual({ status: 422, paths });
    expect(await app.dump()).toBe(before);
  });

  test.each<[string, RequestInit, number]>([
    ['no body', { method: 'POST' }, 400],
    ['broken JSON', json('POST', '{"email":'), 400],
    ['a list', json('POST', '[]'), 400],
    ['a text', json('POST', '"ada"'), 400],
    ['null', json('POST', 'null'), 400],
    ['17 kB', json('POST', { email: 'x'.repeat(17_000) }), 413],
    ['a form', { method: 'POST', body: new URLSearchParams('email=a') }, 415],
    [
      'an unknown character set',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=klingon' }, body: '{}' },
      415,
    ],
  ])('a body that is %s is a problem, and nothing is stored', async (_title, init, status) => {
    const before = await app.dump();
    const response = await app.request('/api/v1/subscriptions', init);
    expect(await readProblem(response)).toEqual({ status, paths: [] });
    expect(await app.dump()).toBe(before);
  });
});

describe('/api/v1/subscription', () => {
  test('is found by the token of a preferences link, in a header or in the address', async () => {
    const subscriber = await app.addActive('reader@example.org');
    const token = app.signToken('preferences', subscriber);
    const expected = {
      email: 'reader@example.org',
      status: 'active',
      topics: ['language'],
      keywords: [],
      organizations: [],
      authors: [],
      library: [],
      about: '',
      maxAlike: 2,
      excludedTopics: [],
      excludedKeywords: [],
      hour: 7,
      timeZone: 'UTC',
      maxPapers: 10,
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      pausedUntil: null,
      abstracts: 'short',
      whenEmpty: 'nothing',
      language: 'en',
      nextDigestAt: '2025-12-13T07:00:00.000Z',
      createdAt: subscriber.createdAt.toISOString(),
      confirmedAt: '2025-12-12T10:00:00.000Z',
      unsubscribedAt: null,
    };
    for (const response of [
      await app.request('/api/v1/subscription', { headers: { authorization: `Bearer ${token}` } }),
      await app.request(`/api/v1/subscription?token=${token}`),
    ]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await readJson(response)).toEqual(expected);
    }
  });

  test.each(['GET', 'PATCH', 'DELETE'])(
    '%s without a token that is good is a 401, and changes nothing',
    async (method) => {
      const subscriber = await app.addActive('guarded@example.org');
      const good = app.signToken('preferences', subscriber);
      const before = await app.dump();
      const body = method === 'PATCH' ? json(method, { hour: 3 }) : { method };
      for (const token of ['', 'x', good.slice(1), app.signToken('unsubscribe', subscriber)]) {
        const headers = { ...body.headers, authorization: `Bearer ${token}` };
        const response = await app.request('/api/v1/subscription', { ...body, headers });
        expect(await readProblem(response)).toEqual({ status: 401, paths: [] });
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
      }
      expect(await app.dump()).toBe(before);
    },
  );

  test('PATCH changes what is named and leaves the rest', async () => {
    const subscriber = await app.addActive('patch@example.org', { topics: ['language', 'vision'] });
    const path = `/api/v1/subscription?token=${app.signToken('preferences', subscriber)}`;
    const response = await app.request(path, json('PATCH', { hour: 20, topics: ['vision'] }));
    expect(response.status).toBe(200);
    expect(await readJson(response)).toMatchObject({
      hour: 20,
      topics: ['vision'],
      timeZone: 'UTC',
      maxPapers: 10,
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      pausedUntil: null,
      abstracts: 'short',
      whenEmpty: 'nothing',
      language: 'en',
    });
    expect((await app.getSubscriber(subscriber.id)).preferences).toMatchObject({
      hour: 20,
      topics: ['vision'],
    });
  });

  test('PATCH sets organisations and what is never wanted', async () => {
    const subscriber = await app.addActive('wishes@example.org');
    const path = `/api/v1/subscription?token=${app.signToken('preferences', subscriber)}`;
    const wishes = {
      organizations: ['Example Lab'],
      excludedTopics: ['systems', 'vision'],
      excludedKeywords: ['survey OR benchmark'],
    };
    expect(await readJson(await app.request(path, json('PATCH', wishes)))).toMatchObject({
      ...wishes,
      topics: ['language'],
      excludedTopics: ['vision', 'systems'],
    });
  });

  test.each<[string, unknown, string[]]>([
    ['a topic that is both followed and excluded', { excludedTopics: ['language'] }, ['excludedTopics']],
    ['an unknown excluded topic', { excludedTopics: ['astrology'] }, ['excludedTopics']],
    ['an organisation without a letter', { organizations: ['Example Lab', '-'] }, ['organizations.1']],
    ['an excluded search that is none', { excludedKeywords: ['('] }, ['excludedKeywords.0']],
    ['an unknown field', { colour: 'red' }, ['colour']],
    ['the address', { email: 'other@example.org' }, ['email']],
    ['nothing left to follow', { topics: [] }, ['topics']],
    ['an hour that is none', { hour: -1 }, ['hour']],
  ])('PATCH of %s is refused by name, and changes nothing', async (_title, body, paths) => {
    const subscriber = await app.addActive('strict@example.org');
    const before = await app.dump();
    const path = `/api/v1/subscription?token=${app.signToken('preferences', subscriber)}`;
    expect(await readProblem(await app.request(path, json('PATCH', body)))).toEqual({ status: 422, paths });
    expect(await app.dump()).toBe(before);
  });

  test('DELETE unsubscribes, any number of times; afterwards there is nothing to change', async () => {
    const subscriber = await app.addActive('leaver@example.org');
    const path = `/api/v1/subscription?token=${app.signToken('preferences', subscriber)}`;
    for (let times = 0; times < 2; times++) {
      const response = await app.request(path, { method: 'DELETE' });
      expect(response.status).toBe(204);
      expect(await response.text()).toBe('');
    }
    expect(await app.getSubscriber(subscriber.id)).toMatchObject({ status: 'unsubscribed' });
    expect(await readProblem(await app.request(path, json('PATCH', { hour: 3 })))).toEqual({
      status: 409,
      paths: [],
    });
  });
});

describe('reading', () => {
  test('topics come in their order', async () => {
    const response = await app.request('/api/v1/topics');
    const { topics } = await readJson(response);
    expect(topics.map(({ id }: { id: string }) => id)).toEqual(['language', 'vision', 'systems']);
    expect(topics[0]).toEqual({
      id: 'language',
      name: 'Language models',
      description: 'Models that read and write text.',
    });
  });

  test('papers are those of the latest day, with the texts as they were listed', async () => {
    const { date, papers } = await readJson(await app.request('/api/v1/papers'));
    expect(date).toBe('2025-12-12');
    expect(papers).toHaveLength(3);
    expect(papers[0]).toEqual({
      seq: 2,
      url: 'http://papers.example.org/paper/2',
      title: 'Small Language Models That Admit Doubt',
      abstract: expect.stringContaining('10\\% less'),
      ids: {},
      authors: [],
      authorsCount: null,
      organization: 'Example Lab',
      publishedOn: '2025-12-11',
      isWithdrawn: false,
      gist: null,
      comments: null,
      upvotes: 101,
      links: ['https://example.org/doubt'],
      firstListedOn: '2025-12-12',
    });
  });

  test('papers of another day; a day without any has none', async () => {
    const earlier = await readJson(await app.request('/api/v1/papers?date=2025-12-11'));
    expect(earlier.papers).toHaveLength(1);
    expect(await readJson(await app.request('/api/v1/papers?date=2020-02-29'))).toEqual({
      date: '2020-02-29',
      papers: [],
    });
  });

  test.each([
    ['date=2025-02-30', 'date'],
    ['date=yesterday', 'date'],
    ['date=', 'date'],
    ['date=2025-12-12&date=2025-12-11', 'date'],
    ['day=2025-12-12', 'day'],
  ])('papers?%s is refused by name', async (query, path) => {
    expect(await readProblem(await app.request(`/api/v1/papers?${query}`))).toEqual({
      status: 400,
      paths: [path],
    });
  });
});

describe('addresses and methods', () => {
  test.each(['/api', '/api/v1', '/api/v1/nothing', '/api/v2/topics', '/api/v1/Topics'])(
    '%s is a 404 problem',
    async (path) => {
      expect(await readProblem(await app.request(path))).toEqual({ status: 404, paths: [] });
    },
  );

  test.each([
    ['GET', '/api/v1/subscriptions', 'POST, OPTIONS'],
    ['PUT', '/api/v1/subscription', 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['POST', '/api/v1/topics/written', 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/v1/topics', 'GET, POST, HEAD, OPTIONS'],
    ['DELETE', '/api/v1/papers', 'GET, HEAD, OPTIONS'],
  ])('%s %s is a 405 that names the methods', async (method, path, allow) => {
    const response = await app.request(path, { method });
    expect(await readProblem(response)).toEqual({ status: 405, paths: [] });
    expect(response.headers.get('allow')).toBe(allow);
  });

  test('a failure of ours is a 500 without details', async () => {
    await app.db.$executeRaw`ALTER TABLE topic RENAME TO topic_away`;
    const response = await app.request('/api/v1/topics');
    await app.db.$executeRaw`ALTER TABLE topic_away RENAME TO topic`;
    const text = await response.clone().text();
    expect(await readProblem(response)).toEqual({ status: 500, paths: [] });
    expect(text).not.toMatch(/prisma|relation|topic/i);
  });
});
