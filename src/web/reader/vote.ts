// /digest/:token/papers/:seq: more like this, or fewer. Link scanners open links, so only a button votes.
import type { Paper } from '../../papers/paper.ts';
import { findPaper } from '../../papers/store.ts';
import { addToQuery } from '../../platform/links.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { castVote, listInterestsOf, type Wish, withdrawVote } from '../../subscribers/vote.ts';
import { isDay } from '../../text/days.ts';
import { listTopicNames } from '../../topics/store.ts';
import type { PageDeps } from '../http/deps.ts';
import { sendErrorPage } from '../http/error-page.ts';
import { openPage } from '../http/open-page.ts';
import { readSequenceNumber } from '../http/read-step.ts';
import { createInterestNames } from '../public/interest-names.ts';
import { viewPaper } from '../public/paper-view.ts';
import type { ReaderHandler } from './open-link.ts';

type Params = { token: string; seq: string; wish?: string };

export function getVote(deps: PageDeps): ReaderHandler<Params> {
  return async ({ subscriber, token }, { params, query }, response) => {
    const paper = await findVotedPaper(deps, params);
    if (paper === null) return sendErrorPage(deps, response, 404);
    const { words, links, render } = openPage(deps, response, subscriber);
    const interests = await listInterestsOf(deps.db, { subscriber, paper });
    const nameOf = createInterestNames({ words, topicNames: await listTopicNames(deps.db) }, [
      paper.organization ?? '',
    ]);
    response.send(
      render('vote', {
        paper: viewPaper(paper, { links, words }),
        about: words.list(interests.map(nameOf)),
        vote: findVote(subscriber, paper),
        // The link that was followed says which button is the likely one.
        suggested: readWish(params.wish),
        isNoted: query.noted === '1',
        action: links.vote({ digest: deps.links.digest(token), seq: paper.seq }),
        digestHref: links.digest(token),
        preferencesHref: links.preferences(token),
      }),
    );
  };
}

/** `wish` is more, fewer or neither; `from` is the page to go back to. */
export function postVote(deps: PageDeps): ReaderHandler<Params> {
  return async ({ subscriber, token }, { params, body }, response) => {
    const paper = await findVotedPaper(deps, params);
    if (paper === null) return sendErrorPage(deps, response, 404);
    const wish = readWish(body.wish);
    if (wish !== null) await castVote(deps, { subscriberId: subscriber.id, paper, wish });
    else if (body.wish === 'neither')
      await withdrawVote(deps, { subscriberId: subscriber.id, paperSeq: paper.seq });
    else return sendErrorPage(deps, response, 400, { key: 'errors.pressButton' });

    const { links } = openPage(deps, response, subscriber);
    const edition = isDay(body.edition) ? body.edition : undefined;
    const back =
      body.from === 'digest'
        ? `${addToQuery(links.digest(token, edition), 'noted', '1')}#paper-${paper.seq}`
        : addToQuery(links.vote({ digest: deps.links.digest(token), seq: paper.seq }), 'noted', '1');
    response.redirect(303, back);
  };
}

export function findVote({ votes }: Subscriber, { seq }: Paper): Wish | null {
  return votes.find(({ paperSeq }) => paperSeq === seq)?.wish ?? null;
}

function readWish(given: unknown): Wish | null {
  return given === 'more' || given === 'fewer' ? given : null;
}

/** Null: there is no such paper, or no such wish. */
function findVotedPaper({ db }: PageDeps, { seq, wish }: Params): Promise<Paper | null> {
  const number = readSequenceNumber(seq);
  const isKnown = wish === undefined || readWish(wish) !== null;
  return number === null || !isKnown ? Promise.resolve(null) : findPaper(db, number);
}
