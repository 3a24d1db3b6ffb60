// A route behind a signed link: which kind of link opens it, and what becomes of those who left. The one place where a
// page's token is proved and its reader is read.
import type { Request, RequestHandler, Response } from 'express';
import { type DigestPurpose, findByDigestLink } from '../../ledger/digest-links.ts';
import type { SentDigest } from '../../ledger/reports/history.ts';
import type { TokenPurpose } from '../../platform/keys/tokens.ts';
import { findByToken } from '../../subscribers/find-by-token.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { sendEnded, sendTokenProblem } from '../http/answers/token-problem.ts';
import type { PageDeps } from '../http/deps.ts';

/** What a link opened: whose it is, and when it was made. */
export type Opened = { subscriber: Subscriber; token: string; issuedAt: Date };

export type ReaderHandler<Params extends { token: string } = { token: string }> = (
  opened: Opened,
  request: Request<Params>,
  response: Response,
) => Promise<void> | void;

export type Door = {
  /** The one kind of link that opens it. */
  purpose: TokenPurpose;
  /** Who left is told so, is refused (409), or comes in like everybody else. */
  whoLeft: 'is-told' | 'is-refused' | 'comes-in';
};

/** `handle` runs for a good link only; whoever has another one gets a page that says why, and the way out. */
export function openLink<Params extends { token: string }>(
  deps: PageDeps,
  { purpose, whoLeft }: Door,
  handle: ReaderHandler<Params>,
): RequestHandler<Params> {
  return async (request, response) => {
    const { token } = request.params;
    const found = await findByToken(deps, { purpose, token });
    if (found.type !== 'found') return sendTokenProblem(deps, response, { state: found.type, purpose });
    const { subscriber, issuedAt } = found;
    if (subscriber.status === 'unsubscribed' && whoLeft !== 'comes-in') {
      if (whoLeft === 'is-refused') response.status(409);
      return sendEnded(deps, response, { subscriber, token: purpose === 'preferences' ? token : null });
    }
    await handle({ subscriber, token, issuedAt }, request, response);
  };
}

export type OpenedDigest = { subscriber: Subscriber; token: string; digest: SentDigest };

export type DigestHandler<Params extends { token: string } = { token: string }> = (
  opened: OpenedDigest,
  request: Request<Params>,
  response: Response,
) => Promise<void> | void;

export type DigestDoor = Door & { purpose: DigestPurpose };

/** The same for a link that is about one digest. */
export function openDigestLink<Params extends { token: string }>(
  deps: PageDeps,
  { purpose, whoLeft }: DigestDoor,
  handle: DigestHandler<Params>,
): RequestHandler<Params> {
  return async (request, response) => {
    const { token } = request.params;
    const found = await findByDigestLink(deps, { purpose, token });
    if (found.type !== 'found') return sendTokenProblem(deps, response, { state: found.type, purpose });
    const { subscriber, digest } = found;
    if (subscriber.status === 'unsubscribed' && whoLeft !== 'comes-in') {
      if (whoLeft === 'is-refused') response.status(409);
      return sendEnded(deps, response, { subscriber, token: null });
    }
    await handle({ subscriber, token, digest }, request, response);
  };
}
