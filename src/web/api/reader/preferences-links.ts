// POST /api/v1/preferences-links: a mail with the link. The answer never tells whether the address is known.
import type { RequestHandler } from 'express';
import { parseEmail } from '../../../subscribers/preferences/parse-preferences.ts';
import { requestPreferencesLink } from '../../../subscribers/sign-up/request-preferences-link.ts';
import { sendProblem, toErrors } from '../../http/answers/problem.ts';
import type { WebDeps } from '../../http/deps.ts';

export function postPreferencesLink(deps: Pick<WebDeps, 'db' | 'wakeRequests' | 'now'>): RequestHandler {
  return async (request, response) => {
    const parsed = parseEmail(request.body.email);
    if (parsed.type === 'invalid')
      return sendProblem(response, {
        status: 422,
        detail: 'No mail was sent.',
        errors: toErrors(parsed.problems),
      });
    await requestPreferencesLink(deps, parsed.email);
    response.status(202).set('Cache-Control', 'no-store').json({
      status: 'accepted',
      detail: 'If this address is subscribed, a mail with its preferences link is on its way.',
    });
    deps.wakeRequests();
  };
}
