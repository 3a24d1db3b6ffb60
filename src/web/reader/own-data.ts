// /account/:token/data: everything that is known about the reader, to keep. /account/:token/erase: and gone.
import { eraseReader } from '../../subscribers/account/erase-reader.ts';
import { requestAccountLink } from '../../subscribers/account/own-links.ts';
import { showAddress } from '../../text/address.ts';
import { sendData } from '../http/answers/send-data.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import type { ReaderHandler } from './open-link.ts';

export function getAccount(deps: PageDeps): ReaderHandler {
  return ({ subscriber, token }, _request, response) => {
    const { links, render } = openPage(deps, response, subscriber);
    response.send(
      render('own-account', {
        email: showAddress(subscriber.email),
        addressHref: subscriber.status === 'active' ? links.changeAddress(token) : null,
        dataHref: links.data(token),
        eraseHref: links.erase(token),
      }),
    );
  };
}

/** The page's button, and the only way in: a fresh link in the reader's own mailbox. */
export function postRequestAccount(deps: PageDeps): ReaderHandler {
  return async ({ subscriber }, _request, response) => {
    const result = await requestAccountLink(deps, subscriber.id);
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    response.status(result === 'requested' ? 200 : 429).send(
      render('message', {
        title: t(result === 'requested' ? 'inbox.title' : 'account.title'),
        paragraphs: [t(result === 'requested' ? 'account.asked' : 'account.tooMany')],
        actions: [{ href: links.home(), label: t('links.home') }],
        isPrivate: true,
      }),
    );
  };
}

/** Where a link to the preferences is not enough. */
export function refuseDear(deps: PageDeps): ReaderHandler {
  return ({ subscriber, token }, _request, response) => {
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    response.status(403).send(
      render('message', {
        title: t('account.title'),
        paragraphs: [t('account.ask')],
        post: { action: links.requestAccount(token), button: t('account.mailMe') },
        isPrivate: true,
      }),
    );
  };
}

export function getData(deps: PageDeps): ReaderHandler {
  return ({ subscriber }, _request, response) => sendData(deps, response, subscriber.id);
}

export function getErase(deps: PageDeps): ReaderHandler {
  return ({ subscriber, token }, _request, response) => {
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    response.send(
      render('button', {
        title: t('erase.title'),
        paragraphs: [t('erase.text', { email: showAddress(subscriber.email) }), t('erase.warning')],
        button: t('erase.button'),
        smallPrint: t('erase.smallPrint'),
        actions: [
          { href: links.data(token), label: t('account.download') },
          { href: links.account(token), label: t('account.back') },
        ],
      }),
    );
  };
}

export function postErase(deps: PageDeps): ReaderHandler {
  return async ({ subscriber }, _request, response) => {
    await eraseReader(deps, subscriber.id);
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    response.send(
      render('message', {
        title: t('erase.done'),
        paragraphs: [t('erase.doneText')],
        actions: [{ href: links.home(), label: t('links.home') }],
        isPrivate: true,
      }),
    );
  };
}
