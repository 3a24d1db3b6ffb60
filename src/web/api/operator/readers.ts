// /api/v1/subscribers: who reads, what came to them and why, and what an operator does for them.
import { z } from 'zod';
import { chooseNext, showReader } from '../../../ledger/reports/show-reader.ts';
import { eraseReader } from '../../../subscribers/account/erase-reader.ts';
import { addReader, confirmReader, findReader } from '../../../subscribers/by-hand.ts';
import { emailShape, parsePreferences } from '../../../subscribers/preferences/parse-preferences.ts';
import { searchReaders } from '../../../subscribers/search-readers.ts';
import { toEmailKey } from '../../../subscribers/store.ts';
import { type Subscriber, subscriberStatuses } from '../../../subscribers/subscriber.ts';
import { addSuppression, liftSuppressions } from '../../../subscribers/suppressions/suppression-store.ts';
import { toErrors } from '../../http/answers/problem.ts';
import { listKnownTopicIds } from '../../http/known-topics.ts';
import { preferenceFields, preferencesAnswer } from '../reader/preference-shapes.ts';
import type { ApiDeps, Route } from '../route.ts';
import { day, instant, limit, pageOf, readerId, reason, rowId, words } from '../shapes.ts';
import { cursorOf, cutPage } from './cursor.ts';
import { defineKeyRoute, gone, type Refusal } from './key-route.ts';

const status = z.enum(subscriberStatuses);
const params = z.object({ id: readerId });

const listed = z
  .object({
    id: readerId,
    email: z.string(),
    status,
    confirmedAt: instant.nullable(),
    nextDigestAt: instant.nullable(),
  })
  .meta({ id: 'ListedReader' });

const suppression = z.object({ cause: z.string(), reason: z.string(), createdAt: instant });

const reader = z
  .object({
    id: readerId,
    email: z.string(),
    status,
    preferences: preferencesAnswer,
    nextDigestAt: instant.nullable(),
    createdAt: instant,
    confirmedAt: instant.nullable(),
    unsubscribedAt: instant.nullable(),
    suppression: suppression.nullable().describe('Why the address gets no mail.'),
  })
  .meta({ id: 'Reader', description: 'A reader as an operator sees them. What they voted for is theirs.' });

const toldDay = z
  .object({
    day,
    story: z.string().describe('Such as `sent`, `nothing-matched`, `paused`, `bounced`.'),
    papers: z.int().optional(),
    reply: z.string().nullable().optional().describe('What the server said.'),
    sources: z.array(z.string()).optional().describe('Those that could not be read.'),
    deliveryId: rowId.nullable(),
  })
  .meta({ id: 'DayOfReader' });

const nextDigest = z
  .object({
    day: day.describe('In their time zone.'),
    dueAt: instant.nullable(),
    holds: z.enum(['matches', 'top', 'no_papers', 'no_match']),
    matched: z.int().describe('All that matched, those beyond the limit included.'),
    papers: z.array(
      z.object({ seq: z.int(), title: z.string(), score: z.number(), because: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'NextDigest' });

const afterAddress = cursorOf(z.string().max(320));
const longestHistory = 90;

/** Null: nobody is. */
async function show({ db, matches, now }: ApiDeps, id: string, days: number) {
  const found = await findReader(db, id);
  return found && showReader({ db, matches, now }, { reader: found, days });
}

/** `act` for a reader who is there. */
async function withReader<Answer>(
  { db }: Pick<ApiDeps, 'db'>,
  id: string,
  act: (reader: Subscriber) => Promise<Answer>,
): Promise<Answer | Refusal> {
  const found = await findReader(db, id);
  return found === null ? gone : act(found);
}

export const readersRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/subscribers',
    id: 'listReaders',
    tag: 'readers',
    summary: 'Readers, by address',
    scope: 'readers:read',
    query: z.strictObject({
      q: words(254).default('').describe('The beginning of an address, or `@` and a domain.'),
      status: status.optional(),
      limit,
      cursor: afterAddress.optional(),
    }),
    says: 'A page of them.',
    answer: pageOf(listed),
    async act({ db }, { query: { q: text, status: only = null, limit: most, cursor = '' } }) {
      const found = await searchReaders(db, { text, status: only, after: cursor, limit: most + 1 });
      const next = ({ email }: { email: string }) => z.encode(afterAddress, toEmailKey(email));
      return cutPage(found, { limit: most, next });
    },
  }),
  defineKeyRoute({
    method: 'post',
    path: '/subscribers',
    id: 'addReader',
    tag: 'readers',
    summary: 'Add somebody',
    details:
      'Without `evidence` they are sent the mail with the button, as if they had signed up; with it they read at once. Nothing changes for who reads already.',
    scope: 'readers:write',
    body: z.strictObject({
      email: emailShape,
      evidence: reason.optional().describe('Where, when and how they agreed: it is kept.'),
      preferences: z.strictObject(preferenceFields).optional(),
    }),
    says: 'What was done.',
    answer: z.object({ outcome: z.enum(['asked', 'active', 'already-active', 'suppressed']) }),
    tell: ({ outcome }) => outcome,
    async act(deps, { body: { email, evidence = null, preferences: given = {} } }) {
      const topicIds = listKnownTopicIds(await deps.readTopics());
      const parsed = parsePreferences(given, { topicIds, now: deps.now() });
      if (parsed.type === 'invalid') {
        const errors = toErrors(parsed.problems).map(({ path, message }) => ({
          path: `preferences.${path}`,
          message,
        }));
        return { refused: { status: 422, detail: 'Nothing was done.', errors } };
      }
      const outcome = await addReader(deps, { email, preferences: parsed.preferences, evidence });
      deps.wakeRequests();
      return { outcome };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/subscribers/{id}',
    id: 'showReader',
    tag: 'readers',
    summary: 'One reader',
    scope: 'readers:read',
    params,
    says: 'What is known of them.',
    answer: reader,
    async act(deps, { params: { id } }) {
      const shown = await show(deps, id, 0);
      return shown === null ? gone : { ...shown.subscriber, suppression: shown.suppression };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/subscribers/{id}/history',
    id: 'listReaderDays',
    tag: 'readers',
    summary: 'What came on their last days, and where nothing came, why',
    scope: 'readers:read',
    params,
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(longestHistory).default(14) }),
    says: 'A day each, the newest first.',
    answer: z.object({ days: z.array(toldDay) }),
    async act(deps, { params: { id }, query: { days } }) {
      const shown = await show(deps, id, days);
      if (shown === null) return gone;
      return {
        days: shown.history.map(({ day: date, story: { type, ...facts }, deliveryId }) => ({
          ...facts,
          day: date,
          story: type,
          deliveryId,
        })),
      };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/subscribers/{id}/next-digest',
    id: 'previewDigest',
    tag: 'readers',
    summary: 'The digest that they would get now, and why',
    scope: 'readers:read',
    params,
    says: 'Null for who gets none.',
    answer: z.object({ next: nextDigest.nullable() }),
    act: async ({ db, matches, now }, { params: { id } }) =>
      withReader({ db }, id, async (found) => ({ next: await chooseNext({ db, matches, now }, found) })),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/subscribers/{id}/confirm',
    id: 'confirmReader',
    tag: 'readers',
    summary: 'Press the button for somebody who signed up and cannot get at the mail',
    scope: 'readers:write',
    params,
    body: z.strictObject({ evidence: reason.describe('How you know that it is them: it is kept.') }),
    says: 'What was done.',
    answer: z.object({
      outcome: z.enum(['confirmed', 'already-active', 'nothing-asked', 'suppressed', 'unknown']),
    }),
    tell: ({ outcome }) => outcome,
    act: async (deps, { params: { id }, body: { evidence } }) =>
      withReader(deps, id, async ({ email }) => ({
        outcome: await confirmReader(deps, { email, evidence }),
      })),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/subscribers/{id}/suppress',
    id: 'suppressReader',
    tag: 'readers',
    summary: 'Send their address no mail any more',
    scope: 'readers:write',
    params,
    body: z.strictObject({ reason }),
    says: 'Whether it was not so already.',
    answer: z.object({ isNew: z.boolean() }),
    act: async ({ db, now }, { params: { id }, body }) =>
      withReader({ db }, id, async ({ email }) => ({
        isNew: await addSuppression(db, { email, cause: 'operator', reason: body.reason, now: now() }),
      })),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/subscribers/{id}/lift',
    id: 'liftReader',
    tag: 'readers',
    summary: 'Let their address get mail again',
    scope: 'readers:write',
    params,
    body: z.strictObject({}),
    says: 'How many suppressions barred it.',
    answer: z.object({ lifted: z.int() }),
    tell: ({ lifted }) => `${lifted} lifted`,
    act: async ({ db, now }, { params: { id } }) =>
      withReader({ db }, id, async ({ email }) => ({
        lifted: await liftSuppressions(db, { filter: { email }, now: now() }),
      })),
  }),
  defineKeyRoute({
    method: 'delete',
    path: '/subscribers/{id}',
    id: 'eraseReader',
    tag: 'readers',
    summary: 'Erase them, with all that is kept about them',
    scope: 'readers:write',
    params,
    says: 'Whether there was anybody.',
    answer: z.object({ erased: z.boolean() }),
    tell: ({ erased }) => (erased ? 'erased' : 'nobody was there'),
    async act(deps, { params: { id } }) {
      const found = await findReader(deps.db, id);
      await eraseReader(deps, id);
      return { erased: found !== null };
    },
  }),
];
