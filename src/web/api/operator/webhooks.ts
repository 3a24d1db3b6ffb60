// /api/v1/webhooks: programs that are told what happens here, and how each try went.
import { z } from 'zod';
import {
  addEndpoint,
  enableEndpoint,
  findUrlProblem,
  listEndpoints,
  removeEndpoint,
} from '../../../webhooks/endpoints.ts';
import { type EventType, events, eventTypes } from '../../../webhooks/events.ts';
import { addTest, listMessages } from '../../../webhooks/messages.ts';
import type { Route } from '../route.ts';
import { day, instant, limit, pageOf, readerId, rowId } from '../shapes.ts';
import { cursorOf, cutPage } from './cursor.ts';
import { defineKeyRoute, gone, refuse } from './key-route.ts';

const data: Record<EventType, z.ZodObject> = {
  'subscriber.confirmed': z.object({ subscriberId: readerId }),
  'subscriber.unsubscribed': z.object({ subscriberId: readerId }),
  'delivery.bounced': z.object({
    deliveryId: rowId,
    subscriberId: readerId,
    kind: z.enum(['hard', 'soft', 'policy', 'complaint']),
    status: z.string().nullable().describe('Enhanced status code (RFC 3463).'),
  }),
  'edition.done': z.object({
    edition: day,
    promised: z.int(),
    sent: z.int(),
    nothingToSend: z.int(),
    cancelled: z.int(),
    rejected: z.int(),
    unknown: z.int(),
  }),
};

/** What is sent, by the name of the event. */
export const messageShapes = eventTypes.map((type) => ({
  type,
  says: events[type],
  shape: z.object({ type: z.literal(type), timestamp: instant, data: data[type] }),
}));

const endpointFields = {
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.enum(eventTypes)),
  createdBy: z.string(),
  createdAt: instant,
  disabledAt: instant.nullable().describe('Null: it works.'),
  disabledBecause: z.string().nullable(),
  lastDeliveredAt: instant.nullable(),
  waiting: z.int(),
  failed: z.int().describe('Messages that were given up.'),
};

const endpoint = z.object(endpointFields).meta({ id: 'Webhook' });

const message = z
  .object({
    id: rowId,
    eventId: z.uuid().describe('Sent as `webhook-id`, with `evt_` before it.'),
    endpointId: z.uuid(),
    type: z.string(),
    state: z.enum(['delivered', 'waiting', 'failed']),
    createdAt: instant,
    nextTryAt: instant.nullable(),
    tries: z.array(
      z.object({
        at: instant,
        ms: z.int(),
        status: z.int().nullable(),
        error: z.string().nullable().describe('Null: it was taken.'),
      }),
    ),
  })
  .meta({ id: 'WebhookMessage' });

const params = z.object({ id: z.uuid() });
const beforeMessage = cursorOf(rowId);

export const webhooksRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/webhooks',
    id: 'listWebhooks',
    tag: 'webhooks',
    summary: 'Programs that are told what happens',
    scope: 'webhooks:read',
    says: 'All of them.',
    answer: z.object({ webhooks: z.array(endpoint) }),
    act: async ({ db }) => ({ webhooks: await listEndpoints(db) }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/webhooks',
    id: 'addWebhook',
    tag: 'webhooks',
    summary: 'Add one',
    scope: 'webhooks:write',
    body: z.strictObject({
      url: z.string().max(2000).describe('https, and not in a private network.'),
      events: z.array(z.enum(eventTypes)).min(1).max(eventTypes.length),
    }),
    status: 201,
    says: 'With the secret that its messages are signed with, which is told only now.',
    answer: z.object({ id: z.uuid(), secret: z.string() }),
    tell: ({ id }) => id,
    async act({ db, now, config }, { body: { url, events: wanted }, key }) {
      const problem = findUrlProblem(url, config.hookTargets);
      if (problem !== null)
        return {
          refused: { status: 422, detail: 'Nothing was done.', errors: [{ path: 'url', message: problem }] },
        };
      const createdBy = `key ${key.name}`;
      const added = await addEndpoint(db, { url, events: wanted, createdBy, now: now() });
      return added ?? refuse(409, 'This address is there already.');
    },
  }),
  defineKeyRoute({
    method: 'delete',
    path: '/webhooks/{id}',
    id: 'removeWebhook',
    tag: 'webhooks',
    summary: 'Remove one: what waits for it is deleted',
    scope: 'webhooks:write',
    params,
    says: 'Whether it was there.',
    answer: z.object({ removed: z.boolean() }),
    act: async ({ db }, { params: { id } }) => ({ removed: await removeEndpoint(db, id) }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/webhooks/{id}/enable',
    id: 'enableWebhook',
    tag: 'webhooks',
    summary: 'Let one that was disabled work again: what waited is sent',
    scope: 'webhooks:write',
    params,
    body: z.strictObject({}),
    says: 'It works.',
    answer: z.object({ enabled: z.literal(true) }),
    act: async ({ db, now }, { params: { id } }) =>
      (await enableEndpoint(db, { id, now: now() })) ? { enabled: true as const } : gone,
  }),
  defineKeyRoute({
    method: 'post',
    path: '/webhooks/{id}/test',
    id: 'testWebhook',
    tag: 'webhooks',
    summary: 'Send one a message that says nothing',
    scope: 'webhooks:write',
    params,
    body: z.strictObject({}),
    status: 202,
    says: 'It is on its way: the messages tell how it went.',
    answer: z.object({ messageId: rowId }),
    async act({ db, now }, { params: { id } }) {
      const messageId = await addTest(db, { endpointId: id, now: now() });
      return messageId === null ? refuse(409, 'It is disabled, or there is no such one.') : { messageId };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/webhook-messages',
    id: 'listWebhookMessages',
    tag: 'webhooks',
    summary: 'What was sent in the last 30 days or waits, with every try, the newest first',
    scope: 'webhooks:read',
    query: z.strictObject({ webhook: z.uuid().optional(), limit, cursor: beforeMessage.optional() }),
    says: 'A page of it.',
    answer: pageOf(message),
    async act({ db }, { query: { webhook = null, limit: most, cursor } }) {
      const found = await listMessages(db, { endpointId: webhook, before: cursor ?? null, limit: most + 1 });
      return cutPage(found, { limit: most, next: ({ id }) => z.encode(beforeMessage, id) });
    },
  }),
];
