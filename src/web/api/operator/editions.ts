// /api/v1/editions: the digests of each day, how far they have come, and an operator's hand on them.
import { z } from 'zod';
import { holdEdition } from '../../../ledger/hold-edition.ts';
import { findRemedy, type OutcomeCode } from '../../../ledger/outcome-codes.ts';
import { countReasons, listEditionProgress } from '../../../ledger/reports/edition-progress.ts';
import { addDays, utcDay } from '../../../text/days.ts';
import type { ApiDeps, Route } from '../route.ts';
import { day, instant } from '../shapes.ts';
import { retried, retry } from './deliveries.ts';
import { defineKeyRoute, gone, refuse } from './key-route.ts';

const progressFields = {
  edition: day,
  hold: z.enum(['paused', 'cancelled']).nullable(),
  promised: z.int().describe('The sum of those that follow, up to `unknown`.'),
  planned: z.int(),
  underWay: z.int(),
  sent: z.int(),
  nothingToSend: z.int(),
  cancelled: z.int(),
  deferred: z.int(),
  rejected: z.int(),
  unknown: z.int(),
  bounced: z.int().describe('Of those that were sent: came back later.'),
  firstPromisedAt: instant,
  lastFinishedAt: instant.nullable(),
  perSecond: z.number(),
  secondsLeft: z.int().nullable(),
};

export const progress = z.object(progressFields).meta({ id: 'EditionProgress' });

const edition = z
  .object({
    ...progressFields,
    reasons: z
      .array(
        z.object({ state: z.string(), reason: z.string(), count: z.int(), remedy: z.string().nullable() }),
      )
      .describe('Why what was not sent was not.'),
  })
  .meta({ id: 'Edition', description: 'The digests for a day, in the time zones of their readers.' });

const params = z.object({ edition: day });
const mostDays = 92;

function holdRoute(given: {
  verb: string;
  id: string;
  summary: string;
  state: 'paused' | 'cancelled' | null;
}): Route {
  const { verb, id, summary, state } = given;
  return defineKeyRoute({
    method: 'post',
    path: `/editions/{edition}/${verb}`,
    id,
    tag: 'editions',
    summary,
    scope: 'editions:write',
    params,
    body: z.strictObject({}),
    says: 'How it is held now.',
    answer: z.object({ hold: z.enum(['paused', 'cancelled']).nullable() }),
    tell: ({ hold }) => hold ?? 'it goes on',
    async act({ db, now, wakeDelivery }: ApiDeps, { params: { edition: of } }) {
      await holdEdition(db, { edition: of, state, now: now() });
      if (state === null) await wakeDelivery();
      return { hold: state };
    },
  });
}

export const editionsRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/editions',
    id: 'listEditions',
    tag: 'editions',
    summary: 'The editions of some days, the newest first',
    scope: 'editions:read',
    query: z.strictObject({
      from: day.optional().describe('A week before `to`, unless it is given.'),
      to: day.optional().describe('Tomorrow in UTC, unless it is given.'),
    }),
    says: `At most ${mostDays} days.`,
    answer: z.object({ editions: z.array(progress) }),
    async act({ db, now }, { query }) {
      const { to = addDays(utcDay(now()), 1) } = query;
      const { from = addDays(to, -7) } = query;
      if (addDays(from, mostDays) < to) return refuse(400, `Ask for ${mostDays} days at most.`);
      return { editions: await listEditionProgress(db, { from, to, now: now() }) };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/editions/{edition}',
    id: 'showEdition',
    tag: 'editions',
    summary: 'One edition',
    scope: 'editions:read',
    params,
    says: 'How far it has come.',
    answer: edition,
    async act({ db, now }, { params: { edition: of } }) {
      const [found] = await listEditionProgress(db, { from: of, to: of, now: now() });
      if (found === undefined) return gone;
      const reasons = await countReasons(db, of);
      return {
        ...found,
        reasons: reasons.map((each) => ({ ...each, remedy: findRemedy(each.reason as OutcomeCode) })),
      };
    },
  }),
  holdRoute({
    verb: 'pause',
    id: 'pauseEdition',
    summary: 'Pause it: nothing of it leaves',
    state: 'paused',
  }),
  holdRoute({ verb: 'resume', id: 'resumeEdition', summary: 'Let it go on', state: null }),
  holdRoute({
    verb: 'cancel',
    id: 'cancelEdition',
    summary: 'Cancel what is left of it: its papers come with the next digest',
    state: 'cancelled',
  }),
  defineKeyRoute({
    method: 'post',
    path: '/editions/{edition}/retry',
    id: 'retryEdition',
    tag: 'editions',
    summary: 'Try what failed of it again',
    scope: 'editions:write',
    params,
    body: z.strictObject({}),
    says: 'How many are due now, and which were left.',
    answer: retried,
    tell: ({ retried: count }) => `${count} are due now`,
    act: async (deps, { params: { edition: of } }) => retry(deps, { edition: of }),
  }),
];
