// Pages for links that do not work (any more), each with the way out.
import type { Response } from 'express';
import type { TokenPurpose } from '../../tokens.ts';
import type { PageDeps } from '../deps.ts';

const wayOut: Record<TokenPurpose, string> = {
  confirm: 'Sign up again on the front page: a new mail with a fresh link comes at once.',
  preferences: 'The link at the foot of your newest mail works. Or sign up again on the front page.',
  unsubscribe:
    'Copy the whole link from the foot of your newest mail. Or answer any of our mails: a person reads it and takes you off.',
};

const states = {
  expired: {
    status: 410,
    title: 'This link has expired',
    text: 'Links work for a limited time, and this one is over.',
  },
  invalid: {
    status: 404,
    title: 'This link does not work',
    text: 'Part of it may be missing: mail programs sometimes break long links.',
  },
};

export function sendTokenProblem(
  { render, links }: Pick<PageDeps, 'render' | 'links'>,
  response: Response,
  { state, purpose }: { state: 'expired' | 'invalid'; purpose: TokenPurpose },
): void {
  const { status, title, text } = states[state];
  response.status(status).send(
    render('message', {
      title,
      paragraphs: [text, wayOut[purpose]],
      actions: [{ href: links.home(), label: 'To the front page' }],
      isPrivate: true,
    }),
  );
}

/** For whoever left: there is nothing to set any more. */
export function sendEnded({ render, links }: Pick<PageDeps, 'render' | 'links'>, response: Response): void {
  response.send(
    render('message', {
      title: 'You are unsubscribed',
      paragraphs: [
        'You get no digests, so there is nothing to set here. Sign up again on the front page to get them back.',
      ],
      actions: [{ href: links.home(), label: 'Sign up again' }],
      isPrivate: true,
    }),
  );
}
