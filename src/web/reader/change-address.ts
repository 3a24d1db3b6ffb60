// /account/:token/address asks for another address; /address/:token, out of the mail to it, completes the change;
// /keep-address/:token, out of the note to the old one, stops it or takes it back.
import type { RequestHandler, Response } from 'express';
import type { Message, MessageKey } from '../../languages/catalogue.ts';
import {
  type AddressChanged,
  confirmAddress,
  findChange,
  keepAddress,
  requestAddressChange,
} from '../../subscribers/account/change-address.ts';
import { parseEmail } from '../../subscribers/preferences/parse-preferences.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { showAddress } from '../../text/address.ts';
import { sendTokenProblem } from '../http/answers/token-problem.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { readTypedEmail, sendEmailForm } from '../public/email-form.ts';
import type { ReaderHandler } from './open-link.ts';

type Handler = RequestHandler<{ token: string }>;

export function getChangeAddress(deps: PageDeps): ReaderHandler {
  return ({ subscriber, token }, _request, response) =>
    sendForm(deps, response, { token, subscriber, email: '', problem: null });
}

const refusals = {
  'same-address': { status: 422, key: 'address.same' },
  'too-many': { status: 429, key: 'address.tooMany' },
  'not-active': { status: 409, key: 'address.notActive' },
} as const;

export function postChangeAddress(deps: PageDeps): ReaderHandler {
  return async ({ subscriber, token }, { body }, response) => {
    const form = { token, subscriber, email: readTypedEmail(body) };
    const parsed = parseEmail(body.email, deps.config.disposableDomains);
    if (parsed.type === 'invalid') {
      const problem = parsed.problems[0]?.words ?? null;
      return sendForm(deps, response.status(422), { ...form, problem });
    }
    const change = { subscriberId: subscriber.id, email: parsed.email };
    const result = await requestAddressChange(deps, change);
    if (result !== 'requested') {
      const { status, key } = refusals[result];
      return sendForm(deps, response.status(status), { ...form, problem: { key } });
    }
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    response.send(
      render('message', {
        title: t('address.asked'),
        paragraphs: [t('address.askedText'), t('address.askedNote')],
        actions: [{ href: links.account(token), label: t('account.back') }],
        isPrivate: true,
      }),
    );
  };
}

export function getConfirmAddress(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const found = await findChange(deps, { purpose: 'confirm-address', token });
    if (!('change' in found))
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'confirm-address' });
    const { newEmail: email } = found.change;
    if (found.type === 'done')
      return sendChanged(deps, response, { changed: { type: 'done', email }, purpose: 'confirm-address' });
    const { words, render } = openPage(deps, response);
    const { t } = words;
    response.send(
      render('button', {
        title: t('address.confirm'),
        paragraphs: [t('address.confirmText', { email })],
        button: t('address.confirmButton'),
        smallPrint: t('confirm.smallPrint'),
      }),
    );
  };
}

export function postConfirmAddress(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) =>
    sendChanged(deps, response, {
      changed: await confirmAddress(deps, token),
      purpose: 'confirm-address',
    });
}

export function getKeepAddress(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const found = await findChange(deps, { purpose: 'keep-address', token });
    if (!('change' in found))
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'keep-address' });
    const { words, render } = openPage(deps, response);
    const { t } = words;
    response.send(
      render('button', {
        title: t('address.keep'),
        paragraphs: [t('address.keepText', { email: found.change.oldEmail })],
        button: t('address.keepButton'),
        smallPrint: t('address.keepSmallPrint'),
      }),
    );
  };
}

export function postKeepAddress(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) =>
    sendChanged(deps, response, { changed: await keepAddress(deps, token), purpose: 'keep-address' });
}

const outcomes: Record<'done' | 'kept' | 'taken', { status: number; title: MessageKey; text: MessageKey }> = {
  done: { status: 200, title: 'address.done', text: 'address.nowAt' },
  kept: { status: 200, title: 'address.kept', text: 'address.nowAt' },
  taken: { status: 409, title: 'address.taken', text: 'address.takenText' },
};

function sendChanged(
  deps: PageDeps,
  response: Response,
  { changed, purpose }: { changed: AddressChanged; purpose: 'confirm-address' | 'keep-address' },
): void {
  if (changed.type === 'expired' || changed.type === 'invalid' || changed.type === 'gone') {
    sendTokenProblem(deps, response, { state: changed.type, purpose });
    return;
  }
  const { status, title, text } = outcomes[changed.type];
  const { words, links, render } = openPage(deps, response);
  const { t } = words;
  response.status(status).send(
    render('message', {
      title: t(title),
      paragraphs: [t(text, 'email' in changed ? { email: showAddress(changed.email) } : {})],
      actions: [{ href: links.home(), label: t('links.home') }],
      isPrivate: true,
    }),
  );
}

function sendForm(
  deps: PageDeps,
  response: Response,
  {
    token,
    subscriber,
    ...form
  }: { token: string; subscriber: Subscriber; email: string; problem: Message | null },
): void {
  const { words, links } = openPage(deps, response, subscriber);
  const { t } = words;
  const page = {
    ...form,
    title: t('address.title'),
    text: t('address.text', { email: showAddress(subscriber.email) }),
    label: t('address.label'),
    button: t('address.button'),
    smallPrint: t('address.smallPrint'),
    actions: [{ href: links.account(token), label: t('account.back') }],
  };
  sendEmailForm(deps, response, page, subscriber);
}
