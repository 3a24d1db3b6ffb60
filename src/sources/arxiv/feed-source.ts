// arXiv's daily feed of some categories: one request, and only for the day it is.
import type { HttpClient } from '../http/client.ts';
import type { DayAnswer, SourceRequest } from '../source.ts';
import { isWeekend } from '../timetable.ts';
import { parseArxivFeed } from './feed.ts';

const accept = ['application/rss+xml', 'application/xml', 'text/xml', 'application/atom+xml'];

export async function collectFeed(
  { day, findValidators, signal }: SourceRequest,
  { http, baseUrl, categories }: { http: HttpClient; baseUrl: string; categories: string[] },
): Promise<DayAnswer> {
  const url = `${baseUrl}/rss/${categories.join('+')}`;
  const { host } = new URL(url);
  const answer = await http.get({ url, accept, previous: await findValidators(url), signal });
  if (answer.type === 'unchanged') return { type: 'unchanged', url };
  if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };

  const feed = parseArxivFeed(answer.text);
  const { validators } = answer;
  if (feed.type === 'refused') return fail(`${host}: ${feed.reason}`);
  const { papers, warnings, replaced } = feed;
  if (feed.day !== null && feed.day !== day) {
    return { type: 'stale', reason: `the feed is still that of ${feed.day}`, validators };
  }
  if (papers.length > 0) return { type: 'papers', papers, warnings, validators };
  if (warnings.length > 0) return fail(`${host}: no entry of the feed could be read: ${warnings[0]}`);
  const reason =
    replaced > 0
      ? `the feed has only new versions of earlier papers (${replaced})`
      : `the feed is empty: ${isWeekend(day) ? 'it is a weekend' : 'a holiday of arXiv'}`;
  return { type: 'empty', reason, warnings, validators };
}

function fail(reason: string): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal: false };
}
