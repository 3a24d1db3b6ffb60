// The API is what it says it is: every route that is described is there and answers as its schemas say, and there is no other.
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../src/operators/api-keys.ts';
import { scopeNames } from '../../src/operators/scopes.ts';
import { listApiRoutes } from '../../src/web/api/api.ts';
import type { OpenApi } from '../../src/web/api/openapi.ts';
import type { Route } from '../../src/web/api/route.ts';
import { quietSource, type Try, tries } from './api-tries.ts';
import { listRoutes } from './list-routes.ts';
import { startApp, type TestApp } from './start-app.ts';

const routes = listApiRoutes();
const keyRoutes = routes.flatMap((route) =>
  route.access.type === 'key' ? [{ ...route, scope: route.access.scope }] : [],
);

let app: TestApp;
let document: OpenApi;
let key: string;
let isAnswer: (route: Route, status: number, mediaType: string) => (body: unknown) => string | null;
beforeAll(async () => {
  app = await startApp({ sources: [{ source: quietSource, isOn: true }] });
  document = JSON.parse(await (await app.request('/api/v1/openapi.json')).text());
  key = await makeKey('everything', scopeNames);
  const ajv = new Ajv2020({ strict: false, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(closeShapes(document) as OpenApi, 'api');
  isAnswer = ({ method, path }, status, mediaType) => {
    const described = document.paths[path]?.[method]?.responses[status] ?? {};
    const here = `#/paths/${pointTo(path)}/${method}/responses/${status}`;
    const place = '$ref' in described ? described.$ref : here;
    const check = ajv.compile({ $ref: `api${place}/content/${pointTo(mediaType)}/schema` });
    return (body) => (check(body) ? null : ajv.errorsText(check.errors));
  };
});
afterAll(() => app?.stop());

const pointTo = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

async function makeKey(name: string, scopes: typeof scopeNames): Promise<string> {
  const made = { name, scopes, createdBy: 'a test', expiresAt: null, now: app.clock.now };
  return (await createKey(app.db, made)) ?? '';
}

/** What is not described is refused here, though clients are to overlook it. */
function closeShapes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeShapes);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closeShapes(part)]));
  return closed.type === 'object' && closed.properties !== undefined
    ? { additionalProperties: false, ...closed }
    : closed;
}

async function ask(
  { method, path }: Pick<Route, 'method' | 'path'>,
  { params = {}, query = {}, body, token }: Try,
  authorization: string | null = token === undefined ? `Bearer ${key}` : `Bearer ${token}`,
): Promise<Response> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'x'));
  return app.request(`/api/v1${filled}?${new URLSearchParams(query)}`, {
    method: method.toUpperCase(),
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

const tryOf = async ({ id }: Pick<Route, 'id'>) => (await tries[id]?.(app)) ?? {};

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
  const ids = routes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('there is no route that is not described, and no try of one that is not there', () => {
  const mounted = listRoutes(app.app).flatMap(({ path, methods }) => {
    const below = /^\/api\/v1(\/.*)/.exec(path)?.[1]?.replaceAll(/:(\w+)/g, '{$1}');
    return below === undefined
      ? []
      : methods.filter((method) => method !== '_ALL').map((method) => `${method} ${below}`);
  });
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect([...new Set(mounted)].toSorted()).toEqual(described.toSorted());
  expect(Object.keys(tries).toSorted()).toEqual(routes.map(({ id }) => id).toSorted());
});

test.each([...routes])('$id answers as it is described', async (route) => {
  const response = await ask(route, await tryOf(route));
  const text = await response.text();
  expect(response.status, text).toBe(route.answer.status);
  const { shape, mediaType = 'application/json' } = route.answer;
  if (shape === null) return expect(text).toBe('');
  expect(response.headers.get('content-type')).toMatch(new RegExp(`^${mediaType}\\b`));
  const body = mediaType === 'text/html' ? text : JSON.parse(text);
  expect(isAnswer(route, response.status, mediaType)(body)).toBeNull();
});

describe.each(keyRoutes)('$id', (route) => {
  const isProblem = async (response: Response, status: number) => {
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(isAnswer(route, status, 'application/problem+json')(JSON.parse(await response.text()))).toBeNull();
  };

  test('without a key it is a 401, with one of too small a scope a 403; neither changes anything', async () => {
    const asked = await tryOf(route);
    const others = scopeNames.filter((scope) => scope !== route.scope);
    const small = await makeKey(`all-but-${route.id.toLowerCase()}`, others);
    const before = await app.dump();
    await isProblem(await ask(route, asked, null), 401);
    await isProblem(await ask(route, asked, `Bearer ${key.slice(0, -1)}`), 401);
    const response = await ask(route, asked, `Bearer ${small}`);
    expect(response.headers.get('www-authenticate')).toContain(`scope="${route.scope}"`);
    await isProblem(response, 403);
    expect(await app.dump()).toBe(before);
  });

  test('what is not described is refused, wherever it stands', async () => {
    const asked = await tryOf(route);
    await isProblem(await ask(route, { ...asked, query: { ...asked.query, odd: '1' } }), 400);
    if (route.params !== undefined) await isProblem(await ask(route, { ...asked, params: {} }), 404);
    if (route.body !== undefined) {
      await isProblem(await ask(route, { ...asked, body: { ...Object(asked.body), odd: 1 } }), 422);
      await isProblem(await ask(route, { ...asked, body: ['a list'] }), 400);
    }
  });
});

describe('a key', () => {
  const log = routes.find(({ id }) => id === 'listLog') as Route;

  test('opens nothing once it is revoked, or its time is over', async () => {
    const { revokeKey, listKeys } = await import('../../src/operators/api-keys.ts');
    const short = await makeKey('short-lived', ['service:read']);
    expect((await ask(log, { token: short })).status).toBe(200);
    await revokeKey(app.db, { name: 'short-lived', now: app.clock.now });
    expect((await ask(log, { token: short })).status).toBe(401);
    const expiring = await createKey(app.db, {
      name: 'expiring',
      scopes: ['service:read'],
      createdBy: 'a test',
      expiresAt: new Date(app.clock.now.getTime() + 1000),
      now: app.clock.now,
    });
    expect((await ask(log, { token: expiring ?? '' })).status).toBe(200);
    const { now } = app.clock;
    app.clock.now = new Date(now.getTime() + 1000);
    expect((await ask(log, { token: expiring ?? '' })).status).toBe(401);
    app.clock.now = now;
    const [known] = (await listKeys(app.db)).filter(({ name }) => name === 'expiring');
    expect(known).toMatchObject({ hint: expiring?.slice(0, 9), lastUsedAt: now });
  });

  test('is kept as a hash only, stands in no log, and is not taken from the address', async () => {
    const secret = key.slice('pr_'.length + 6);
    const [row] = await app.db.$queryRaw<{ row: string }[]>`
      SELECT string_agg(api_key::text, ' ') AS row FROM api_key`;
    expect(row?.row).not.toContain(secret);
    expect((await ask(log, { query: { token: key } }, null)).status).toBe(401);
    expect(app.logLines.join('')).not.toContain(secret);
  });

  test('asks so often a minute, and not more', async () => {
    const slow = await startApp({ rateLimits: { keys: { points: 3, seconds: 60 } } });
    try {
      const made = { scopes: scopeNames, createdBy: 'a test', expiresAt: null, now: slow.clock.now };
      const [one, other] = [
        await createKey(slow.db, { name: 'one', ...made }),
        await createKey(slow.db, { name: 'other', ...made }),
      ];
      const statusOf = async (token: string | null) =>
        (await slow.request('/api/v1/log', { headers: { authorization: `Bearer ${token}` } })).status;
      for (let time = 0; time < 3; time += 1) expect(await statusOf(one)).toBe(200);
      expect(await statusOf(one)).toBe(429);
      expect(await statusOf(other)).toBe(200);
    } finally {
      await slow.stop();
    }
  });
});

test('a list goes on where it ended, whatever came meanwhile', async () => {
  const note = (target: string) =>
    app.db.auditEntry.create({
      data: { at: app.clock.now, adminName: 'a test', action: 'test', target, result: 'done' },
    });
  for (const target of ['one', 'two', 'three']) await note(target);
  const log = { method: 'get' as const, path: '/log' };
  const page = async (query: Record<string, string>) =>
    JSON.parse(await (await ask(log, { query: { limit: '2', ...query } })).text());
  const first = await page({});
  await note('four');
  const second = await page({ cursor: first.nextCursor });
  const targets = [...first.items, ...second.items].map(({ target }) => target);
  expect(targets.slice(0, 3)).toEqual(['three', 'two', 'one']);
  expect((await ask(log, { query: { cursor: 'made-up' } })).status).toBe(400);
  expect((await ask(log, { query: { limit: '201' } })).status).toBe(400);
});

test('a search says how a query was read that may mean something else', async () => {
  const search = { method: 'get' as const, path: '/papers/search' };
  const hintOf = async (q: string) => JSON.parse(await (await ask(search, { query: { q } })).text()).hint;
  expect(await hintOf('ti:video generation')).toContain('write ti:"video generation"');
  expect(await hintOf('ti:video')).toBeNull();
});

test('no site’s page may ask: nothing has a CORS header', async () => {
  const headers = { origin: 'https://elsewhere.example', authorization: `Bearer ${key}` };
  for (const path of ['/log', '/openapi.json', '/topics']) {
    const answer = await app.request(`/api/v1${path}`, { headers });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});
