// /preferences/:token/history: what came on each of the last days, and where nothing came, why.

import type { MessageKey } from '../../languages/catalogue.ts';
import type { Words } from '../../languages/words.ts';
import { signDigestLink } from '../../ledger/digest-links.ts';
import { findFirstDay, listDayStories } from '../../ledger/reports/day-stories.ts';
import type { DayStory } from '../../ledger/reports/history.ts';
import { addToQuery } from '../../platform/links.ts';
import { nameSourceForReaders } from '../../sources/registry.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { showAddress } from '../../text/address.ts';
import { cleanText } from '../../text/clean-text.ts';
import { addDays, dayIn, laterOf } from '../../text/days.ts';
import { shortenText } from '../../text/shorten-text.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage, type Page } from '../http/open-page.ts';
import { describeSchedule } from '../public/preferences/schedule-words.ts';
import type { ReaderHandler } from './open-link.ts';

const daysPerPage = 14;
/** What became of the sources is known for as long. */
const daysBack = 84;

export type HistoryDay = { day: string; date: string; story: DayStory; text: string; href: string | null };

export function getHistory(deps: PageDeps): ReaderHandler {
  const { now } = deps;
  return async ({ subscriber, token }, { query }, response) => {
    const page = openPage(deps, response, subscriber);
    const { words, links, render } = page;

    const { timeZone } = subscriber.preferences;
    const today = dayIn(timeZone, now());
    const first = laterOf(findFirstDay(subscriber), addDays(today, 1 - daysBack));
    const number = readPage(query.page);
    const to = addDays(today, -(number - 1) * daysPerPage);
    if (number === 0 || to < first) return sendErrorPage(deps, response, 404);
    const from = laterOf(first, addDays(to, 1 - daysPerPage));
    response.send(
      render('history', {
        email: showAddress(subscriber.email),
        schedule: describeSchedule(subscriber.preferences, words),
        next: subscriber.nextDigestAt && words.days.full(dayIn(timeZone, subscriber.nextDigestAt)),
        days: await listDays({ ...deps, page }, { subscriber, from, to }),
        newerHref: number === 1 ? null : pageHref(links.history(token), number - 1),
        olderHref: from > first ? pageHref(links.history(token), number + 1) : null,
        exports: [
          { href: links.historyAs(token, 'bib'), label: 'BibTeX' },
          { href: links.historyAs(token, 'ris'), label: 'RIS' },
        ],
        preferencesHref: links.preferences(token),
      }),
    );
  };
}

/** Newest first. */
async function listDays(
  { db, tokens, now, page: { words, links } }: Pick<PageDeps, 'db' | 'tokens' | 'now'> & { page: Page },
  { subscriber, from, to }: { subscriber: Subscriber; from: string; to: string },
): Promise<HistoryDay[]> {
  const told = await listDayStories({ db, now }, { subscriber, from, to });
  return told.map(({ day, story, edition }) => {
    const isThere = story.type === 'sent' || story.type === 'unknown' || story.type === 'bounced';
    const vote =
      isThere && edition && signDigestLink(tokens, { purpose: 'vote', delivery: edition, subscriber });
    const href = vote ? links.votes(vote) : null;
    return { day: words.days.full(day), date: day, story, text: tellStory(story, words), href };
  });
}

/** 0 for anything but a page number. */
function readPage(given: unknown): number {
  if (given === undefined) return 1;
  return typeof given === 'string' && /^[1-9]\d?$/.test(given) ? Number(given) : 0;
}

function pageHref(history: string, page: number): string {
  return page === 1 ? history : addToQuery(history, 'page', String(page));
}

function tellStory(story: DayStory, words: Words): string {
  const { t, list } = words;
  switch (story.type) {
    case 'sent':
      return t('history.sent', { count: story.papers });
    case 'under-way':
      return story.reply === null
        ? t('history.underWay')
        : t('history.deferred', { reply: shorten(story.reply) });
    case 'rejected':
      return t('history.rejected', { reply: shorten(story.reply) });
    case 'bounced':
      return story.reply === null
        ? t('history.cameBack')
        : t('history.bounced', { reply: shorten(story.reply) });
    case 'source-failed':
      return t('history.sourceFailed', { sources: list(story.sources.map((id) => nameSource(id, words))) });
    default:
      return t(plainStories[story.type]);
  }
}

type PlainStory = Exclude<DayStory['type'], 'sent' | 'under-way' | 'rejected' | 'bounced' | 'source-failed'>;

const plainStories: Record<PlainStory, MessageKey> = {
  unknown: 'history.unknown',
  'nothing-matched': 'history.nothingMatched',
  'source-empty': 'history.sourceEmpty',
  'nothing-new': 'history.nothingNew',
  paused: 'history.paused',
  'other-day': 'history.otherDay',
  'to-come': 'history.toCome',
  carried: 'history.carried',
  held: 'history.held',
  suppressed: 'history.suppressed',
};

function nameSource(id: string, { t }: Words): string {
  return nameSourceForReaders(id) ?? t('history.folder');
}

function shorten(reply: string): string {
  return shortenText(cleanText(reply), { words: 40, columns: 240 });
}
