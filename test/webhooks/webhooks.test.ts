// Programs are told what happens: with what happened, or not at all; signed; again until they take it; and never inside.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enterBounces } from '../../src/bounces/store.ts';
import { endEditions } from '../../src/ledger/reports/tell-editions.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { signUndo } from '../../src/subscribers/account/mail-links.ts';
import { unsubscribe } from '../../src/subscribers/account/unsubscribe.ts';
import { markUnsubscribed } from '../../src/subscribers/store.ts';
import { addEndpoint, enableEndpoint, findUrlProblem, listEndpoints } from '../../src/webhooks/endpoints.ts';
import { eventTypes } from '../../src/webhooks/events.ts';
import {
  addTest,
  claimMessages,
  forgetMessages,
  listMessages,
  waitsMs,
} from '../../src/webhooks/messages.ts';
import { createPost } from '../../src/webhooks/post.ts';
import { sendDue } from '../../src/webhooks/send.ts';
import { startApp, type TestApp } from '../web/start-app.ts';

let app: TestApp;
let receiver: Server;
let received: { headers: IncomingHttpHeaders; body: string }[];
let answer: { status: number; headers?: Record<string, string>; refuses?: string };
let endpoint: { id: string; secret: string };
const { signal } = new AbortController();

beforeAll(async () => {
  app = await startApp();
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const isRefused = answer.refuses !== undefined && body.includes(answer.refuses);
      response.writeHead(isRefused ? 400 : answer.status, answer.headers).end('a long story');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  receiver?.close();
  receiver?.closeAllConnections();
  await app?.stop();
});
beforeEach(async () => {
  received = [];
  answer = { status: 204 };
  await app.db.webhookEndpoint.deleteMany();
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const added = await addEndpoint(app.db, {
    url,
    events: eventTypes,
    createdBy: 'a test',
    now: app.clock.now,
  });
  endpoint = added ?? { id: '', secret: '' };
});

const deps = () => ({
  db: app.db,
  now: () => app.clock.now,
  log: createLogger('silent'),
  post: createPost({ reach: 'anywhere', userAgent: 'Paperround/test', now: () => app.clock.now }),
});
const send = () => sendDue(deps(), signal);
const wait = (ms: number) => {
  app.clock.now = new Date(app.clock.now.getTime() + ms);
};
const listTold = async () =>
  (await app.db.webhookMessage.findMany({ orderBy: { id: 'asc' } })).map(({ payload }) => {
    const { type, data } = JSON.parse(payload);
    return { type, data };
  });
const email = () => `${Math.random().toString(36).slice(2)}@example.org`;

describe('what is told', () => {
  test('somebody who confirms, leaves and comes back; not who never read', async () => {
    const { id } = await app.addActive(email());
    const about = { subscriberId: id };
    await unsubscribe({ db: app.db, now: () => app.clock.now }, id);
    await unsubscribe({ db: app.db, now: () => app.clock.now }, id);
    const undo = signUndo(app.tokens, await app.getSubscriber(id)) ?? '';
    expect((await app.post(`/undo/${undo}`)).status).toBeLessThan(400);
    const never = await app.addPending(email());
    await unsubscribe({ db: app.db, now: () => app.clock.now }, never.id);
    expect(await listTold()).toEqual([
      { type: 'subscriber.confirmed', data: about },
      { type: 'subscriber.unsubscribed', data: about },
      { type: 'subscriber.confirmed', data: about },
    ]);
  });

  test('a bounce, once however often it is reported; a complaint also as leaving', async () => {
    const { id: subscriberId } = await app.addActive(email());
    await app.db.webhookMessage.deleteMany();
    const { id: deliveryId } = await app.db.delivery.findFirstOrThrow({
      where: { subscriberId, kind: 'digest' },
    });
    const back = { deliveryId, status: '5.7.1', diagnostic: 'somebody@example.org complained' };
    for (const kind of ['policy', 'policy', 'complaint'] as const)
      await enterBounces(app.db, { bounces: [{ ...back, kind }], now: app.clock.now });
    const data = { deliveryId: String(deliveryId), subscriberId, status: '5.7.1' };
    expect(await listTold()).toEqual([
      { type: 'delivery.bounced', data: { ...data, kind: 'policy' } },
      expect.objectContaining({ type: expect.any(String) }),
      expect.objectContaining({ type: expect.any(String) }),
    ]);
    expect(await listTold()).toContainEqual({
      type: 'delivery.bounced',
      data: { ...data, kind: 'complaint' },
    });
    expect(await listTold()).toContainEqual({ type: 'subscriber.unsubscribed', data: { subscriberId } });
  });

  test('what was rolled back did not happen, and is not told', async () => {
    const { id } = await app.addActive(email());
    await app.db.webhookMessage.deleteMany();
    const failing = app.db.$transaction(async (tx) => {
      await markUnsubscribed(tx, { id, now: app.clock.now });
      throw new Error('killed');
    });
    await expect(failing).rejects.toThrow('killed');
    expect(await listTold()).toEqual([]);
  });

  test('an edition, once, when nothing of it is left and no hour of its day is to come', async () => {
    await app.db.subscriber.deleteMany();
    const { now } = app.clock;
    const early = await app.addActive(email());
    const late = await app.addActive(email(), { timeZone: 'America/Los_Angeles', hour: 20 });
    await app.db.delivery.updateMany({ data: { state: 'accepted', finishedAt: now } });
    await app.db.delivery.deleteMany({ where: { subscriberId: late.id } });
    await app.db.subscriber.update({
      where: { id: late.id },
      data: { nextDigestAt: new Date('2025-12-13T04:00:00Z') },
    });
    await app.db.webhookMessage.deleteMany();
    await endEditions(app.db, now);
    expect(await listTold()).toEqual([]);
    await app.db.subscriber.update({
      where: { id: late.id },
      data: { nextDigestAt: new Date('2025-12-14T04:00:00Z') },
    });
    await app.db.delivery.updateMany({
      where: { subscriberId: early.id, kind: 'digest' },
      data: { state: 'deferred', finishedAt: null },
    });
    await endEditions(app.db, now);
    expect(await listTold()).toEqual([]);
    await app.db.delivery.updateMany({ data: { state: 'accepted', finishedAt: now } });
    await endEditions(app.db, now);
    await endEditions(app.db, now);
    const counts = { promised: 1, sent: 1, nothingToSend: 0, cancelled: 0, rejected: 0, unknown: 0 };
    expect(await listTold()).toEqual([{ type: 'edition.done', data: { edition: '2025-12-12', ...counts } }]);
  });

  test('to each endpoint what it asked for, under one id; nothing to one that is disabled', async () => {
    const add = (path: string, events: typeof eventTypes) =>
      addEndpoint(app.db, {
        url: `https://example.org/${path}`,
        events,
        createdBy: 'a test',
        now: app.clock.now,
      });
    await add('also', ['subscriber.confirmed']);
    await add('other', ['edition.done']);
    const off = await add('off', eventTypes);
    await app.db.webhookEndpoint.update({
      where: { id: off?.id ?? '' },
      data: { disabledAt: app.clock.now },
    });
    await app.addActive(email());
    const messages = await listMessages(app.db, { endpointId: null, before: null, limit: 10 });
    expect(messages.map(({ url }) => new URL(url).pathname).toSorted()).toEqual(['/also', '/hook']);
    expect(new Set(messages.map(({ eventId }) => eventId)).size).toBe(1);
  });
});

describe('a message', () => {
  test('is signed as Standard Webhooks has it, and names nobody', async () => {
    const reader = await app.addActive(email());
    await send();
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(endpoint.secret.slice('whsec_'.length), 'base64');
    expect(key).toHaveLength(32);
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(app.clock.now.getTime() / 1000));
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      type: 'subscriber.confirmed',
      timestamp: expect.any(String),
      data: { subscriberId: reader.id },
    });
    expect(body).not.toContain(reader.email);
    const [message] = await listMessages(app.db, { endpointId: endpoint.id, before: null, limit: 1 });
    expect(message).toMatchObject({
      state: 'delivered',
      tries: [{ status: 204, error: null, ms: expect.any(Number) }],
    });
    await send();
    expect(received).toHaveLength(1);
  });

  test('that is not taken is tried again for a day, later each time, then its endpoint is disabled; enabled, it is sent', async () => {
    answer = { status: 500 };
    await addTest(app.db, { endpointId: endpoint.id, now: app.clock.now });
    await send();
    for (const [index, waitMs] of waitsMs.entries()) {
      wait(waitMs - 1000);
      await send();
      expect(received).toHaveLength(index + 1);
      wait(1000);
      await send();
      expect(received).toHaveLength(index + 2);
    }
    const dayMs = 24 * 60 * 60_000;
    expect(waitsMs.reduce((sum, one) => sum + one)).toBeGreaterThan(dayMs);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const [disabled] = await listEndpoints(app.db);
    expect(disabled).toMatchObject({
      disabledBecause: `${waitsMs.length + 1} tries failed, the last: answered 500`,
      waiting: 1,
    });
    wait(dayMs);
    await send();
    expect(received).toHaveLength(waitsMs.length + 1);
    answer = { status: 200 };
    await enableEndpoint(app.db, { id: endpoint.id, now: app.clock.now });
    await send();
    const [message] = await listMessages(app.db, { endpointId: endpoint.id, before: null, limit: 1 });
    expect(message).toMatchObject({ state: 'delivered' });
    expect(message?.tries).toHaveLength(waitsMs.length + 2);
  });

  test('that alone is never taken is given up, and the endpoint goes on', async () => {
    answer = { status: 200, refuses: 'webhook.test' };
    await addTest(app.db, { endpointId: endpoint.id, now: app.clock.now });
    await send();
    for (const waitMs of waitsMs) {
      wait(waitMs);
      await app.addActive(email());
      await send();
    }
    expect(await listEndpoints(app.db)).toMatchObject([{ disabledAt: null, failed: 1, waiting: 0 }]);
  });

  test('to an address that is gone (410) is not tried again, nor is a redirect followed', async () => {
    answer = { status: 302, headers: { location: '/elsewhere' } };
    await addTest(app.db, { endpointId: endpoint.id, now: app.clock.now });
    await send();
    expect(received).toHaveLength(1);
    wait(waitsMs[0] ?? 0);
    answer = { status: 410 };
    await send();
    expect(await listEndpoints(app.db)).toMatchObject([{ disabledBecause: 'it answered 410: it is gone' }]);
  });

  test('waits as long as the receiver asks for, and the others wait while it is down', async () => {
    answer = { status: 503, headers: { 'retry-after': '600' } };
    for (let count = 0; count < 30; count += 1)
      await addTest(app.db, { endpointId: endpoint.id, now: app.clock.now });
    await send();
    expect(received.length).toBeLessThanOrEqual(10);
    answer = { status: 200 };
    wait(61_000);
    await send();
    expect(received.length).toBe(30);
    wait(540_000);
    await send();
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(30);
    expect(await listEndpoints(app.db)).toMatchObject([{ waiting: 0 }]);
  });

  test('that a worker was killed over is sent by another one, under the same id', async () => {
    await addTest(app.db, { endpointId: endpoint.id, now: app.clock.now });
    const [claimed] = await claimMessages(app.db, { limit: 1, now: app.clock.now });
    await send();
    expect(received).toHaveLength(0);
    wait(61_000);
    await send();
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([`evt_${claimed?.eventId}`]);
  });

  test('is sent by one of any number of workers, and forgotten after a month', async () => {
    for (let count = 0; count < 25; count += 1)
      await addTest(app.db, { endpointId: endpoint.id, now: app.clock.now });
    await Promise.all([send(), send(), send()]);
    expect(received).toHaveLength(25);
    await forgetMessages(app.db, new Date(app.clock.now.getTime() + 31 * 24 * 60 * 60_000));
    expect([await app.db.webhookMessage.count(), await app.db.webhookTry.count()]).toEqual([0, 0]);
  });
});

describe('an address', () => {
  test.each([
    'http://example.org/hook',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://10.1.2.3:8080/',
    'https://169.254.169.254/latest/meta-data',
    'https://ada:secret@example.org/',
    'ftp://example.org/',
    'example.org',
  ])('%s is not taken', (url) => {
    expect(findUrlProblem(url, 'public')).not.toBeNull();
  });

  test('of the public is taken, and with HOOK_TARGETS=anywhere one of our own', () => {
    expect(findUrlProblem('https://example.org/hook?tenant=1', 'public')).toBeNull();
    expect(findUrlProblem('http://n8n:5678/hook', 'anywhere')).toBeNull();
  });

  test('whose name leads inside is not connected to, whatever was taken before', async () => {
    const post = createPost({ reach: 'public', userAgent: 'Paperround/test', now: () => app.clock.now });
    const { port } = receiver.address() as AddressInfo;
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
    ]) {
      const posted = await post({ url, secret: endpoint.secret, eventId: 'x', payload: '{}' });
      expect(posted).toMatchObject({ status: null, error: expect.stringContaining('private address') });
    }
    expect(received).toEqual([]);
  });
});
