// What an operator does by the console: a table of actions, each over the same functions as its command. Whatever comes of
// one goes into the log, and is told on the page that it came from.
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { holdEdition } from '../../ledger/hold-edition.ts';
import type { DeliveryFilter } from '../../ledger/reports/delivery-list.ts';
import { type Retried, resendDigest, retryFailed, settleUnknown } from '../../ledger/retry.ts';
import { deliveryStates } from '../../ledger/states.ts';
import { createKey, revokeKey } from '../../operators/api-keys.ts';
import { recordAction } from '../../operators/audit.ts';
import { adminName } from '../../operators/rules.ts';
import { scopeNames } from '../../operators/scopes.ts';
import { addToQuery } from '../../platform/links.ts';
import { eraseReader } from '../../subscribers/account/erase-reader.ts';
import { addReader, confirmReader } from '../../subscribers/by-hand.ts';
import { parseEmail } from '../../subscribers/preferences/parse-preferences.ts';
import { defaultPreferences } from '../../subscribers/preferences/preferences.ts';
import { findSubscriber } from '../../subscribers/store.ts';
import {
  addSuppression,
  countWished,
  liftSuppressions,
} from '../../subscribers/suppressions/suppression-store.ts';
import { isDay } from '../../text/days.ts';
import { readRowId } from '../../text/row-id.ts';
import { describeFirst } from '../../text/schema-words.ts';
import { addEndpoint, enableEndpoint, findUrlProblem, removeEndpoint } from '../../webhooks/endpoints.ts';
import { eventTypes } from '../../webhooks/events.ts';
import { addTest } from '../../webhooks/messages.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { type Action, type Done, defineAction, sure } from './define-action.ts';
import type { AdminLocals } from './open-session.ts';
import { type AdminDeps, sendAdminPage } from './page.ts';
import { askSource } from './sources.ts';
import { topicActions } from './topic-actions.ts';
import { sendTest } from './tries/mail.ts';

const day = z.string().refine(isDay);
const deliveryId = z.string().transform((text, context) => {
  const id = readRowId(text);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: 'That is not the number of a delivery.' });
  return z.NEVER;
});
const reader = z.object({ reader: z.uuid() });
const endpoint = z.object({ id: z.uuid() });
const words = z.string().trim().min(3, 'needs a few words').max(500);
const address = z.string().transform((text, context) => {
  const parsed = parseEmail(text);
  if (parsed.type !== 'invalid') return parsed.email;
  context.addIssue({ code: 'custom', message: 'That is not a mail address.' });
  return z.NEVER;
});

const hold = (state: 'paused' | 'cancelled' | null, result: string) =>
  defineAction(z.object({ edition: day }), async ({ db, now, wakeDelivery }, { edition }) => {
    await holdEdition(db, { edition, state, now: now() });
    if (state === null) await wakeDelivery();
    return { target: edition, result };
  });

async function retry({ db, now, wakeDelivery }: AdminDeps, filter: DeliveryFilter): Promise<string> {
  const result = await retryFailed(db, { filter, now: now() });
  if (result.retried > 0) await wakeDelivery();
  return tellRetried(result);
}

function tellRetried({ retried, left }: Retried): string {
  const causes = Object.entries(left).map(
    ([cause, count]) => `${count} left (${cause.replaceAll('_', ' ')})`,
  );
  return [`${retried} are due now`, ...causes].join('; ');
}

async function getEmail({ db }: AdminDeps, id: string): Promise<string> {
  const subscriber = await findSubscriber(db, id);
  if (subscriber === null)
    throw new z.ZodError([{ code: 'custom', path: [], message: 'The reader is gone.', input: id }]);
  return subscriber.email;
}

export const actions: Record<string, Action> = {
  ...topicActions,
  'edition-pause': hold('paused', 'Paused: nothing of it leaves.'),
  'edition-resume': hold(null, 'It goes on.'),
  'edition-cancel': defineAction(z.object({ edition: day, sure }), async ({ db, now }, { edition }) => {
    await holdEdition(db, { edition, state: 'cancelled', now: now() });
    return { target: edition, result: 'Cancelled: its papers come with the next digest.' };
  }),
  'edition-retry': defineAction(
    z.object({
      edition: day,
      state: z.enum(deliveryStates).optional(),
      reason: z
        .string()
        .regex(/^\w{1,60}$/)
        .optional(),
    }),
    async (deps, { edition, state, reason }) => ({
      target: edition,
      result: await retry(deps, { edition, state, reason }),
    }),
  ),
  'edition-settle': defineAction(
    z.object({ edition: day, as: z.enum(['sent', 'not-sent']), sure }),
    async ({ db, now, wakeDelivery }, { edition, as }) => {
      const settled = await settleUnknown(db, { filter: { edition }, as, now: now() });
      if (as === 'not-sent') await wakeDelivery();
      return { target: edition, result: `${settled} settled as ${as.replace('-', ' ')}.` };
    },
  ),
  'delivery-retry': defineAction(z.object({ id: deliveryId }), async (deps, { id }) => ({
    target: `delivery ${id}`,
    result: await retry(deps, { id }),
  })),
  'delivery-resend': defineAction(
    z.object({ id: deliveryId, sure }),
    async ({ db, now, wakeDelivery }, { id }) => {
      const resent = await resendDigest(db, { id, now: now() });
      if (resent.retried > 0) await wakeDelivery();
      return { target: `delivery ${id}`, result: tellRetried(resent) };
    },
  ),
  'delivery-settle': defineAction(
    z.object({ id: deliveryId, as: z.enum(['sent', 'not-sent']) }),
    async ({ db, now, wakeDelivery }, { id, as }) => {
      const settled = await settleUnknown(db, { filter: { id }, as, now: now() });
      if (as === 'not-sent') await wakeDelivery();
      const result = settled === 0 ? 'It was settled already.' : `Settled as ${as.replace('-', ' ')}.`;
      return { target: `delivery ${id}`, result };
    },
  ),
  'reader-add': defineAction(
    z.object({ email: address, evidence: z.string().trim().max(500) }),
    async (deps, { email, evidence }) => {
      const outcome = await addReader(deps, {
        email,
        preferences: defaultPreferences,
        evidence: evidence === '' ? null : evidence,
      });
      deps.wakeRequests();
      return { target: 'a reader', result: addedWords[outcome] };
    },
  ),
  'reader-confirm': defineAction(reader.extend({ evidence: words }), async (deps, form) => {
    const email = await getEmail(deps, form.reader);
    const outcome = await confirmReader(deps, { email, evidence: form.evidence });
    return { target: `reader ${form.reader}`, result: outcome.replaceAll('-', ' ') };
  }),
  'reader-suppress': defineAction(reader.extend({ reason: words }), async (deps, form) => {
    const email = await getEmail(deps, form.reader);
    await addSuppression(deps.db, { email, cause: 'operator', reason: form.reason, now: deps.now() });
    return { target: `reader ${form.reader}`, result: 'The address gets no mail any more.' };
  }),
  'reader-lift': defineAction(reader, async (deps, form) => {
    const email = await getEmail(deps, form.reader);
    const lifted = await liftSuppressions(deps.db, { filter: { email }, now: deps.now() });
    return {
      target: `reader ${form.reader}`,
      result: lifted > 0 ? 'It gets mail again.' : 'Nothing barred it.',
    };
  }),
  'reader-erase': defineAction(reader.extend({ sure }), async (deps, form) => {
    await eraseReader(deps, form.reader);
    return { target: `reader ${form.reader}`, result: 'Erased, with all that was kept about them.' };
  }),
  'suppression-add': defineAction(z.object({ email: address, reason: words }), async ({ db, now }, form) => {
    const { email, reason } = form;
    const isNew = await addSuppression(db, { email, cause: 'operator', reason, now: now() });
    return {
      target: 'an address',
      result: isNew ? 'It gets no mail any more.' : 'It was suppressed already.',
    };
  }),
  'key-create': defineAction(
    z.object({
      name: z.string().trim().regex(adminName, 'is not made of small letters, digits, dots, - and _.'),
      scopes: z.preprocess(
        (given) => [given ?? []].flat(),
        z.array(z.enum(scopeNames)).min(1, 'Say what it may.'),
      ),
      expires: z.union([day, z.literal('')]),
    }),
    async ({ db, now }, { name, scopes, expires }, createdBy) => {
      const expiresAt = expires === '' ? null : new Date(expires);
      const target = `key ${name}`;
      if (expiresAt !== null && expiresAt <= now())
        return { target, result: `One that ends on ${expires} would open nothing: take a day to come.` };
      const key = await createKey(db, { name, scopes, createdBy, expiresAt, now: now() });
      if (key === null)
        return { target, result: 'The name is taken. A key that was revoked keeps its name.' };
      return { target, result: `It may: ${scopes.join(', ')}.`, once: { name: 'Key', value: key } };
    },
  ),
  'key-revoke': defineAction(z.object({ name: z.string(), sure }), async ({ db, now }, { name }) => {
    const isRevoked = await revokeKey(db, { name, now: now() });
    return { target: `key ${name}`, result: isRevoked ? 'It opens nothing any more.' : 'It opened nothing.' };
  }),
  'mail-test': defineAction(z.object({ email: address }), sendTest),
  'source-ask': defineAction(z.object({ source: z.string().max(200) }), askSource),
  'webhook-add': defineAction(
    z.object({
      url: z.string().trim(),
      events: z.preprocess(
        (given) => [given ?? []].flat(),
        z.array(z.enum(eventTypes)).min(1, 'Say what it is told of.'),
      ),
    }),
    async ({ db, now, config }, { url, events }, createdBy) => {
      const target = 'a webhook';
      const problem = findUrlProblem(url, config.hookTargets);
      if (problem !== null) return { target, result: `Not done. The address ${problem}.` };
      const added = await addEndpoint(db, { url, events, createdBy, now: now() });
      if (added === null) return { target, result: 'Not done. The address is there already.' };
      const result = `It is told of: ${events.join(', ')}.`;
      return {
        target: `webhook ${added.id}`,
        result,
        once: { name: 'Secret that its messages are signed with', value: added.secret },
      };
    },
  ),
  'webhook-test': defineAction(endpoint, async ({ db, now }, { id }) => {
    const message = await addTest(db, { endpointId: id, now: now() });
    return {
      target: `webhook ${id}`,
      result: message === null ? 'Nothing was sent: it is disabled, or gone.' : 'A test is on its way.',
    };
  }),
  'webhook-enable': defineAction(endpoint, async ({ db, now }, { id }) => {
    const isEnabled = await enableEndpoint(db, { id, now: now() });
    return {
      target: `webhook ${id}`,
      result: isEnabled ? 'It is told again; what waited is sent.' : 'It is gone.',
    };
  }),
  'webhook-remove': defineAction(endpoint.extend({ sure }), async ({ db }, { id }) => {
    const isRemoved = await removeEndpoint(db, id);
    return { target: `webhook ${id}`, result: isRemoved ? 'It is told nothing any more.' : 'It was gone.' };
  }),
  'suppression-lift': defineAction(
    z.object({
      reason: z.string().trim().max(200),
      domain: z.string().trim().max(253),
      since: z.union([day, z.literal('')]),
      sure,
    }),
    async ({ db, now }, { reason, domain, since }) => {
      const filter = {
        ...(reason === '' ? {} : { reason }),
        ...(domain === '' ? {} : { domain }),
        ...(since === '' ? {} : { since: new Date(since) }),
      };
      if (Object.keys(filter).length === 0)
        throw new z.ZodError([
          { code: 'custom', path: [], message: 'Say which: a cause, a domain or a day.', input: filter },
        ]);
      const lifted = await liftSuppressions(db, { filter, now: now() });
      const wished = await countWished(db, filter);
      const stay = wished === 0 ? '' : ` ${wished} more stay: they were asked for, by hand or in a file.`;
      return { target: Object.keys(filter).join(', '), result: `${lifted} addresses get mail again.${stay}` };
    },
  ),
};

const addedWords: Readonly<Record<Awaited<ReturnType<typeof addReader>>, string>> = {
  asked: 'They are sent the mail with the button.',
  active: 'They read from now on.',
  'already-active': 'They read already, and keep what they chose.',
  suppressed: 'The address is suppressed: nothing was done.',
};

export function postAction(deps: AdminDeps): RequestHandler<{ action: string }> {
  const { logger } = deps;
  return async ({ params: { action: name }, body }, response) => {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) return sendErrorPage(deps, response, 404);
    const { session } = response.locals as AdminLocals;
    const { done, isRefused } = await act(action, deps, { form: body, adminName: session.admin.name });
    const { target, result, once } = done;
    if (!isRefused) logger.info({ admin: session.admin.name, action: name }, 'action of an administrator');
    const entry = { action: name, target, result };
    const back =
      typeof body.back === 'string' && /^(?:\/[\w.-]{1,60}){0,3}$/.test(body.back) ? body.back : '';
    if (once === undefined) return recordAndReturn(deps, response, { ...entry, back });
    await record(deps, response, entry);
    showOnce(deps, response, { target, result, once });
  };
}

type Entry = { action: string; target: string; result: string };

/** In the log, as what the administrator did who is logged in. */
export function record({ db, now }: AdminDeps, response: Response, entry: Entry): Promise<bigint> {
  const { session } = response.locals as AdminLocals;
  return recordAction(db, { at: now(), adminName: session.admin.name, ...entry });
}

/** Back to a page below /admin, which says what came of it. */
export async function recordAndReturn(
  deps: AdminDeps,
  response: Response,
  { back, ...entry }: Entry & { back: string },
): Promise<void> {
  const id = await record(deps, response, entry);
  response.redirect(303, addToQuery(deps.links.admin(back), 'done', String(id)));
}

/** The answer to the form itself: no address leads to it again. */
function showOnce(deps: AdminDeps, response: Response, { target, result, once }: Required<Done>): void {
  sendAdminPage(deps, response, {
    title: `Made: ${target}`,
    lead: 'This is shown once. Put it away now.',
    sections: [
      {
        type: 'facts',
        facts: [
          [once.name, once.value],
          ['Came to', result],
        ],
      },
    ],
  });
}

/** A form that cannot be is answered in words, and changes nothing. */
async function act(
  action: Action,
  deps: AdminDeps,
  { form, adminName }: { form: Record<string, unknown>; adminName: string },
): Promise<{ done: Done; isRefused: boolean }> {
  try {
    return { done: await action(deps, form, adminName), isRefused: false };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { done: { target: '–', result: `Not done. ${describeFirst(error)}` }, isRefused: true };
  }
}
