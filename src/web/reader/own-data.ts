// /preferences/:token/data: everything that is known about the reader, to keep. /preferences/:token/erase: and gone.
import { eraseReader } from '../../subscribers/erase-reader.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { sendData } from '../http/send-data.ts';
import type { ReaderHandler } from './open-link.ts';

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
        paragraphs: [t('erase.text', { email: subscriber.email }), t('erase.warning')],
        button: t('erase.button'),
        smallPrint: t('erase.smallPrint'),
        actions: [
          { href: links.data(token), label: t('account.download') },
          { href: links.preferences(token), label: t('account.back') },
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
