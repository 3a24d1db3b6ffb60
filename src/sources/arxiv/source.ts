// arXiv: the feed for the day it is, the search API for the days before.
import type { HttpClient } from '../http/client.ts';
import type { Opening, SourceKind } from '../kind.ts';
import { readWords, serviceAddress } from '../setting.ts';
import type { Source } from '../source.ts';
import { dayAt, type Timetable } from '../timetable.ts';
import { collectFromApi } from './api-source.ts';
import { arxivZone } from './arxiv-days.ts';
import { collectFeed } from './feed-source.ts';
import { createTitleSearch } from './title-search.ts';

/**
 * Announced Sunday to Thursday at 20:00 Eastern; the feeds are made anew at midnight there, and then stay. A holiday's is
 * empty, and so is one that is not ready: it is looked at again. One that never came is made up for by the search API.
 */
const timetable: Timetable = {
  zone: arxivZone,
  firstTryMinutes: 30,
  again: {
    ok: null,
    empty: { everyMinutes: 240, onceMore: false },
    stale: { everyMinutes: 60, onceMore: true },
  },
};

export const arxiv: SourceKind = {
  id: 'arxiv',
  chosenBy: 'SOURCES',
  example: 'arxiv:cs.LG+cs.DC',
  readSetting: (text) =>
    readWords(text, {
      usual: ['cs.LG', 'cs.CL', 'cs.CV', 'cs.DC'],
      max: 20,
      shape: /^[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]+(?:-[A-Za-z]+)?)?$/,
      what: 'category of arXiv such as cs.LG',
    }),
  variables: {
    ARXIV_FEED_URL: serviceAddress('https://rss.arxiv.org'),
    ARXIV_API_URL: serviceAddress('https://export.arxiv.org'),
  },
  lookEveryMs: 60_000,
  idOf: () => 'arxiv',
  nameForReaders: () => 'arXiv',
  open: (setting, { settingOf, createHttp }) =>
    createArxivSource({
      http: openHttp(createHttp),
      feedUrl: settingOf('ARXIV_FEED_URL'),
      apiUrl: settingOf('ARXIV_API_URL'),
      categories: setting.split('+'),
    }),
  openTitleSearch: ({ settingOf, createHttp }) =>
    createTitleSearch({ http: openHttp(createHttp), baseUrl: settingOf('ARXIV_API_URL') }),
};

/** https://info.arxiv.org/help/api/tou.html: one request every three seconds, one connection, all interfaces together. */
function openHttp(createHttp: Opening['createHttp']): HttpClient {
  return createHttp({ host: 'arxiv', pauseMs: 3000 });
}

type Options = {
  /** Paced together: arXiv counts requests to its API and its feeds as one. */
  http: HttpClient;
  feedUrl: string;
  apiUrl: string;
  /** As `cs.LG`; at least one. */
  categories: string[];
};

function createArxivSource({ http, feedUrl, apiUrl, categories }: Options): Source {
  return {
    id: 'arxiv',
    name: `arXiv (${categories.join(', ')})`,
    timetable,
    async *collect(request) {
      const isToday = request.day === dayAt(timetable, request.now);
      const answer = isToday
        ? await collectFeed(request, { http, baseUrl: feedUrl, apiUrl, categories })
        : await collectFromApi(request, { http, baseUrl: apiUrl, categories });
      yield { ...answer, day: request.day, listing: 'arxiv' };
    },
  };
}
