// arXiv's daily feed of some categories: one request, and only for the day it is. What a full feed cut off is asked of the API.
import type { HttpClient } from '../http/client.ts';
import type { DayAnswer, SourceRequest } from '../source.ts';
import { isWeekend } from '../timetable.ts';
import { collectFromApi } from './api-source.ts';
import { parseArxivFeed } from './feed.ts';

const accept = ['application/rss+xml', 'application/xml', 'text/xml', 'application/atom+xml'];

/** A feed ends here, whatever is left: new papers stand last in it, and are the first to go. */
const fullFeed = 2000;

export async function collectFeed(
  request: SourceRequest,
  {
    http,
    baseUrl,
    apiUrl,
    categories,
  }: { http: HttpClient; baseUrl: string; apiUrl: string; categories: string[] },
): Promise<DayAnswer> {
  const { day, findValidators, signal } = request;
  const url = `${baseUrl}/rss/${categories.join('+')}`;
  const { host } = new URL(url);
  const answer = await http.get({ url, accept, previous: await findValidators(url), signal });
  if (answer.type === 'unchanged') return { type: 'unchanged', url };
  if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };

  const feed = parseArxivFeed(answer.text);
  const { validators } = answer;
  if (feed.type === 'refused') return fail(`${host}: ${feed.reason}`);
  const { papers, warnings, replaced, withdrawn } = feed;
  if (feed.day !== null && feed.day !== day) {
    return { type: 'stale', reason: `the feed is still that of ${feed.day}`, validators };
  }
  let incomplete: string | null = null;
  if (feed.entries >= fullFeed) {
    const rest = await collectFromApi(request, { http, baseUrl: apiUrl, categories });
    const cut = `the feed was cut off at ${fullFeed} entries`;
    if (rest.type === 'failed') incomplete = `${cut}, and the search API did not help: ${rest.reason}`;
    else warnings.push(`${cut}: the search API was asked for the others`);
    if (rest.type === 'papers') {
      const inFeed = new Set(papers.map(({ ids }) => ids?.arxiv));
      papers.push(...rest.papers.filter(({ ids }) => !inFeed.has(ids?.arxiv)));
      warnings.push(...rest.warnings);
    }
  }
  if (papers.length > 0) {
    const onlyOnce = [...feed.firstIn].map(([name, ids]) => ({ name, keys: ids.map((id) => `arxiv:${id}`) }));
    const found = { type: 'papers', papers, onlyOnce, withdrawn, warnings } as const;
    // Without validators: the same feed is to be read again, and the API to be asked again with it.
    return incomplete === null ? { ...found, validators } : { ...found, incomplete, validators: null };
  }
  if (incomplete !== null) return fail(incomplete);
  if (warnings.length > 0) return fail(`${host}: no entry of the feed could be read: ${warnings[0]}`);
  const reason =
    replaced > 0
      ? `the feed has only new versions of earlier papers (${replaced})`
      : `the feed is empty: ${isWeekend(day) ? 'it is a weekend' : 'a holiday of arXiv'}`;
  return { type: 'empty', reason, withdrawn, warnings, validators };
}

function fail(reason: string): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal: false };
}
