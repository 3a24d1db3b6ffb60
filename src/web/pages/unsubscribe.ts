// /unsubscribe/:token: a page with one button, and one-click by POST (RFC 8058): no cookie, no redirect, no limit.
import type { RequestHandler } from 'express';
import { findByToken } from '../../subscribers/find-by-token.ts';
import { unsubscribe } from '../../subscribers/unsubscribe.ts';
import type { PageDeps } from '../deps.ts';
import { readUnsubscribe } from './read-unsubscribe.ts';
import { sendTokenProblem } from './token-problem.ts';

type Handler = RequestHandler<{ token: string }>;

export function getUnsubscribe(deps: PageDeps): Handler {
  return async ({ params: { token } }, response) => {
    const found = await findByToken(deps, { purpose: 'unsubscribe', token });
    if (found.type !== 'found')
      return sendTokenProblem(deps, response, { state: found.type, purpose: 'unsubscribe' });
    const { email, status } = found.subscriber;
    if (status === 'unsubscribed') return sendGoodbye(deps, response);
    response.send(
      deps.render('button', {
        title: 'Leave with one click',
        paragraphs: [`Press the button, and ${email} gets no more digests.`],
        button: 'Unsubscribe',
        hidden: [{ name: 'from', value: 'page' }],
        smallPrint:
          'Too many mails, or not the right papers? The preferences link in the same mail changes both.',
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
    if (verified.type !== 'invalid') await unsubscribe(deps, verified.subscriberId);

    if (pressed === 'one-click') {
      response.type('text/plain').send('You are unsubscribed. No more digests will be sent.\n');
      return;
    }
    if (verified.type === 'invalid')
      return sendTokenProblem(deps, response, { state: 'invalid', purpose: 'unsubscribe' });
    sendGoodbye(deps, response);
  };
}

function sendGoodbye({ render, links }: PageDeps, response: Parameters<Handler>[1]): void {
  response.send(
    render('message', {
      title: 'Goodbye',
      paragraphs: ['You are unsubscribed: no more digests will be sent. Thank you for reading.'],
      actions: [{ href: links.home(), label: 'Sign up again' }],
      isPrivate: true,
    }),
  );
}
