// /digest/:token/papers/:seq: more like this, or fewer. Link scanners open links, so only a button votes.
import type { RequestHandler, Response } from 'express';
import type { Paper } from '../../papers/paper.ts';
import { findPaper } from '../../papers/store.ts';
import { addToQuery } from '../../platform/links.ts';
import { findByToken } from '../../subscribers/find-by-token.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { castVote, listInterestsOf, type Wish, withdrawVote } from '../../subscribers/vote.ts';
import { isDay } from '../../text/days.ts';
import type { PageDeps } from '../http/deps.ts';
import { sendErrorPage } from '../http/error-page.ts';
import { openPage } from '../http/open-page.ts';
import { createInterestNames } from '../public/interest-names.ts';
import { readSequenceNumber } from '../public/paper.ts';
import { viewPaper } from '../public/paper-view.ts';
import { sendEnded, sendTokenProblem } from './token-problem.ts';

type Params = { token: string; seq: string; wish?: string };

export function getVote(deps: PageDeps): RequestHandler<Params> {
  return async ({ params, query }, response) => {
    const found = await findVoter(deps, response, params);
    if (found === null) return;
    const { subscriber, paper } = found;
    const { words, links, render } = openPage(deps, response, subscriber);
    const interests = await listInterestsOf(deps.db, found);
    const nameOf = await createInterestNames({ db: deps.db, words }, [paper.organization ?? '']);
    response.send(
      render('vote', {
        paper: viewPaper(paper, { links, words }),
        about: words.list(interests.map(nameOf)),
        vote: findVote(subscriber, paper),
        // The link that was followed says which button is the likely one.
        suggested: readWish(params.wish),
        isNoted: query.noted === '1',
        action: links.vote({ digest: deps.links.digest(params.token), seq: paper.seq }),
        digestHref: links.digest(params.token),
        preferencesHref: links.preferences(params.token),
      }),
    );
  };
}

/** `wish` is more, fewer or neither; `from` is the page to go back to. */
export function postVote(deps: PageDeps): RequestHandler<Params> {
  return async ({ params, body }, response) => {
    const found = await findVoter(deps, response, params);
    if (found === null) return;
    const { subscriber, paper } = found;
    const wish = readWish(body.wish);
    if (wish !== null) await castVote(deps, { subscriberId: subscriber.id, paper, wish });
    else if (body.wish === 'neither')
      await withdrawVote(deps, { subscriberId: subscriber.id, paperSeq: paper.seq });
    else return sendErrorPage(deps, response, 400, { key: 'errors.pressButton' });

    const { links } = openPage(deps, response, subscriber);
    const edition = isDay(body.edition) ? body.edition : undefined;
    const back =
      body.from === 'digest'
        ? `${addToQuery(links.digest(params.token, edition), 'noted', '1')}#paper-${paper.seq}`
        : addToQuery(links.vote({ digest: deps.links.digest(params.token), seq: paper.seq }), 'noted', '1');
    response.redirect(303, back);
  };
}

export function findVote({ votes }: Subscriber, { seq }: Paper): Wish | null {
  return votes.find(({ paperSeq }) => paperSeq === seq)?.wish ?? null;
}

function readWish(given: unknown): Wish | null {
  return given === 'more' || given === 'fewer' ? given : null;
}

/** Null when the answer was sent already: the link is not good, its reader left, or there is no such paper. */
async function findVoter(
  deps: PageDeps,
  response: Response,
  { token, seq, wish }: Params,
): Promise<{ subscriber: Subscriber; paper: Paper } | null> {
  const found = await findByToken(deps, { purpose: 'preferences', token });
  if (found.type !== 'found') {
    sendTokenProblem(deps, response, { state: found.type, purpose: 'preferences' });
    return null;
  }
  if (found.subscriber.status === 'unsubscribed') {
    sendEnded(deps, response, { subscriber: found.subscriber, token });
    return null;
  }
  const number = readSequenceNumber(seq);
  const isKnown = wish === undefined || readWish(wish) !== null;
  const paper = number === null || !isKnown ? null : await findPaper(deps.db, number);
  if (paper === null) {
    sendErrorPage(deps, response, 404);
    return null;
  }
  return { subscriber: found.subscriber, paper };
}
