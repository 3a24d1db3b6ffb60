// /api/v1 about the service itself: whether today is all right, the settings in force, and the log of what was done.
import { z } from 'zod';
import { listActions } from '../../../operators/audit.ts';
import { lookAtToday } from '../../http/look-at-today.ts';
import type { Route } from '../route.ts';
import { instant, limit, pageOf, rowId } from '../shapes.ts';
import { cursorOf, cutPage } from './cursor.ts';
import { progress } from './editions.ts';
import { defineKeyRoute } from './key-route.ts';

const status = z
  .object({
    isWell: z.boolean(),
    warnings: z
      .array(z.object({ text: z.string(), remedy: z.string().nullable() }))
      .describe('What wants a hand.'),
    readers: z.object({
      active: z.int(),
      pending: z.int(),
      unsubscribed: z.int(),
      suppressed: z.int().describe('Addresses that get no mail.'),
    }),
    editions: z.array(progress).describe('Those of the last days, the newest first.'),
  })
  .meta({ id: 'Status', description: 'Is today all right?' });

const setting = z.object({ name: z.string(), value: z.string().nullable() }).meta({ id: 'Setting' });

const logEntry = z
  .object({
    id: rowId,
    at: instant,
    who: z.string().describe('An administrator; or `key` and the name of a key.'),
    action: z.string(),
    target: z.string(),
    result: z.string(),
  })
  .meta({ id: 'LogEntry' });

const afterEntry = cursorOf(rowId);

export const serviceRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/status',
    id: 'getStatus',
    tag: 'service',
    summary: 'Is today all right?',
    scope: 'service:read',
    says: 'What wants a hand, and how the last editions went.',
    answer: status,
    async act(deps) {
      const { warnings, readers, editions } = await lookAtToday(deps);
      return { isWell: warnings.length === 0, warnings, readers, editions };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/settings',
    id: 'listSettings',
    tag: 'service',
    summary: 'The settings in force',
    details: 'As the process that answers has them. Secrets are not shown.',
    scope: 'service:read',
    says: 'All of them.',
    answer: z.object({ settings: z.array(setting) }),
    act: async ({ settings }) => ({ settings: [...settings] }),
  }),
  defineKeyRoute({
    method: 'get',
    path: '/log',
    id: 'listLog',
    tag: 'service',
    summary: 'What was done by the console and by keys, the newest first',
    scope: 'service:read',
    query: z.strictObject({ limit, cursor: afterEntry.optional() }),
    says: 'A page of the log.',
    answer: pageOf(logEntry),
    act: async ({ db }, { query: { limit: most, cursor } }) => {
      const found = await listActions(db, { before: cursor ?? null, limit: most + 1 });
      const { items, nextCursor } = cutPage(found, {
        limit: most,
        next: ({ id }) => z.encode(afterEntry, id),
      });
      return { items: items.map(({ adminName, ...entry }) => ({ ...entry, who: adminName })), nextCursor };
    },
  }),
];
