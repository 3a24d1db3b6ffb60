// A digest that was sent, as a page. /digest/:token shows its papers, and may be passed on: nothing on it is its reader's.
// /vote/:token shows the same with buttons for more and fewer of each kind.
import type { RequestHandler } from 'express';
import { signDigestLink } from '../../ledger/digest-links.ts';
import { findSentDigest, type SentDigest } from '../../ledger/reports/history.ts';
import { readReason } from '../../ledger/reports/stored-picks.ts';
import type { Paper } from '../../papers/paper.ts';
import type { StoredReason } from '../../papers/pick-store.ts';
import { findPapers } from '../../papers/store.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { isDay } from '../../text/days.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage, type Page } from '../http/open-page.ts';
import { listOutsideLinks } from '../public/listed-paper.ts';
import { viewPaper } from '../public/paper-view.ts';
import { type DigestHandler, openLink, type ReaderHandler } from './open-link.ts';
import { findVote } from './vote.ts';

export function getSharedDigest(deps: PageDeps): DigestHandler {
  return async ({ subscriber, digest }, _request, response) => {
    const page = openPage(deps, response, subscriber);
    response.send(
      page.render('shared-digest', {
        day: page.words.days.full(digest.edition),
        papers: await viewPapers(deps, { digest: hideOwnWords(digest), page }),
        subscribeHref: page.links.home(),
      }),
    );
  };
}

/** What may be passed on says which topics the papers are about, and nothing that its reader typed, chose by name or liked. */
function hideOwnWords(digest: SentDigest): SentDigest {
  const isOfTopic = ({ topic, words, ...own }: StoredReason) =>
    topic !== undefined && Object.values(own).every((value) => value === undefined);
  return {
    ...digest,
    picks: digest.picks.map((pick) => ({ ...pick, because: pick.because.filter(isOfTopic) })),
  };
}

export function getVotes(deps: PageDeps): DigestHandler {
  return async ({ subscriber, token, digest }, { query }, response) => {
    const page = openPage(deps, response, subscriber);
    const papers = await viewPapers(deps, { digest, page });
    const votes = deps.links.votes(token);
    const shared = signDigestLink(deps.tokens, { purpose: 'view', delivery: digest, subscriber });
    response.send(
      page.render('sent-digest', {
        day: page.words.days.full(digest.edition),
        papers: papers.map((view) => ({
          ...view,
          vote: findVote(subscriber, view),
          action: page.links.vote({ votes, seq: view.seq }),
        })),
        isNoted: query.noted === '1',
        isTop: digest.picks.length > 0 && digest.picks.every(({ because }) => because.length === 0),
        sharedHref: page.links.digest(shared),
      }),
    );
  };
}

type Shown = ReturnType<typeof viewPaper> & { seq: number; outside: ReturnType<typeof listOutsideLinks> };

async function viewPapers(
  { db, readTopics }: Pick<PageDeps, 'db' | 'readTopics'>,
  { digest: { picks }, page: { words, links } }: { digest: SentDigest; page: Page },
): Promise<Shown[]> {
  const papers = await findPapers(
    db,
    picks.map(({ seq }) => seq),
  );
  const { names } = await readTopics(words.language);
  return picks.flatMap(({ seq, because }) => {
    const paper: Paper | undefined = papers.get(seq);
    if (paper === undefined) return [];
    const reasons = because.map((reason) => readReason(reason, names));
    return { ...viewPaper(paper, { links, words, reasons }), seq, outside: listOutsideLinks(paper, words.t) };
  });
}

/**
 * Mails of before this was so called their web view by the key to the preferences. It opens nothing here: who has such a
 * link is sent on to the page that may be passed on. For every other token, and for what is not of that kind, `next`.
 */
export function forwardOldView(deps: PageDeps): RequestHandler<{ token: string }> {
  const forward = openLink(deps, { purpose: 'preferences', whoLeft: 'comes-in' }, forwardToView(deps));
  return (request, response, next) => {
    const { token } = request.params;
    const { type } = deps.tokens.verify({ purpose: 'preferences', token, now: deps.now() });
    return type === 'invalid' ? next() : forward(request, response, next);
  };
}

/** The same where the address names the day. */
export function forwardToView(deps: PageDeps): ReaderHandler<{ token: string; edition?: string }> {
  return async ({ subscriber, issuedAt }, { params: { edition = null } }, response) => {
    const digest = await findOld(deps, { subscriber, edition, issuedAt });
    if (digest === null) return sendErrorPage(deps, response, 404, { key: 'sentDigest.noneOfDay' });
    const { links } = openPage(deps, response, subscriber);
    const token = signDigestLink(deps.tokens, { purpose: 'view', delivery: digest, subscriber });
    response.redirect(303, links.digest(token));
  };
}

/** Likewise the votes of such a mail. */
export function forwardToVote(deps: PageDeps): ReaderHandler<{ token: string; seq: string; wish?: string }> {
  return async ({ subscriber, issuedAt }, { params: { seq, wish } }, response) => {
    const digest = await findOld(deps, { subscriber, edition: null, issuedAt });
    const pick = digest?.picks.find((each) => String(each.seq) === seq);
    if (digest === null || pick === undefined) return sendErrorPage(deps, response, 404);
    const { links } = openPage(deps, response, subscriber);
    const token = signDigestLink(deps.tokens, { purpose: 'vote', delivery: digest, subscriber });
    const choice = { votes: deps.links.votes(token), seq: pick.seq };
    response.redirect(303, links.vote(wish === 'more' || wish === 'fewer' ? { ...choice, wish } : choice));
  };
}

function findOld(
  { db }: Pick<PageDeps, 'db'>,
  { subscriber, edition, issuedAt }: { subscriber: Subscriber; edition: string | null; issuedAt: Date },
): Promise<SentDigest | null> {
  if (edition !== null && !isDay(edition)) return Promise.resolve(null);
  return findSentDigest(db, { subscriberId: subscriber.id, edition, issuedAt });
}
