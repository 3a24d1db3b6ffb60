// /undo/:token: back after a goodbye. Link scanners open links, so only the button undoes.
import type { RequestHandler, Response } from 'express';
import { findUndo, type UndoState, undoUnsubscribe } from '../../subscribers/account/unsubscribe.ts';
import { showAddress } from '../../text/address.ts';
import { sendTokenProblem } from '../http/answers/token-problem.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { linkToPreferences } from './preferences-link.ts';

type Handler = RequestHandler<{ token: string }>;

export function getUndo(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const state = await findUndo(deps, token);
    if (state.type !== 'can-undo') return sendState(deps, response, state);
    const { words, render } = openPage(deps, response, state.subscriber);
    const { t } = words;
    response.send(
      render('button', {
        title: t('undo.title'),
        paragraphs: [t('undo.text', { email: showAddress(state.subscriber.email) })],
        button: t('undo.button'),
        smallPrint: t('undo.smallPrint'),
      }),
    );
  };
}

export function postUndo(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) =>
    sendState(deps, response, await undoUnsubscribe(deps, token));
}

function sendState(deps: PageDeps, response: Response, state: UndoState): void {
  if (!('subscriber' in state)) {
    sendTokenProblem(deps, response, { state: state.type, purpose: 'undo' });
    return;
  }
  const { words, links, render } = openPage(deps, response, state.subscriber);
  const { t } = words;
  response.send(
    render('message', {
      title: t('undo.done'),
      paragraphs: [t('undo.doneText')],
      actions: [
        { href: linkToPreferences({ ...deps, links }, state.subscriber), label: t('confirm.change') },
        { href: links.home(), label: t('links.home') },
      ],
      isPrivate: true,
    }),
  );
}
