// /api/v1/subscription/data and /address: one's own data to take away or to erase, and another address. By the token of
// a preferences link.
import type { RequestHandler } from 'express';
import { requestAddressChange } from '../../subscribers/change-address.ts';
import { eraseReader } from '../../subscribers/erase-reader.ts';
import { parseEmail } from '../../subscribers/parse-preferences.ts';
import type { WebDeps } from '../http/deps.ts';
import { sendProblem, toErrors } from '../http/problem.ts';
import { sendData } from '../http/send-data.ts';
import { authenticate } from './subscription.ts';

type Deps = Pick<WebDeps, 'config' | 'db' | 'tokens' | 'now' | 'promises' | 'wakeDelivery'>;

export function getData(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber !== null) await sendData(deps, response, subscriber.id);
  };
}

export function deleteData(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber === null) return;
    await eraseReader(deps, subscriber.id);
    response.status(204).end();
  };
}

/** The answer is the same whether or not somebody else has the address. */
export function postAddress(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
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
      detail: 'A mail is on its way to the new address. Nothing changes until the link in it was confirmed.',
    });
  };
}

const refusals = {
  'same-address': {
    status: 422,
    detail: 'Nothing was changed.',
    errors: [{ path: 'email', message: 'is the address of this subscription already' }],
  },
  'too-many': { status: 429, detail: 'These were many changes for one day. Try again tomorrow.' },
  'not-active': { status: 409, detail: 'This subscription is not confirmed, or has ended.' },
};
