// /preferences: "send me my preferences link". Same page, same time, whether or not the address is subscribed: that is looked up
// after the answer.
import type { RequestHandler, Response } from 'express';
import type { Message } from '../../languages/catalogue.ts';
import { parseEmail } from '../../subscribers/preferences/parse-preferences.ts';
import { requestPreferencesLink } from '../../subscribers/sign-up/request-preferences-link.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { readTypedEmail, sendEmailForm } from '../public/email-form.ts';

export function getRequestLink(deps: PageDeps): RequestHandler {
  return (_request, response) => sendForm(deps, response, { email: '', problem: null });
}

export function postRequestLink(deps: PageDeps): RequestHandler {
  return async ({ body }, response) => {
    const parsed = parseEmail(body.email);
    if (parsed.type === 'invalid') {
      const problem = parsed.problems[0]?.words ?? null;
      return sendForm(deps, response.status(422), { email: readTypedEmail(body), problem });
    }
    await requestPreferencesLink(deps, parsed.email);
    const { words, links, render } = openPage(deps, response);
    const { t } = words;
    response.send(
      render('message', {
        title: t('inbox.title'),
        paragraphs: [t('sendLink.sent'), t('sendLink.noMail')],
        actions: [{ href: links.home(), label: t('links.home') }],
        isPrivate: true,
      }),
    );
    deps.wakeRequests();
  };
}

function sendForm(
  deps: PageDeps,
  response: Response,
  form: { email: string; problem: Message | null },
): void {
  const { t } = openPage(deps, response).words;
  sendEmailForm(deps, response, {
    ...form,
    title: t('sendLink.title'),
    text: t('sendLink.text'),
    label: t('sendLink.label'),
    button: t('sendLink.button'),
    smallPrint: t('sendLink.smallPrint'),
  });
}
