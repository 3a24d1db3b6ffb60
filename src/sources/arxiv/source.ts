// arXiv: the feed for the day it is, the search API for the days before.
import type { HttpClient } from '../http/client.ts';
import type { Source } from '../source.ts';
import { dayAt, type Timetable } from '../timetable.ts';
import { collectFromApi } from './api-source.ts';
import { arxivZone } from './arxiv-days.ts';
import { collectFeed } from './feed-source.ts';

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

type Options = {
  /** Paced together: arXiv counts requests to its API and its feeds as one. */
  http: HttpClient;
  feedUrl: string;
  apiUrl: string;
  /** As `cs.LG`; at least one. */
  categories: string[];
};

export function createArxivSource({ http, feedUrl, apiUrl, categories }: Options): Source {
  return {
    id: 'arxiv',
    name: `arXiv (${categories.join(', ')})`,
    timetable,
    async *collect(request) {
      const isToday = request.day === dayAt(timetable, request.now);
      const answer = isToday
        ? await collectFeed(request, { http, baseUrl: feedUrl, categories })
        : await collectFromApi(request, { http, baseUrl: apiUrl, categories });
      yield { ...answer, day: request.day, listing: 'arxiv' };
    },
  };
}
