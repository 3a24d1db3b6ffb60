// GET, PATCH and DELETE /api/v1/subscription: one's own, by the token of a preferences link.
import type { Request, RequestHandler, Response } from 'express';
import { unsubscribe } from '../../../subscribers/account/unsubscribe.ts';
import { findByToken } from '../../../subscribers/find-by-token.ts';
import { changePreferences } from '../../../subscribers/preferences/change-preferences.ts';
import { parsePreferences } from '../../../subscribers/preferences/parse-preferences.ts';
import type { Subscriber } from '../../../subscribers/subscriber.ts';
import { sendProblem, toErrors } from '../../http/answers/problem.ts';
import type { PageDeps } from '../../http/deps.ts';
import { listKnownTopicIds } from '../../http/known-topics.ts';
import { checkQuery } from '../check-query.ts';

type Deps = Pick<PageDeps, 'db' | 'tokens' | 'now'>;

export function getSubscription(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber !== null) response.json(toJson(subscriber));
  };
}

export function patchSubscription(deps: Deps & Pick<PageDeps, 'promises' | 'readTopics'>): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber === null) return;
    const parsed = parsePreferences(request.body, {
      topicIds: listKnownTopicIds(await deps.readTopics(), subscriber.preferences),
      defaults: subscriber.preferences,
      now: deps.now(),
    });
    if (parsed.type === 'invalid') {
      return sendProblem(response, {
        status: 422,
        detail: 'Nothing was changed.',
        errors: toErrors(parsed.problems),
      });
    }
    const { preferences } = parsed;
    const changed = await changePreferences(deps, { subscriberId: subscriber.id, preferences });
    if (changed === null) return refuseToken(response);
    response.json(toJson(changed));
  };
}

export function deleteSubscription(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response, asWhoLeft);
    if (subscriber === null) return;
    await unsubscribe(deps, subscriber.id);
    response.status(204).end();
  };
}

/** As at the doors of the pages: which token opens it, and whether to those who left. */
type ApiDoor = { purpose: 'preferences' | 'account'; whoLeft: 'is-refused' | 'comes-in' };

/** Who left has nothing to see or to set by an old link: it leads to a fresh one, and out once more. */
export const asReader: ApiDoor = { purpose: 'preferences', whoLeft: 'is-refused' };
export const asWhoLeft: ApiDoor = { purpose: 'preferences', whoLeft: 'comes-in' };
export const asOwner: ApiDoor = { purpose: 'account', whoLeft: 'comes-in' };

/** Null when the answer was sent already. */
export async function authenticate(
  deps: Deps,
  request: Request,
  response: Response,
  { purpose, whoLeft }: ApiDoor = asReader,
): Promise<Subscriber | null> {
  response.set('Cache-Control', 'no-store');
  const problem = checkQuery(request, 'token');
  if (problem !== null) {
    sendProblem(response, problem);
    return null;
  }
  const found = await findByToken(deps, { purpose, token: readToken(request) });
  if (found.type === 'found') {
    if (found.subscriber.status !== 'unsubscribed' || whoLeft === 'comes-in') return found.subscriber;
    sendProblem(response, ended);
    return null;
  }
  const weaker =
    purpose === 'account' &&
    (await findByToken(deps, { purpose: 'preferences', token: readToken(request) })).type === 'found';
  if (weaker) sendProblem(response, askForAccountLink);
  else refuseToken(response);
  return null;
}

const ended = { status: 409, detail: 'This subscription has ended. Sign up again to get digests.' };

const askForAccountLink = {
  status: 403,
  detail:
    'This asks for the token of an account link, which works for an hour. POST /api/v1/subscription/account-links, with the token that you have, mails one to the address of the subscription.',
};

function readToken(request: Request): string {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  const { token } = request.query;
  return bearer ?? (typeof token === 'string' ? token : '');
}

export function refuseToken(response: Response): void {
  response.set('WWW-Authenticate', 'Bearer');
  sendProblem(response, {
    status: 401,
    detail:
      'Send the token of a preferences link, as “Authorization: Bearer …” or “?token=…”. Every mail has such a link; the newest one works.',
  });
}

function toJson({
  email,
  status,
  preferences,
  nextDigestAt,
  createdAt,
  confirmedAt,
  unsubscribedAt,
}: Subscriber) {
  return { email, status, ...preferences, nextDigestAt, createdAt, confirmedAt, unsubscribedAt };
}
