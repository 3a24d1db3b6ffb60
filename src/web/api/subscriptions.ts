// POST /api/v1/subscriptions: sign-up. Neither the answer nor its time tells whether the address was known: nothing is looked up
// about it before the answer.
import type { RequestHandler } from 'express';
import { parseEmail, parsePreferences } from '../../subscribers/parse-preferences.ts';
import { requestSignUp } from '../../subscribers/sign-up.ts';
import { readTopics } from '../../topics/store.ts';
import { recordConsent } from '../http/consent.ts';
import type { WebDeps } from '../http/deps.ts';
import { listKnownTopicIds } from '../http/known-topics.ts';
import { sendProblem, toErrors } from '../http/problem.ts';

export function postSubscription(
  deps: Pick<WebDeps, 'config' | 'db' | 'wakeRequests' | 'hashSource' | 'now'>,
): RequestHandler {
  return async (request, response) => {
    const { email: givenEmail, ...givenPreferences } = request.body;
    const email = parseEmail(givenEmail, deps.config.disposableDomains);
    const preferences = parsePreferences(givenPreferences, {
      topicIds: listKnownTopicIds(await readTopics(deps.db)),
      now: deps.now(),
    });
    if (email.type === 'invalid' || preferences.type === 'invalid') {
      const errors = [email, preferences].flatMap((parsed) =>
        parsed.type === 'invalid' ? toErrors(parsed.problems) : [],
      );
      return sendProblem(response, { status: 422, detail: 'The subscription was not accepted.', errors });
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
