// /vote/:token/papers/:seq: more like this, or fewer. Link scanners open links, so only a button votes.
import type { SentDigest } from '../../ledger/reports/history.ts';
import type { Paper } from '../../papers/paper.ts';
import { findPaper } from '../../papers/store.ts';
import { addToQuery } from '../../platform/links.ts';
import { castVote, listInterestsOf, type Wish, withdrawVote } from '../../subscribers/preferences/vote.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { readSequenceNumber } from '../http/read-step.ts';
import { viewPaper } from '../public/paper-view.ts';
import { createInterestNames } from '../public/preferences/interest-names.ts';
import type { DigestHandler } from './open-link.ts';

type Params = { token: string; seq: string; wish?: string };

export function getVote(deps: PageDeps): DigestHandler<Params> {
  return async ({ subscriber, token, digest }, { params, query }, response) => {
    const paper = await findVotedPaper(deps, { params, digest });
    if (paper === null) return sendErrorPage(deps, response, 404);
    const { words, links, render } = openPage(deps, response, subscriber);
    const interests = await listInterestsOf(deps.db, { subscriber, paper });
    const nameOf = createInterestNames({ words, topicNames: (await deps.readTopics(words.language)).names }, [
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
        action: links.vote({ votes: deps.links.votes(token), seq: paper.seq }),
        digestHref: links.votes(token),
        // By mail: whoever was passed the digest on gets no further than this vote.
        preferencesHref: links.requestPreferences(),
      }),
    );
  };
}

/** `wish` is more, fewer or neither; `from` is the page to go back to. */
export function postVote(deps: PageDeps): DigestHandler<Params> {
  return async ({ subscriber, token, digest }, { params, body }, response) => {
    const paper = await findVotedPaper(deps, { params, digest });
    if (paper === null) return sendErrorPage(deps, response, 404);
    const wish = readWish(body.wish);
    if (wish !== null) await castVote(deps, { subscriberId: subscriber.id, paper, wish });
    else if (body.wish === 'neither')
      await withdrawVote(deps, { subscriberId: subscriber.id, paperSeq: paper.seq });
    else return sendErrorPage(deps, response, 400, { key: 'errors.pressButton' });

    const { links } = openPage(deps, response, subscriber);
    const back =
      body.from === 'digest'
        ? `${addToQuery(links.votes(token), 'noted', '1')}#paper-${paper.seq}`
        : addToQuery(links.vote({ votes: deps.links.votes(token), seq: paper.seq }), 'noted', '1');
    response.redirect(303, back);
  };
}

export function findVote({ votes }: Pick<Subscriber, 'votes'>, { seq }: Pick<Paper, 'seq'>): Wish | null {
  return votes.find(({ paperSeq }) => paperSeq === seq)?.wish ?? null;
}

function readWish(given: unknown): Wish | null {
  return given === 'more' || given === 'fewer' ? given : null;
}

/** Null: the digest has no such paper, or there is no such wish. */
function findVotedPaper(
  { db }: PageDeps,
  { params: { seq, wish }, digest }: { params: Params; digest: SentDigest },
): Promise<Paper | null> {
  const number = readSequenceNumber(seq);
  const isKnown = wish === undefined || readWish(wish) !== null;
  const isInDigest = digest.picks.some((pick) => pick.seq === number);
  return number === null || !isKnown || !isInDigest ? Promise.resolve(null) : findPaper(db, number);
}
