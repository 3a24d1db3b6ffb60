// arXiv's search API, for days whose feed is gone: what was submitted in the window of that day, page by page.
import type { HttpClient } from '../http/client.ts';
import { collectPages, failDay } from '../http/collect-pages.ts';
import type { DayAnswer, SourceRequest } from '../source.ts';
import { parseApiPage } from './api-page.ts';
import { findSubmissionWindow } from './arxiv-days.ts';

const accept = ['application/atom+xml', 'application/xml', 'text/xml'];
/** What the manual advises: "refine queries which return more than 1,000 results". */
const maxPapers = 3000;

export async function collectFromApi(
  { day, now, signal }: SourceRequest,
  {
    http,
    baseUrl,
    categories,
    pageSize = 500,
  }: { http: HttpClient; baseUrl: string; categories: string[]; pageSize?: number },
): Promise<DayAnswer> {
  const window = findSubmissionWindow(day);
  if (window === null) {
    return { type: 'empty', reason: 'arXiv announces nothing at weekends', warnings: [], validators: null };
  }
  if (window.to > now) return failDay(`arXiv has not closed the submissions for ${day} yet`, true);

  return collectPages({
    http,
    accept,
    addressOf: (start) => `${baseUrl}/api/query?${toQuery(window, { categories, start, pageSize })}`,
    parse(text) {
      const page = parseApiPage(text, window);
      if (page.type !== 'error') return page;
      return { type: 'refused', reason: `the query is refused: ${page.reason}`, isFinal: true };
    },
    maxPapers,
    nothing: 'nothing was submitted in these categories',
    signal,
  });
}

function toQuery(
  { from, to }: { from: Date; to: Date },
  { categories, start, pageSize }: { categories: string[]; start: number; pageSize: number },
): URLSearchParams {
  const anyCategory = categories.map((category) => `cat:${category}`).join(' OR ');
  // Both ends count, to the minute.
  const lastMinute = new Date(to.getTime() - 60_000);
  return new URLSearchParams({
    search_query: `(${anyCategory}) AND submittedDate:[${toMinute(from)} TO ${toMinute(lastMinute)}]`,
    sortBy: 'submittedDate',
    sortOrder: 'ascending',
    start: String(start),
    max_results: String(pageSize),
  });
}

/** YYYYMMDDhhmm in UTC. */
function toMinute(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 12);
}
