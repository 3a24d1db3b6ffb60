// /preferences/:token: what one gets, and when. The signed link stands for a password.
import type { Response } from 'express';
import type { MessageKey } from '../../languages/catalogue.ts';
import type { Language } from '../../languages/languages.ts';
import { signDigestLink } from '../../ledger/digest-links.ts';
import { findLastDigest } from '../../ledger/reports/history.ts';
import { addToQuery } from '../../platform/links.ts';
import { renewFeed, signFeed } from '../../subscribers/account/own-feed.ts';
import { closeLinks } from '../../subscribers/account/own-links.ts';
import { changePreferences } from '../../subscribers/preferences/change-preferences.ts';
import { type Problem, parsePreferences } from '../../subscribers/preferences/parse-preferences.ts';
import { resetVotes } from '../../subscribers/preferences/vote.ts';
import { showAddress } from '../../text/address.ts';
import { dayIn } from '../../text/days.ts';
import type { Topics } from '../../topics/store.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { listKnownTopicIds } from '../http/known-topics.ts';
import { openPage } from '../http/open-page.ts';
import { linkFeed } from '../public/feed-links.ts';
import { viewForm } from '../public/preferences/preferences-form.ts';
import { type FormBody, readPreferenceFields } from '../public/preferences/read-preferences.ts';
import { describeSchedule } from '../public/preferences/schedule-words.ts';
import type { Opened, ReaderHandler } from './open-link.ts';
import { linkToPreferences } from './preferences-link.ts';
import { viewVoteEffects } from './vote-effects.ts';

/** What was just done, as the address of the page says it. */
const notices = {
  saved: 'preferences.saved',
  forgotten: 'preferences.forgotten',
  renewed: 'preferences.renewed',
  closed: 'preferences.closed',
} as const;

export function getPreferences(deps: PageDeps): ReaderHandler {
  return async (opened, { query }, response) => {
    const notice = Object.entries(notices).find(([name]) => query[name] === '1')?.[1] ?? null;
    await sendPreferences(deps, response, {
      ...opened,
      topics: await deps.readTopics(languageFor(deps, response, opened)),
      body: null,
      notice,
    });
  };
}

function languageFor(
  deps: PageDeps,
  response: Response,
  { subscriber }: Pick<Parameters<ReaderHandler>[0], 'subscriber'>,
): Language {
  return openPage(deps, response, subscriber).words.language;
}

export function postPreferences(deps: PageDeps): ReaderHandler {
  return async (opened, { body }, response) => {
    const { subscriber, token } = opened;
    const topics = await deps.readTopics(languageFor(deps, response, opened));
    const parsed = parsePreferences(readPreferenceFields(body), {
      topicIds: listKnownTopicIds(topics, subscriber.preferences),
      defaults: subscriber.preferences,
      now: deps.now(),
    });
    if (parsed.type === 'invalid') {
      return sendPreferences(deps, response.status(422), {
        ...opened,
        topics,
        body,
        notice: null,
        problems: parsed.problems,
      });
    }
    await changePreferences(deps, { subscriberId: subscriber.id, preferences: parsed.preferences });
    // Without a language: the page speaks the one that was just saved.
    response.redirect(303, addToQuery(deps.links.preferences(token), 'saved', '1'));
  };
}

/** The buttons beside what votes changed: takes back one interest, or all. */
export function postForgetVotes(deps: PageDeps): ReaderHandler {
  return async ({ subscriber, token }, { body }, response) => {
    const interest = body.all === '1' ? null : body.interest;
    if (interest !== null && typeof interest !== 'string')
      return sendErrorPage(deps, response, 400, { key: 'errors.pressButton' });
    const isThere =
      interest === null || subscriber.votes.some(({ interests }) => interests.includes(interest));
    if (isThere) await resetVotes(deps, { subscriberId: subscriber.id, interest });
    const { links } = openPage(deps, response, subscriber);
    response.redirect(303, `${addToQuery(links.preferences(token), 'forgotten', '1')}#votes`);
  };
}

/** The button beside the feed: whoever has the old address is locked out. */
export function postRenewFeed(deps: PageDeps): ReaderHandler {
  return async ({ subscriber, token }, _request, response) => {
    await renewFeed(deps, subscriber.id);
    const { links } = openPage(deps, response, subscriber);
    response.redirect(303, `${addToQuery(links.preferences(token), 'renewed', '1')}#feed`);
  };
}

/** The reader goes on by a fresh link; whoever has one from before does not. */
export function postCloseLinks(deps: PageDeps): ReaderHandler {
  return async ({ subscriber }, _request, response) => {
    const closed = await closeLinks(deps, subscriber.id);
    if (closed === null) return sendErrorPage(deps, response, 404);
    const { links } = openPage(deps, response, subscriber);
    const fresh = linkToPreferences({ ...deps, links }, closed);
    response.redirect(303, `${addToQuery(fresh, 'closed', '1')}#account`);
  };
}

async function sendPreferences(
  deps: PageDeps,
  response: Response,
  page: Opened & {
    topics: Topics;
    body: FormBody | null;
    notice: MessageKey | null;
    problems?: Problem[];
  },
): Promise<void> {
  const { token, subscriber, topics, body, notice, problems = [] } = page;
  const { words, links, render } = openPage(deps, response, subscriber);
  const unsubscribeToken = deps.tokens.sign({
    purpose: 'unsubscribe',
    subscriberId: subscriber.id,
    issuedAt: deps.now(),
  });
  const { nextDigestAt, preferences } = subscriber;
  const [last, form, voteEffects] = await Promise.all([
    findLastDigest(deps.db, subscriber.id),
    viewForm(
      { ...deps, words, topics },
      { body, defaults: subscriber.preferences, now: deps.now(), problems },
    ),
    viewVoteEffects({ db: deps.db, words, topicNames: topics.names }, subscriber),
  ]);
  const nextDay = nextDigestAt && dayIn(preferences.timeZone, nextDigestAt);
  response.send(
    render('preferences', {
      email: showAddress(subscriber.email),
      form,
      notice,
      schedule: describeSchedule(subscriber.preferences, words),
      next: nextDay && words.days.full(nextDay),
      historyHref: links.history(token),
      voteEffects,
      forgetHref: links.forgetVotes(token),
      digestHref:
        last && links.votes(signDigestLink(deps.tokens, { purpose: 'vote', delivery: last, subscriber })),
      feed: linkFeed(
        deps.links,
        { type: 'reader', token: signFeed(deps.tokens, subscriber) },
        { title: words.t('feeds.mine'), words },
      ),
      renewFeedHref: links.renewFeed(token),
      requestAccountHref: links.requestAccount(token),
      closeLinksHref: links.closeLinks(token),
      unsubscribeHref: links.unsubscribe(unsubscribeToken),
    }),
  );
}
