// /confirm/:token: a page with one button. Link scanners open links, so only the button confirms.
import type { RequestHandler } from 'express';
import { confirm } from '../../subscribers/confirm.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { sendTokenProblem } from '../http/token-problem.ts';
import { describeSchedule } from '../public/schedule-words.ts';
import type { ReaderHandler } from './open-link.ts';
import { linkToPreferences } from './preferences-link.ts';

export function getConfirm(deps: PageDeps): ReaderHandler {
  return ({ subscriber }, _request, response) => {
    if (subscriber.status === 'unsubscribed')
      return sendTokenProblem(deps, response, { state: 'expired', purpose: 'confirm' });
    const { words, render } = openPage(deps, response, subscriber);
    const { t } = words;
    const schedule = describeSchedule(subscriber.preferences, words);
    response.send(
      render('button', {
        title: t('confirm.title'),
        paragraphs: [t('confirm.text', { email: subscriber.email, schedule })],
        button: t('confirm.button'),
        smallPrint: t('confirm.smallPrint'),
      }),
    );
  };
}

const outcomes = {
  confirmed: { title: 'confirm.confirmed', text: 'confirm.confirmedText' },
  'already-confirmed': { title: 'confirm.confirmedBefore', text: 'confirm.confirmedBeforeText' },
} as const;

export function postConfirm(deps: PageDeps): RequestHandler<{ token: string }> {
  return async ({ params: { token } }, response) => {
    const result = await confirm(deps, token);
    if (!('subscriber' in result)) {
      return sendTokenProblem(deps, response, { state: result.type, purpose: 'confirm' });
    }
    const { subscriber } = result;
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    const keys = outcomes[result.type];
    const schedule = describeSchedule(subscriber.preferences, words);
    response.send(
      render('message', {
        title: t(keys.title),
        paragraphs: [t(keys.text), t('confirm.fromThenOn', { schedule })],
        actions: [
          { href: linkToPreferences({ ...deps, links }, subscriber), label: t('confirm.change') },
          { href: links.home(), label: t('links.home') },
        ],
        isPrivate: true,
      }),
    );
  };
}
