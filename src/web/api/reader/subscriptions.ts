// POST /api/v1/subscriptions: sign-up. Neither the answer nor its time tells whether the address was known: nothing is looked up
// about it before the answer.
import type { RequestHandler } from 'express';
import { parseEmail, parsePreferences } from '../../../subscribers/preferences/parse-preferences.ts';
import { requestSignUp } from '../../../subscribers/sign-up/sign-up.ts';
import { sendProblem, toErrors } from '../../http/answers/problem.ts';
import { recordConsent } from '../../http/consent.ts';
import type { PageDeps } from '../../http/deps.ts';
import { listKnownTopicIds } from '../../http/known-topics.ts';
import { admitSignUp } from '../../http/limits/proof-door.ts';

export function postSubscription(
  deps: Pick<
    PageDeps,
    'config' | 'db' | 'wakeRequests' | 'hashSource' | 'now' | 'proofs' | 'budgets' | 'readTopics'
  >,
): RequestHandler {
  return async (request, response) => {
    const { email: givenEmail, altcha, ...givenPreferences } = request.body;
    const email = parseEmail(givenEmail, deps.config.disposableDomains);
    const preferences = parsePreferences(givenPreferences, {
      topicIds: listKnownTopicIds(await deps.readTopics()),
      now: deps.now(),
    });
    if (email.type === 'invalid' || preferences.type === 'invalid') {
      const errors = [email, preferences].flatMap((parsed) =>
        parsed.type === 'invalid' ? toErrors(parsed.problems) : [],
      );
      return sendProblem(response, { status: 422, detail: 'The subscription was not accepted.', errors });
    }
    const admission = await admitSignUp(deps, request, typeof altcha === 'string' ? altcha : '');
    if (admission.type === 'refused') {
      response.set('Retry-After', String(admission.retryAfterSeconds));
      return sendProblem(response, askForProof);
    }
    const { language } = preferences.preferences;
    await requestSignUp(deps, {
      email: email.email,
      preferences: preferences.preferences,
      consent: recordConsent(deps, request, { door: 'api', language }),
    });
    response.status(202).set('Cache-Control', 'no-store').json({
      status: 'accepted',
      detail:
        'A mail is on its way to this address, unless it is barred from mail. Nothing else is sent until the link in it was followed and confirmed.',
    });
    deps.wakeRequests();
  };
}

const askForProof = {
  status: 429,
  detail:
    'Few sign-ups an hour are taken without a proof of work. Solve the challenge of GET /subscribe/challenge, and send it, once, as “altcha”.',
};
