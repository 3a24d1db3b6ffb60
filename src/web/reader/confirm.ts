// /confirm/:token: a page that shows what was asked for, with one button. Link scanners open links, so only the button confirms.
import type { RequestHandler, Response } from 'express';
import { confirm, findConfirmable } from '../../subscribers/sign-up/confirm.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { sendTokenProblem } from '../http/answers/token-problem.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { viewChoices } from '../public/preferences/choices-view.ts';
import { describeSchedule } from '../public/preferences/schedule-words.ts';
import { linkToPreferences } from './preferences-link.ts';

export function getConfirm(deps: PageDeps): RequestHandler<{ token: string }> {
  return async ({ params: { token } }, response) => {
    const found = await findConfirmable(deps, token);
    if (found.type === 'already-confirmed') {
      const { words, links, render } = openPage(deps, response, found.subscriber);
      const { t } = words;
      response.send(
        render('message', {
          title: t('confirm.confirmedBefore'),
          paragraphs: [t('confirm.confirmedBeforeText')],
          actions: [
            { href: links.requestPreferences(), label: t('sendLink.title') },
            { href: links.home(), label: t('links.home') },
          ],
          isPrivate: true,
        }),
      );
      return;
    }
    if (found.type !== 'open') {
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'confirm' });
    }
    const { email, preferences } = found.wanted;
    const { words, render } = openPage(deps, response, found.wanted);
    const { t } = words;
    const schedule = describeSchedule(preferences, words);
    response.send(
      render('button', {
        title: t('confirm.title'),
        paragraphs: [t('confirm.text', { email, schedule }), t('confirm.chosen')],
        choices: viewChoices(preferences, {
          words,
          topicNames: (await deps.readTopics(words.language)).names,
        }),
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
    sendConfirmed(deps, response, result);
  };
}

function sendConfirmed(
  deps: PageDeps,
  response: Response,
  { type, subscriber }: { type: keyof typeof outcomes; subscriber: Subscriber },
): void {
  const { words, links, render } = openPage(deps, response, subscriber);
  const { t } = words;
  const keys = outcomes[type];
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
}
