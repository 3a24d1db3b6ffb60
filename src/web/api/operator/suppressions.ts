// /api/v1/suppressions and /bounces: which addresses get no mail, and what came back.
import { z } from 'zod';
import { bounceKinds } from '../../../bounces/read-bounce.ts';
import { listBounces } from '../../../bounces/store.ts';
import { emailShape } from '../../../subscribers/preferences/parse-preferences.ts';
import {
  addSuppression,
  liftSuppressions,
  listSuppressions,
} from '../../../subscribers/suppressions/suppression-store.ts';
import type { Route } from '../route.ts';
import { domain, instant, limit, pageOf, reason, rowId, words } from '../shapes.ts';
import { cursorOf, cutPage } from './cursor.ts';
import { defineKeyRoute, refuse } from './key-route.ts';

const suppression = z
  .object({
    email: z.string().describe('Or a hash, where the address is not kept.'),
    cause: z.string(),
    reason: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'Suppression', description: 'An address that gets no mail.' });

const bounce = z
  .object({
    deliveryId: rowId,
    kind: z.enum(bounceKinds),
    status: z.string().nullable().describe('Enhanced status code (RFC 3463).'),
    diagnostic: z.string().nullable().describe('What the server said.'),
    receivedAt: instant,
  })
  .meta({ id: 'Bounce' });

const filterFields = {
  reason: words(200).min(1).optional().describe('A cause, or words of the reason.'),
  domain: domain
    .optional()
    .describe('Of the addresses; where only a hash is kept, no domain is known, and this finds none.'),
};

const afterAddress = cursorOf(z.string().max(400));
const afterBounce = cursorOf(z.object({ deliveryId: rowId, kind: z.enum(bounceKinds) }));

export const suppressionsRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/suppressions',
    id: 'listSuppressions',
    tag: 'suppressions',
    summary: 'The addresses that get no mail, and why',
    scope: 'suppressions:read',
    query: z.strictObject({ ...filterFields, limit, cursor: afterAddress.optional() }),
    says: 'A page of them, by address.',
    answer: pageOf(suppression),
    async act({ db }, { query: { limit: most, cursor = '', ...filter } }) {
      const found = await listSuppressions(db, { after: cursor, limit: most + 1, filter });
      return cutPage(found, { limit: most, next: ({ email }) => z.encode(afterAddress, email) });
    },
  }),
  defineKeyRoute({
    method: 'post',
    path: '/suppressions',
    id: 'addSuppression',
    tag: 'suppressions',
    summary: 'Let an address get mail no more',
    scope: 'suppressions:write',
    body: z.strictObject({ email: emailShape, reason }),
    says: 'Whether it was not so already.',
    answer: z.object({ isNew: z.boolean() }),
    act: async ({ db, now }, { body: { email, reason: why } }) => ({
      isNew: await addSuppression(db, { email, cause: 'operator', reason: why, now: now() }),
    }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/suppressions/lift',
    id: 'liftSuppressions',
    tag: 'suppressions',
    summary: 'Let addresses get mail again',
    details:
      'What somebody asked for, or may have (`complaint`, `owner`, `operator`, `imported`), is lifted only by its address or its cause.',
    scope: 'suppressions:write',
    body: z.strictObject({
      email: emailShape.optional(),
      ...filterFields,
      since: instant.optional(),
      until: instant.optional(),
    }),
    says: 'How many.',
    answer: z.object({ lifted: z.int() }),
    tell: ({ lifted }) => `${lifted} lifted`,
    async act({ db, now }, { body: filter }) {
      if (Object.values(filter).every((value) => value === undefined))
        return refuse(422, 'Say which: by one field at least. Nothing was done.');
      return { lifted: await liftSuppressions(db, { filter, now: now() }) };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/bounces',
    id: 'listBounces',
    tag: 'suppressions',
    summary: 'What came back, that of the newest mails first',
    scope: 'bounces:read',
    query: z.strictObject({ limit, cursor: afterBounce.optional() }),
    says: 'A page of it.',
    answer: pageOf(bounce),
    async act({ db }, { query: { limit: most, cursor } }) {
      const found = await listBounces(db, { before: cursor ?? null, limit: most + 1 });
      return cutPage(found, {
        limit: most,
        next: ({ deliveryId, kind }) => z.encode(afterBounce, { deliveryId, kind }),
      });
    },
  }),
];
