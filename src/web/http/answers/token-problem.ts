// Pages for links that do not work (any more), each with the way out.
import type { Response } from 'express';
import type { MessageKey } from '../../../languages/catalogue.ts';
import type { TokenPurpose } from '../../../platform/keys/tokens.ts';
import type { Subscriber } from '../../../subscribers/subscriber.ts';
import type { SpeakingDeps } from '../deps.ts';
import { openPage } from '../open-page.ts';

const wayOut: Record<TokenPurpose, MessageKey> = {
  confirm: 'wayOut.confirm',
  preferences: 'wayOut.preferences',
  account: 'wayOut.account',
  view: 'wayOut.digest',
  vote: 'wayOut.digest',
  unsubscribe: 'wayOut.unsubscribe',
  feed: 'wayOut.feed',
  undo: 'wayOut.undo',
  'confirm-address': 'wayOut.confirmAddress',
  'keep-address': 'wayOut.keepAddress',
  'no-mail': 'wayOut.noMail',
};

const states = {
  expired: { status: 410, title: 'expired.title', text: 'expired.text' },
  invalid: { status: 404, title: 'broken.title', text: 'broken.text' },
  gone: { status: 410, title: 'gone.title', text: 'gone.text' },
} as const;

export function sendTokenProblem(
  deps: SpeakingDeps,
  response: Response,
  { state, purpose }: { state: keyof typeof states; purpose: TokenPurpose },
): void {
  const { status, title, text } = states[state];
  const { words, links, render } = openPage(deps, response);
  const { t } = words;
  response.status(status).send(
    render('message', {
      title: t(title),
      paragraphs: [t(text), ...(state === 'gone' ? [] : [t(wayOut[purpose])])],
      actions: [
        { href: links.requestPreferences(), label: t('sendLink.title') },
        { href: links.home(), label: t('links.home') },
      ],
      isPrivate: true,
    }),
  );
}

/** For whoever left: nothing to set any more, but their data are still theirs. `token` is that of the preferences, if the page has it. */
export function sendEnded(
  deps: SpeakingDeps,
  response: Response,
  { subscriber, token }: { subscriber: Subscriber; token: string | null },
): void {
  const { words, links, render } = openPage(deps, response, subscriber);
  const { t } = words;
  response.send(
    render('message', {
      title: t('preferences.ended'),
      paragraphs: [t('preferences.endedText'), ...(token === null ? [] : [t('account.ask')])],
      post: token === null ? null : { action: links.requestAccount(token), button: t('account.mailMe') },
      actions: [{ href: links.home(), label: t('links.signUpAgain') }],
      isPrivate: true,
    }),
  );
}
