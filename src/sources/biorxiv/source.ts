// bioRxiv and medRxiv, which are one API: the papers that were posted on a day.
import type { ListedPaper } from '../../papers/paper.ts';
import type { HttpClient } from '../http/client.ts';
import type { SourceKind } from '../kind.ts';
import { readWords, serviceAddress } from '../setting.ts';
import type { DayAnswer, SourceRequest } from '../source.ts';
import { everyTwoHours } from '../timetable.ts';
import { parseDetails } from './details.ts';

export const biorxiv = describeServer({ id: 'biorxiv', name: 'bioRxiv', category: 'neuroscience' });
export const medrxiv = describeServer({ id: 'medrxiv', name: 'medRxiv', category: 'epidemiology' });

const maxPapers = 3000;

function describeServer(server: { id: string; name: string; category: string }): SourceKind {
  return {
    id: server.id,
    chosenBy: 'SOURCES',
    example: `${server.id}:${server.category}`,
    readSetting: (text) =>
      text === null
        ? { type: 'setting', setting: '' }
        : readWords(text.toLowerCase(), {
            usual: [],
            max: 30,
            shape: /^[a-z]+(?:[_-][a-z]+)*$/,
            what: `category of ${server.name} such as ${server.category}`,
          }),
    variables: { BIORXIV_URL: serviceAddress('https://api.biorxiv.org') },
    lookEveryMs: 60_000,
    idOf: () => server.id,
    nameForReaders: () => server.name,
    open: (setting, { settingOf, createHttp }) => {
      // Both are one machine.
      const http = createHttp({ host: 'biorxiv', pauseMs: 1000 });
      const categories = setting === '' ? [] : setting.split('+').map((word) => word.replaceAll('_', ' '));
      const address = `${settingOf('BIORXIV_URL')}/details/${server.id}`;
      return {
        id: server.id,
        name: categories.length === 0 ? server.name : `${server.name} (${categories.join(', ')})`,
        timetable: everyTwoHours,
        async *collect(request) {
          const answer = await collectDay(request, { http, address, categories });
          yield { ...answer, day: request.day, listing: server.id };
        },
      };
    },
  };
}

async function collectDay(
  { day, signal }: SourceRequest,
  { http, address, categories }: { http: HttpClient; address: string; categories: string[] },
): Promise<DayAnswer> {
  const { host } = new URL(address);
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  for (let start = 0; ; ) {
    const url = `${address}/${day}/${day}/${start}`;
    const answer = await http.get({ url, accept: ['application/json'], previous: null, signal });
    if (answer.type === 'unchanged') return fail(`${host} answered 304 to a request without conditions`);
    if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };
    const page = parseDetails(answer.text, categories);
    if (page.type === 'refused') return fail(`${host}: ${page.reason}`);
    papers.push(...page.papers);
    warnings.push(...page.warnings);
    start += page.entries;
    if (start >= page.total) break;
    if (page.entries === 0)
      return fail(`${host} gave ${start} of ${page.total} papers, and then an empty page`);
    if (start >= maxPapers) {
      warnings.push(`only the first ${start} of ${page.total} papers were read: choose fewer categories`);
      break;
    }
  }
  if (papers.length > 0) return { type: 'papers', papers, warnings, validators: null };
  if (warnings.length > 0) return fail(`${host}: no entry could be read: ${warnings[0]}`);
  return { type: 'empty', reason: 'nothing new was posted', warnings, validators: null };
}

function fail(reason: string): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal: false };
}
