// /confirm/:token: a page with one button. Link scanners open links, so only the button confirms.
import type { RequestHandler } from 'express';
import { confirm } from '../../subscribers/confirm.ts';
import { findByToken } from '../../subscribers/find-by-token.ts';
import type { Preferences, Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../deps.ts';
import { sendTokenProblem } from './token-problem.ts';

type Handler = RequestHandler<{ token: string }>;

export function getConfirm(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const found = await findByToken(deps, { purpose: 'confirm', token });
    if (found.type !== 'found')
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'confirm' });
    const { subscriber } = found;
    if (subscriber.status === 'unsubscribed')
      return sendTokenProblem(deps, response, { state: 'expired', purpose: 'confirm' });
    response.send(
      deps.render('button', {
        title: 'Confirm your subscription',
        paragraphs: [
          `${subscriber.email} would get a digest ${describeSchedule(subscriber.preferences)}, on days with new papers that match.`,
        ],
        button: 'Confirm',
        smallPrint: 'You did not ask for this? Close the page: nothing happens, and no further mail comes.',
      }),
    );
  };
}

export function postConfirm(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const result = await confirm(deps, token);
    if (result.type === 'expired' || result.type === 'invalid') {
      return sendTokenProblem(deps, response, { state: result.type, purpose: 'confirm' });
    }
    const words = {
      confirmed: {
        title: 'You are in',
        text: 'Your first digest is on its way: look in your inbox in a few seconds.',
      },
      'already-confirmed': {
        title: 'You were in already',
        text: 'Your subscription was confirmed before. There is nothing left to do.',
      },
    }[result.type];
    const schedule = describeSchedule(result.subscriber.preferences);
    response.send(
      deps.render('message', {
        title: words.title,
        paragraphs: [words.text, `From then on it comes ${schedule}, on days with new papers that match.`],
        actions: [
          { href: linkToPreferences(deps, result.subscriber), label: 'Change what you get' },
          { href: deps.links.home(), label: 'To the front page' },
        ],
        isPrivate: true,
      }),
    );
  };
}

function linkToPreferences({ tokens, links, now }: PageDeps, { id }: Subscriber): string {
  return links.preferences(tokens.sign({ purpose: 'preferences', subscriberId: id, issuedAt: now() }));
}

/** `every day at 07:00 (Europe/Berlin)` */
function describeSchedule({ hour, timeZone }: Preferences): string {
  return `every day at ${String(hour).padStart(2, '0')}:00 (${timeZone})`;
}
