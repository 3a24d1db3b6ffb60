// /preferences/:token: what one gets, and when. The signed link stands for a password.
import type { RequestHandler, Response } from 'express';
import { changePreferences } from '../../subscribers/change-preferences.ts';
import { findByToken } from '../../subscribers/find-by-token.ts';
import { limits, type Problem, parsePreferences } from '../../subscribers/preferences.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { resetVotes } from '../../subscribers/vote.ts';
import type { PageDeps } from '../deps.ts';
import { listKnownTopicIds } from '../known-topics.ts';
import { sendErrorPage } from './error-page.ts';
import { viewLeanings } from './leanings-view.ts';
import { type FormBody, readPreferenceFields, viewForm } from './preferences-form.ts';
import { sendEnded, sendTokenProblem } from './token-problem.ts';

type Handler = RequestHandler<{ token: string }>;

export function getPreferences(deps: PageDeps): Handler {
  return async ({ params: { token }, query }, response) => {
    const found = await findByToken(deps, { purpose: 'preferences', token });
    if (found.type !== 'found')
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'preferences' });
    const { subscriber } = found;
    if (subscriber.status === 'unsubscribed') return sendEnded(deps, response);
    const notice = query.saved === '1' ? 'saved' : query.forgotten === '1' ? 'forgotten' : null;
    await sendPreferences(deps, response, { token, subscriber, body: null, notice });
  };
}

export function postPreferences(deps: PageDeps): Handler {
  return async ({ params: { token }, body }, response) => {
    const found = await findByToken(deps, { purpose: 'preferences', token });
    if (found.type !== 'found')
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'preferences' });
    const { subscriber } = found;
    if (subscriber.status === 'unsubscribed') return sendEnded(deps, response.status(409));

    const parsed = parsePreferences(readPreferenceFields(body), {
      topicIds: await listKnownTopicIds(deps.db, subscriber.preferences),
      defaults: subscriber.preferences,
    });
    if (parsed.type === 'invalid') {
      return sendPreferences(deps, response.status(422), {
        token,
        subscriber,
        body,
        notice: null,
        problems: parsed.problems,
      });
    }
    await changePreferences(deps, { subscriberId: subscriber.id, preferences: parsed.preferences });
    response.redirect(303, `${deps.links.preferences(token)}?saved=1`);
  };
}

/** The buttons beside what votes changed: takes back one interest, or all. */
export function postForgetVotes(deps: PageDeps): Handler {
  return async ({ params: { token }, body }, response) => {
    const found = await findByToken(deps, { purpose: 'preferences', token });
    if (found.type !== 'found')
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'preferences' });
    const interest = body.all === '1' ? null : body.interest;
    if (interest !== null && typeof interest !== 'string')
      return sendErrorPage(deps, response, 400, 'Go back, and press one of the buttons.');
    await resetVotes(deps, { subscriberId: found.subscriber.id, interest });
    response.redirect(303, `${deps.links.preferences(token)}?forgotten=1#votes`);
  };
}

async function sendPreferences(
  deps: PageDeps,
  response: Response,
  page: {
    token: string;
    subscriber: Subscriber;
    body: FormBody | null;
    notice: 'saved' | 'forgotten' | null;
    problems?: Problem[];
  },
): Promise<void> {
  const { token, subscriber, body, notice, problems = [] } = page;
  const unsubscribeToken = deps.tokens.sign({
    purpose: 'unsubscribe',
    subscriberId: subscriber.id,
    issuedAt: deps.now(),
  });
  response.send(
    deps.render('preferences', {
      email: subscriber.email,
      form: await viewForm(deps.db, { body, defaults: subscriber.preferences, problems }),
      mostPapers: limits.maxPapers,
      notice,
      leanings: await viewLeanings(deps.db, subscriber),
      forgetHref: `${deps.links.preferences(token)}/votes`,
      digestHref: deps.links.digest(token),
      unsubscribeHref: deps.links.unsubscribe(unsubscribeToken),
    }),
  );
}
