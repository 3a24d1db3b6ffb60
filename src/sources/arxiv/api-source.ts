// arXiv's search API, for days whose feed is gone: what was submitted in the window of that day, page by page.
import type { ListedPaper } from '../../papers/paper.ts';
import type { HttpClient } from '../http/client.ts';
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
  if (window.to > now) return fail(`arXiv has not closed the submissions for ${day} yet`, 'final');

  const { host } = new URL(baseUrl);
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  for (let start = 0; ; ) {
    const url = `${baseUrl}/api/query?${toQuery(window, { categories, start, pageSize })}`;
    const answer = await http.get({ url, accept, previous: null, signal });
    if (answer.type === 'unchanged') return fail(`${host} answered 304 to a request without conditions`);
    if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };
    const page = parseApiPage(answer.text, window);
    if (page.type === 'refused') return fail(`${host}: ${page.reason}`);
    if (page.type === 'error') return fail(`${host} refuses the query: ${page.reason}`, 'final');
    papers.push(...page.papers);
    warnings.push(...page.warnings);
    start += page.entries;
    if (start >= page.total) break;
    // Now and then a page comes back without its entries; the same request is answered well a little later.
    if (page.entries === 0)
      return fail(`${host} gave ${start} of ${page.total} papers, and then an empty page`);
    if (start >= maxPapers) {
      warnings.push(`only the first ${start} of ${page.total} papers were read: choose fewer categories`);
      break;
    }
  }
  if (papers.length > 0) return { type: 'papers', papers, warnings, validators: null };
  if (warnings.length > 0) return fail(`${host}: no entry could be read: ${warnings[0]}`);
  return { type: 'empty', reason: 'nothing was submitted in these categories', warnings, validators: null };
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

function fail(reason: string, end?: 'final'): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal: end === 'final' };
}
