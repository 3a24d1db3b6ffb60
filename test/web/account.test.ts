// The pages on which readers look after their subscription themselves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signUndo } from '../../src/subscribers/account/mail-links.ts';
import { askForAddress } from './collect-pages.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const preferencesOf = (subscriber: { id: string }) =>
  `/preferences/${app.signToken('preferences', subscriber)}`;
const accountOf = (subscriber: { id: string }) => `/account/${app.signToken('account', subscriber)}`;
const readTitle = async (response: Response) => /<h1>([^<]*)<\/h1>/.exec(await response.text())?.[1];

describe('“send me my preferences link”', () => {
  test('is linked at the foot of every page, and from where a link did not work', async () => {
    for (const path of ['/', '/papers/2025-12-12', '/preferences/x', '/undo/x']) {
      expect(await (await app.request(path)).text()).toContain(
        'href="/preferences">Send me my preferences link',
      );
    }
  });

  test('answers the same page for any address', async () => {
    const active = await app.addActive('even-active@example.org');
    const left = await app.addActive('even-left@example.org');
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', left)}`, { from: 'page' });
    await app.addPending('even-pending@example.org');
    const barred = await app.addActive('even-barred@example.org');
    await app.db.suppression.create({ data: { emailKey: barred.email, reason: 'complaint' } });
    const ask = async (email: string) => {
      const response = await app.post('/preferences', { email });
      return { body: await response.text(), status: response.status };
    };
    const emails = [active.email, left.email, 'even-pending@example.org', barred.email, 'x@example.org'];
    const answers = [];
    for (const email of emails) answers.push(await ask(email));
    expect(new Set(answers.map(({ body, status }) => `${status} ${body}`)).size).toBe(1);

    await app.settle();
    const mails = await app.db.delivery.findMany({
      where: { kind: 'preferences_link' },
      select: { subscriberId: true },
    });
    expect(mails).toEqual([{ subscriberId: active.id }]);
  });

  test('keeps what was typed when it is no address', async () => {
    const response = await app.post('/preferences', { email: 'ada"@' });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain('value="ada&quot;@"');
    expect(html).toContain('aria-invalid="true"');
  });

  test('is limited per client, together with sign-ups', async () => {
    const few = await startApp({
      rateLimits: { mails: { points: 2, seconds: 60 } },
    });
    try {
      const statuses = [];
      for (let n = 0; n < 3; n += 1)
        statuses.push((await few.post('/preferences', { email: `n${n}@example.org` })).status);
      statuses.push((await few.post('/subscribe', { email: 'ada@example.org', topics: 'vision' })).status);
      expect(statuses).toEqual([200, 200, 429, 429]);
    } finally {
      await few.stop();
    }
  });
});

describe('goodbye', () => {
  test('has one button that brings everything back', async () => {
    const subscriber = await app.addActive('undo@example.org', { keywords: ['zeta'] });
    const response = await app.post(`/unsubscribe/${app.signToken('unsubscribe', subscriber)}`, {
      from: 'page',
    });
    const html = await response.text();
    const [, action = ''] = /<form method="post" action="(\/undo\/[^"]+)">/.exec(html) ?? [];
    expect((await app.request(action)).status).toBe(200);
    expect((await app.getSubscriber(subscriber.id)).status).toBe('unsubscribed');
    expect(await readTitle(await app.post(action))).toBe('Welcome back');
    expect(await app.getSubscriber(subscriber.id)).toEqual(subscriber);
  });

  test('to who never confirmed offers no way back', async () => {
    const pending = await app.addPending('undo-pending@example.org');
    const response = await app.post(`/unsubscribe/${app.signToken('unsubscribe', pending)}`, {
      from: 'page',
    });
    expect(await response.text()).not.toContain('/undo/');
  });
});

describe('the links in these mails', () => {
  test('change nothing when they are opened, are private, and stay out of the log', async () => {
    const subscriber = await app.addActive('scanned@example.org');
    const { change, keep } = await askForAddress(app, subscriber, 'scanned@example.net');
    const left = await app.addActive('scanned-left@example.org');
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', left)}`, { from: 'page' });
    const undo = `/undo/${signUndo(app.tokens, await app.getSubscriber(left.id))}`;
    const preferences = preferencesOf(subscriber);
    const account = accountOf(subscriber);
    const before = await app.dump();
    for (const path of [
      preferences,
      change,
      keep,
      undo,
      ...['', '/address', '/erase', '/data'].map((page) => account + page),
    ]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await app.request(path, { method });
        expect(response.status).toBe(200);
        expect(response.headers.get('cache-control')).toBe('no-store');
        expect(response.headers.get('referrer-policy')).toBe('no-referrer');
        expect(response.headers.get('x-robots-tag')).toContain('noindex');
      }
    }
    expect(await app.dump()).toBe(before);
    const log = app.logLines.join('');
    for (const path of [change, keep, undo, preferences]) expect(log).not.toContain(path.split('/')[2]);
  });

  test('with a token that is cut, altered, of another purpose or of another wish change nothing', async () => {
    const subscriber = await app.addActive('forged@example.org');
    const { change, keep } = await askForAddress(app, subscriber, 'forged@example.net');
    const good = change.split('/')[2] ?? '';
    const other = keep.split('/')[2] ?? '';
    const preferences = app.signToken('preferences', subscriber);
    const bad = ['x', good.slice(0, -1), `${good.slice(0, -2)}AA`, preferences];
    const before = await app.dump();
    for (const token of [...bad, other]) {
      expect((await app.post(`/address/${token}`)).status).toBe(404);
      expect((await app.post(`/undo/${token}`)).status).toBe(404);
    }
    for (const token of [...bad.slice(0, 3), good]) {
      expect((await app.post(`/account/${token}/erase`)).status).toBe(404);
      expect((await app.request(`/account/${token}/data`)).status).toBe(404);
      expect((await app.post(`/account/${token}/address`, { email: 'a@example.net' })).status).toBe(404);
    }
    for (const token of [...bad, good]) expect((await app.post(`/keep-address/${token}`)).status).toBe(404);
    expect(await app.dump()).toBe(before);
  });
});

describe('a reader’s data', () => {
  test('come as a file that no cache keeps, also to who left', async () => {
    const subscriber = await app.addActive('data@example.org');
    const path = `${accountOf(subscriber)}/data`;
    const read = async () => {
      const response = await app.request(path);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('content-disposition')).toContain('attachment');
      expect(response.headers.get('cache-control')).toBe('no-store');
      return response.json();
    };
    expect(await read()).toMatchObject({ subscriber: { email: 'data@example.org', status: 'active' } });
    await app.post(`/unsubscribe/${app.signToken('unsubscribe', subscriber)}`);
    expect(await read()).toMatchObject({ subscriber: { status: 'unsubscribed' } });
  });

  test('are gone after the button, and every old link says so kindly', async () => {
    const subscriber = await app.addActive('erased@example.org');
    const preferences = preferencesOf(subscriber);
    const account = accountOf(subscriber);
    const unsubscribe = `/unsubscribe/${app.signToken('unsubscribe', subscriber)}`;
    const digest = `/digest/${app.signToken('preferences', subscriber)}`;
    expect(await readTitle(await app.post(`${account}/erase`))).toBe('You are erased');
    expect(await app.dump()).not.toContain(subscriber.id);
    expect(await app.dump()).not.toContain('erased@example.org');
    for (const path of [preferences, account, `${account}/data`, `${account}/erase`, unsubscribe, digest]) {
      const response = await app.request(path);
      expect(response.status).toBe(410);
      expect(await readTitle(response)).toBe('There is nothing here any more');
    }
    expect((await app.post(`${account}/erase`)).status).toBe(410);
    expect((await app.post(unsubscribe, 'List-Unsubscribe=One-Click')).status).toBe(200);
  });
});

describe('the API', () => {
  const bearer = (subscriber: { id: string }, init: RequestInit = {}): RequestInit => ({
    ...init,
    headers: {
      authorization: `Bearer ${app.signToken('account', subscriber)}`,
      'content-type': 'application/json',
    },
  });

  test('gives the data away to their reader only, and erases them', async () => {
    const subscriber = await app.addActive('api-data@example.org');
    const path = '/api/v1/subscription/data';
    expect((await app.request(path)).status).toBe(401);
    expect((await app.request(path, { method: 'DELETE' })).status).toBe(401);
    const response = await app.request(path, bearer(subscriber));
    expect(await response.json()).toMatchObject({ subscriber: { email: 'api-data@example.org' } });
    expect((await app.request(path, bearer(subscriber, { method: 'DELETE' }))).status).toBe(204);
    expect((await app.request(path, bearer(subscriber))).status).toBe(401);
  });

  test('asks for another address', async () => {
    const subscriber = await app.addActive('api-address@example.org');
    const ask = async (email: unknown) =>
      (
        await app.request(
          '/api/v1/subscription/address',
          bearer(subscriber, { method: 'POST', body: JSON.stringify({ email }) }),
        )
      ).status;
    expect(await ask('x')).toBe(422);
    expect(await ask('api-address@example.org')).toBe(422);
    expect(await ask('api-new@example.net')).toBe(202);
    expect(await app.db.addressChange.findFirst({ where: { subscriberId: subscriber.id } })).toMatchObject({
      newEmail: 'api-new@example.net',
      confirmedAt: null,
    });
  });

  test('sends a preferences link without telling whether the address is known', async () => {
    await app.addActive('api-link@example.org');
    const ask = async (email: string) => {
      const response = await app.request('/api/v1/preferences-links', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email }),
      });
      return `${response.status} ${await response.text()}`;
    };
    expect(await ask('api-link@example.org')).toBe(await ask('api-nobody@example.org'));
    expect(await ask('x')).toContain('422');
  });
});
