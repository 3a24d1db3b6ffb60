// /api/v1/deliveries: every mail that was promised, what became of it, and an operator's hand on what failed.
import { z } from 'zod';
import { mailKinds } from '../../../ledger/delivery.ts';
import { smtpStages } from '../../../ledger/outcome-codes.ts';
import {
  type DeliveryFilter,
  findDeliveryById,
  listDeliveries,
} from '../../../ledger/reports/delivery-list.ts';
import { resendDigest, retryFailed, settleUnknown } from '../../../ledger/retry.ts';
import { deliveryStates } from '../../../ledger/states.ts';
import type { ApiDeps, Route } from '../route.ts';
import { day, domain, instant, limit, pageOf, readerId, rowId } from '../shapes.ts';
import { cursorOf, cutPage } from './cursor.ts';
import { defineKeyRoute, gone, refuse } from './key-route.ts';

const filterFields = {
  reason: z
    .string()
    .regex(/^\w{1,60}$/)
    .optional()
    .describe('Such as `mailbox_full`.'),
  domain: domain.optional().describe('Of the address.'),
  edition: day.optional(),
  subscriberId: readerId.optional(),
  since: instant.optional().describe('Promised then or later.'),
  until: instant.optional().describe('Promised before that.'),
};

const outcomeFields = {
  reason: z.string().nullable().describe('Why it ended so, or waits: a code.'),
  reply: z.string().nullable().describe('What the server answered last.'),
  replyCode: z.int().nullable(),
  replyStatus: z.string().nullable().describe('Enhanced status code (RFC 3463).'),
  smtpStage: z.enum(smtpStages).nullable(),
  detail: z.string().nullable().describe('What went wrong on our side.'),
};

const listedFields = {
  id: rowId,
  subscriberId: readerId,
  email: z.string(),
  kind: z.enum(mailKinds),
  edition: day.nullable(),
  state: z.enum(deliveryStates),
  ...outcomeFields,
  attempts: z.int(),
  resent: z.boolean(),
  createdAt: instant,
  nextTryAt: instant.nullable(),
  finishedAt: instant.nullable(),
};

const listed = z.object(listedFields).meta({ id: 'ListedDelivery' });

const delivery = z
  .object({
    ...listedFields,
    concerns: z.string().nullable().describe('Whose matter the reason is.'),
    remedy: z.string().nullable().describe('What can be done about it.'),
    lostWorkers: z.int(),
    earlierTries: z
      .array(
        z.object({
          at: instant,
          state: z.enum(deliveryStates).describe('What it came to.'),
          ...outcomeFields,
        }),
      )
      .describe('Those that did not end it, the first comes first: the last 20.'),
    bounces: z.array(
      z.object({
        kind: z.string(),
        status: z.string().nullable(),
        diagnostic: z.string().nullable(),
        receivedAt: instant,
      }),
    ),
    papers: z.array(z.object({ seq: z.int(), title: z.string().nullable() })),
  })
  .meta({ id: 'Delivery', description: 'A mail that was promised, and all that is known of it.' });

export const retried = z
  .object({
    retried: z.int().describe('They are due now.'),
    left: z.record(z.string(), z.int()).describe('Failed too, and is not sent: why, and how many.'),
  })
  .meta({ id: 'Retried' });

export const settleAs = z
  .enum(['sent', 'not-sent'])
  .describe('`sent`: nobody gets them again. `not-sent`: they are sent again, under the same Message-ID.');

export async function retry({ db, now, wakeDelivery }: ApiDeps, filter: DeliveryFilter) {
  const result = await retryFailed(db, { filter, now: now() });
  if (result.retried > 0) await wakeDelivery();
  return result;
}

export async function settle(
  { db, now, wakeDelivery }: ApiDeps,
  { filter, as }: { filter: DeliveryFilter; as: z.output<typeof settleAs> },
) {
  const settled = await settleUnknown(db, { filter, as, now: now() });
  if (as === 'not-sent' && settled > 0) await wakeDelivery();
  return { settled };
}

async function resend({ db, now, wakeDelivery }: ApiDeps, id: bigint) {
  const result = await resendDigest(db, { id, now: now() });
  if (result.retried > 0) await wakeDelivery();
  return result;
}

const settled = z.object({ settled: z.int() });
const tellRetried = ({ retried: count }: { retried: number }) => `${count} are due now`;
const tellSettled = ({ settled: count }: { settled: number }) => `${count} settled`;

const params = z.object({ id: rowId });
const beforeRow = cursorOf(rowId);
const which = refuse(422, 'Say which: by one field at least. Nothing was done.');

export const deliveriesRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/deliveries',
    id: 'listDeliveries',
    tag: 'deliveries',
    summary: 'Every mail that was promised, the newest first',
    scope: 'deliveries:read',
    query: z.strictObject({
      state: z.enum(deliveryStates).optional(),
      ...filterFields,
      limit,
      cursor: beforeRow.optional(),
    }),
    says: 'A page of them.',
    answer: pageOf(listed),
    async act({ db }, { query: { limit: most, cursor, ...filter } }) {
      const found = await listDeliveries(db, { filter, before: cursor ?? null, limit: most + 1 });
      return cutPage(found, { limit: most, next: ({ id }) => z.encode(beforeRow, id) });
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/deliveries/{id}',
    id: 'showDelivery',
    tag: 'deliveries',
    summary: 'One of them',
    scope: 'deliveries:read',
    params,
    says: 'All that is known of it.',
    answer: delivery,
    act: async ({ db }, { params: { id } }) => (await findDeliveryById(db, id)) ?? gone,
  }),
  defineKeyRoute({
    method: 'post',
    path: '/deliveries/retry',
    id: 'retryDeliveries',
    tag: 'deliveries',
    summary: 'Try again those that failed',
    details:
      'Those that were refused, given up, parked or put off, and with the reason `edition_cancelled` those that were cancelled with their edition: never what arrived or may have. Again it changes nothing more.',
    scope: 'deliveries:write',
    body: z.strictObject(filterFields),
    says: 'How many are due now, and which were left.',
    answer: retried,
    tell: tellRetried,
    act: async (deps, { body }) =>
      Object.values(body).every((value) => value === undefined) ? which : retry(deps, body),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/deliveries/settle',
    id: 'settleDeliveries',
    tag: 'deliveries',
    summary: 'Say what became of those that are unknown',
    scope: 'deliveries:write',
    body: z.strictObject({ as: settleAs, ...filterFields }),
    says: 'How many.',
    answer: settled,
    tell: tellSettled,
    act: async (deps, { body: { as, ...filter } }) =>
      Object.values(filter).every((value) => value === undefined) ? which : settle(deps, { filter, as }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/deliveries/{id}/retry',
    id: 'retryDelivery',
    tag: 'deliveries',
    summary: 'Try one again',
    scope: 'deliveries:write',
    params,
    body: z.strictObject({}),
    says: 'Whether it is due now, or why it was left.',
    answer: retried,
    tell: tellRetried,
    act: async (deps, { params: { id } }) => retry(deps, { id }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/deliveries/{id}/resend',
    id: 'resendDelivery',
    tag: 'deliveries',
    summary: 'Send a digest that was accepted once more',
    details:
      'With what it held, under the same Message-ID: its reader may have it twice. One that a later digest followed is left.',
    scope: 'deliveries:write',
    params,
    body: z.strictObject({}),
    says: 'Whether it is due now, or why it was left.',
    answer: retried,
    tell: tellRetried,
    act: async (deps, { params: { id } }) => resend(deps, id),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/deliveries/{id}/settle',
    id: 'settleDelivery',
    tag: 'deliveries',
    summary: 'Say what became of one that is unknown',
    scope: 'deliveries:write',
    params,
    body: z.strictObject({ as: settleAs }),
    says: 'One, or none where it was settled already.',
    answer: settled,
    tell: tellSettled,
    act: async (deps, { params: { id }, body: { as } }) => settle(deps, { filter: { id }, as }),
  }),
];
