// Any feed of papers, by its address. A feed keeps its entries for a while: each is listed once, on the day it is of or first seen.
import type { HttpClient } from '../http/client.ts';
import type { ReadSetting, SourceKind } from '../kind.ts';
import type { DayAnswer, Source, SourceRequest } from '../source.ts';
import { everyTwoHours } from '../timetable.ts';
import { parseFeed } from './parse-feed.ts';

export const feed: SourceKind = {
  id: 'feed',
  chosenBy: 'SOURCES',
  example: 'feed:https://example.org/papers.xml',
  readSetting,
  variables: {},
  lookEveryMs: 60_000,
  idOf,
  nameForReaders: (id) => id.replace(/^feed:/, '').replace(/\/.*$/, ''),
  open: (setting, { createHttp }) =>
    createFeedSource({
      url: setting,
      // Whoever may choose a feed is not to look around in our own network with it.
      http: createHttp({ host: new URL(setting).host, pauseMs: 1000, reach: 'public' }),
    }),
};

function readSetting(text: string | null): ReadSetting {
  if (text === null) return { type: 'refused', problem: 'has “feed” without an address behind a colon' };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || text.length > 500)
    return { type: 'refused', problem: `has “${text.slice(0, 40)}”, which is no address of a feed` };
  url.hash = '';
  return { type: 'setting', setting: url.href };
}

function idOf(setting: string): string {
  const { host, pathname, search } = new URL(setting);
  return `feed:${host}${pathname}${search}`;
}

const accept = [
  'application/rss+xml',
  'application/atom+xml',
  'application/feed+json',
  'application/rdf+xml',
  'application/xml',
  'text/xml',
  'application/json',
];

/** How much later than its date an entry may show up and still be news. */
const lateDays = 3;

function createFeedSource({ url, http }: { url: string; http: HttpClient }): Source {
  const id = idOf(url);
  return {
    id,
    name: `Feed ${url}`,
    timetable: everyTwoHours,
    async *collect(request) {
      yield { ...(await collectFeed(request, { url, http })), day: request.day, listing: id };
    },
  };
}

async function collectFeed(
  { day, findValidators, signal }: SourceRequest,
  { url, http }: { url: string; http: HttpClient },
): Promise<DayAnswer> {
  const { host } = new URL(url);
  const answer = await http.get({ url, accept, previous: await findValidators(url), signal });
  if (answer.type === 'unchanged') return { type: 'unchanged', url };
  if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };
  const parsed = parseFeed(answer.text);
  if (parsed.type === 'refused') return fail(`${host}: ${parsed.reason}`);
  const { warnings } = parsed;
  const { validators } = answer;
  const earliest = new Date(Date.parse(day) - lateDays * 86_400_000).toISOString().slice(0, 10);
  const papers = parsed.papers
    .filter((entry) => entry.day === null || (entry.day >= earliest && entry.day <= day))
    .map(({ paper }) => paper);
  if (papers.length > 0) return { type: 'papers', papers, isRolling: true, warnings, validators };
  if (parsed.papers.length === 0 && warnings.length > 0)
    return fail(`${host}: no entry of the feed could be read: ${warnings[0]}`);
  return { type: 'empty', reason: 'the feed has no new papers', warnings, validators };
}

function fail(reason: string): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal: false };
}
