// /preferences/:token: what one gets, and when. The signed link stands for a password.
import type { RequestHandler, Response } from 'express';
import { changePreferences } from '../../subscribers/change-preferences.ts';
import { findByToken } from '../../subscribers/find-by-token.ts';
import { limits, type Problem, parsePreferences } from '../../subscribers/preferences.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../deps.ts';
import { listKnownTopicIds } from '../known-topics.ts';
import { type FormBody, readPreferenceFields, viewForm } from './preferences-form.ts';
import { sendTokenProblem } from './token-problem.ts';

type Handler = RequestHandler<{ token: string }>;

export function getPreferences(deps: PageDeps): Handler {
  return async ({ params: { token }, query }, response) => {
    const found = await findByToken(deps, { purpose: 'preferences', token });
    if (found.type !== 'found')
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'preferences' });
    const { subscriber } = found;
    if (subscriber.status === 'unsubscribed') return sendEnded(deps, response);
    await sendPreferences(deps, response, { subscriber, body: null, isSaved: query.saved === '1' });
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
      topicIds: await listKnownTopicIds(deps.db, subscriber.preferences.topics),
      defaults: subscriber.preferences,
    });
    if (parsed.type === 'invalid') {
      return sendPreferences(deps, response.status(422), {
        subscriber,
        body,
        isSaved: false,
        problems: parsed.problems,
      });
    }
    await changePreferences(deps, { subscriberId: subscriber.id, preferences: parsed.preferences });
    response.redirect(303, `${deps.links.preferences(token)}?saved=1`);
  };
}

async function sendPreferences(
  deps: PageDeps,
  response: Response,
  page: { subscriber: Subscriber; body: FormBody | null; isSaved: boolean; problems?: Problem[] },
): Promise<void> {
  const { subscriber, body, isSaved, problems = [] } = page;
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
      isSaved,
      unsubscribeHref: deps.links.unsubscribe(unsubscribeToken),
    }),
  );
}

function sendEnded({ render, links }: PageDeps, response: Response): void {
  response.send(
    render('message', {
      title: 'You are unsubscribed',
      paragraphs: [
        'You get no digests, so there is nothing to set here. Sign up again on the front page to get them back.',
      ],
      actions: [{ href: links.home(), label: 'Sign up again' }],
      isPrivate: true,
    }),
  );
}
