// /unsubscribe/:token: a page with one button, and one-click by POST (RFC 8058): no cookie, no redirect, no limit.

import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { signUndo } from '../../subscribers/account/mail-links.ts';
import { sayGoodbye, unsubscribe } from '../../subscribers/account/unsubscribe.ts';
import { findSubscriber } from '../../subscribers/store.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { showAddress } from '../../text/address.ts';
import { sendTokenProblem } from '../http/answers/token-problem.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import type { ReaderHandler } from './open-link.ts';

type Handler = RequestHandler<{ token: string }>;

export function getUnsubscribe(deps: PageDeps): ReaderHandler {
  return ({ subscriber }, _request, response) => {
    if (subscriber.status === 'unsubscribed') return sendGoodbye(deps, response, subscriber);
    const { words, links, render } = openPage(deps, response, subscriber);
    const { t } = words;
    response.send(
      render('button', {
        title: t('unsubscribe.title'),
        paragraphs: [t('unsubscribe.text', { email: showAddress(subscriber.email) })],
        button: t('unsubscribe.button'),
        hidden: [{ name: 'from', value: 'page' }],
        smallPrint: t('unsubscribe.smallPrint'),
        actions: [{ href: links.requestPreferences(), label: t('sendLink.title') }],
      }),
    );
  };
}

export function postUnsubscribe(deps: PageDeps): Handler {
  return async (request, response) => {
    const { token } = request.params;
    const pressed = await readUnsubscribe(request);
    const verified = deps.tokens.verify({ purpose: 'unsubscribe', token, now: deps.now() });
    // An old link says as clearly as a new one what its reader wants.
    const id = verified.type === 'invalid' ? null : verified.subscriberId;

    if (pressed === 'one-click') {
      if (id !== null) await unsubscribe(deps, id);
      response.type('text/plain').send('You are unsubscribed. No more digests will be sent.\n');
      return;
    }
    if (id === null) return sendTokenProblem(deps, response, { state: 'invalid', purpose: 'unsubscribe' });
    await sayGoodbye(deps, id);
    sendGoodbye(deps, response, await findSubscriber(deps.db, id));
  };
}

/** The way back is offered for as long as its token works, and to nobody who never confirmed or was erased. */
function sendGoodbye(deps: PageDeps, response: Parameters<Handler>[1], subscriber: Subscriber | null): void {
  const { words, links, render } = openPage(deps, response, subscriber ?? undefined);
  const { t } = words;
  const { tokens, now } = deps;
  const token = subscriber === null ? null : signUndo(tokens, subscriber);
  const canUndo = token !== null && tokens.verify({ purpose: 'undo', token, now: now() }).type === 'valid';
  response.send(
    render('message', {
      title: t('unsubscribe.goodbye'),
      paragraphs: [t('unsubscribe.goodbyeText'), ...(canUndo ? [t('undo.offer')] : [])],
      post: canUndo ? { action: links.undo(token), button: t('undo.button') } : null,
      actions: [{ href: links.home(), label: t('links.signUpAgain') }],
      isPrivate: true,
    }),
  );
}

const longestBody = 16 * 1024;

/**
 * A mail program may send its `List-Unsubscribe=One-Click` URL-encoded or as multipart, and whatever it sends, the
 * POST itself is the wish. So everything is one-click but our own form. Never fails; what is too long is not kept.
 */
async function readUnsubscribe(request: IncomingMessage): Promise<'button' | 'one-click'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The rest of a body that is too long is dropped once the answer is out.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > longestBody) break;
      chunks.push(chunk);
    }
  } catch {
    return 'one-click';
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('latin1')).get('from') === 'page'
    ? 'button'
    : 'one-click';
}
