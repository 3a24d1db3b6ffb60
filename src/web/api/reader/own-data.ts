// /api/v1/subscription/data and /address: one's own data to take away or to erase, and another address. By the token of
// an account link, which is short-lived and mailed when it is asked for.
import type { RequestHandler } from 'express';
import { requestAddressChange } from '../../../subscribers/account/change-address.ts';
import { eraseReader } from '../../../subscribers/account/erase-reader.ts';
import { dateLinks } from '../../../subscribers/account/mail-links.ts';
import { closeLinks, requestAccountLink } from '../../../subscribers/account/own-links.ts';
import { parseEmail } from '../../../subscribers/preferences/parse-preferences.ts';
import { sendProblem, toErrors } from '../../http/answers/problem.ts';
import { sendData } from '../../http/answers/send-data.ts';
import type { WebDeps } from '../../http/deps.ts';
import { asOwner, asWhoLeft, authenticate, refuseToken } from './subscription.ts';

type Deps = Pick<WebDeps, 'config' | 'db' | 'tokens' | 'now' | 'promises' | 'wakeDelivery'>;

export function getData(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response, asOwner);
    if (subscriber !== null) await sendData(deps, response, subscriber.id);
  };
}

export function deleteData(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response, asOwner);
    if (subscriber === null) return;
    await eraseReader(deps, subscriber.id);
    response.status(204).end();
  };
}

/** The answer is the same whether or not somebody else has the address. */
export function postAddress(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response, asOwner);
    if (subscriber === null) return;
    const parsed = parseEmail(request.body.email, deps.config.disposableDomains);
    if (parsed.type === 'invalid')
      return sendProblem(response, {
        status: 422,
        detail: 'Nothing was changed.',
        errors: toErrors(parsed.problems),
      });
    const result = await requestAddressChange(deps, { subscriberId: subscriber.id, email: parsed.email });
    if (result !== 'requested') return sendProblem(response, refusals[result]);
    response.status(202).json({
      status: 'accepted',
      detail:
        'A mail is on its way to the new address, unless that address is barred from mail. Nothing changes until the link in it was confirmed.',
    });
  };
}

const refusals = {
  'same-address': {
    status: 422,
    detail: 'Nothing was changed.',
    errors: [{ path: 'email', message: 'is the address of this subscription already' }],
  },
  'too-many': { status: 429, detail: 'That was asked for often enough for one day. Try again tomorrow.' },
  'not-active': { status: 409, detail: 'This subscription is not confirmed, or has ended.' },
};

/** To the subscription's own address, by the token of a preferences link. */
export function postAccountLink(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response, asWhoLeft);
    if (subscriber === null) return;
    const result = await requestAccountLink(deps, subscriber.id);
    if (result === 'too-many') return sendProblem(response, refusals['too-many']);
    response.status(202).json({
      status: 'accepted',
      detail:
        'A mail with a link that works for an hour is on its way to the address of this subscription, unless that address is barred from mail.',
    });
  };
}

/** Every link from before is closed, but those to leave; the answer has a fresh token of the preferences. */
export function postCloseLinks(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber === null) return;
    const closed = await closeLinks(deps, subscriber.id);
    if (closed === null) return refuseToken(response);
    const issuedAt = dateLinks({ createdAt: deps.now() }, closed);
    response.json({
      token: deps.tokens.sign({ purpose: 'preferences', subscriberId: closed.id, issuedAt }),
    });
  };
}
