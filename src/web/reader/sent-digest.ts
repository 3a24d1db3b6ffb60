// /digest/:token and /digest/:token/:edition: a digest that was sent (the one of the mail that the link is in, or the last
// one, or that of a day), as a page, with buttons for more and fewer of each kind.
import type { Reason } from '../../digests/digest.ts';
import { findSentDigest } from '../../ledger/history.ts';
import { organizationKey } from '../../papers/organizations.ts';
import type { StoredReason } from '../../papers/pick-store.ts';
import { findPapers } from '../../papers/store.ts';
import { isDay } from '../../text/days.ts';
import { listTopicNames } from '../../topics/store.ts';
import type { PageDeps } from '../http/deps.ts';
import { sendErrorPage } from '../http/error-page.ts';
import { openPage } from '../http/open-page.ts';
import { listOutsideLinks } from '../public/listed-paper.ts';
import { viewPaper } from '../public/paper-view.ts';
import type { ReaderHandler } from './open-link.ts';
import { findVote } from './vote.ts';

export function getSentDigest(deps: PageDeps): ReaderHandler<{ token: string; edition?: string }> {
  const { db } = deps;
  return async ({ subscriber, token, issuedAt }, { params: { edition }, query }, response) => {
    const { words, links, render } = openPage(deps, response, subscriber);

    const digest =
      edition === undefined || isDay(edition)
        ? await findSentDigest(db, {
            subscriberId: subscriber.id,
            edition: edition ?? null,
            issuedAt,
          })
        : null;
    if (edition !== undefined && digest === null)
      return sendErrorPage(deps, response, 404, { key: 'sentDigest.noneOfDay' });
    const picks = digest?.picks ?? [];
    const papers = await findPapers(
      db,
      picks.map(({ seq }) => seq),
    );
    const topicNames = await listTopicNames(db);
    response.send(
      render('sent-digest', {
        day: digest === null ? null : words.days.full(digest.edition),
        papers: picks.flatMap(({ seq, because }) => {
          const paper = papers.get(seq);
          if (paper === undefined) return [];
          const reasons = because.map((reason) => readReason(reason, topicNames));
          return {
            ...viewPaper(paper, { links, words, reasons }),
            seq,
            outside: listOutsideLinks(paper, words.t),
            vote: findVote(subscriber, paper),
            action: links.vote({ digest: deps.links.digest(token), seq }),
          };
        }),
        isNoted: query.noted === '1',
        isTop: picks.length > 0 && picks.every(({ because }) => because.length === 0),
        edition: edition ?? '',
        historyHref: links.history(token),
        preferencesHref: links.preferences(token),
      }),
    );
  };
}

/** Scores are not looked at any more: the reasons come in their order. */
function readReason(
  { topic, query, organization, words }: StoredReason,
  topicNames: ReadonlyMap<string, string>,
): Reason {
  if (organization !== undefined) {
    const key = organizationKey(organization);
    return { type: 'organization', key, name: organization, score: 0, because: [] };
  }
  if (query !== undefined) return { type: 'query', query, score: 0, because: words };
  return {
    type: 'topic',
    id: topic ?? '',
    name: topicNames.get(topic ?? '') ?? topic ?? '',
    score: 0,
    because: words,
  };
}
