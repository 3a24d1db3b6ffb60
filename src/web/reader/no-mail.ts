// /no-mail/:token, out of any account mail: a page with one button, for whoever has the mailbox. It shows no address, and
// needs no account.
import type { RequestHandler } from 'express';
import { barMailbox, checkNoMailLink } from '../../subscribers/suppressions/bar-mailbox.ts';
import { sendTokenProblem } from '../http/answers/token-problem.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';

type Handler = RequestHandler<{ token: string }>;

export function getNoMail(deps: PageDeps): Handler {
  return ({ params: { token } }, response) => {
    if (checkNoMailLink(deps, token) === 'invalid')
      return sendTokenProblem(deps, response, { state: 'invalid', purpose: 'no-mail' });
    const { words, render } = openPage(deps, response);
    const { siteName } = deps.config;
    response.send(
      render('button', {
        title: words.t('noMail.title'),
        paragraphs: [words.t('noMail.text', { siteName })],
        button: words.t('noMail.button'),
        smallPrint: words.t('noMail.smallPrint', { siteName }),
      }),
    );
  };
}

export function postNoMail(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    if ((await barMailbox(deps, token)) === 'invalid')
      return sendTokenProblem(deps, response, { state: 'invalid', purpose: 'no-mail' });
    const { words, links, render } = openPage(deps, response);
    const { siteName } = deps.config;
    response.send(
      render('message', {
        title: words.t('noMail.done'),
        paragraphs: [words.t('noMail.doneText', { siteName })],
        actions: [{ href: links.home(), label: words.t('links.home') }],
        isPrivate: true,
      }),
    );
  };
}
