// /preferences/:token/data: everything that is known about the reader, to keep. /preferences/:token/erase: and gone.
import type { RequestHandler } from 'express';
import { eraseReader } from '../../subscribers/erase-reader.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { sendData } from '../http/send-data.ts';
import { findOwner } from './find-reader.ts';

type Handler = RequestHandler<{ token: string }>;

export function getData(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const subscriber = await findOwner(deps, response, token);
    if (subscriber !== null) await sendData(deps, response, subscriber.id);
  };
}

export function getErase(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const subscriber = await findOwner(deps, response, token);
    if (subscriber === null) return;
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

export function postErase(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const subscriber = await findOwner(deps, response, token);
    if (subscriber === null) return;
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
