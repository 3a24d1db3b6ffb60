// The daily papers of Hugging Face: https://huggingface.co/api/daily_papers?date=YYYY-MM-DD
import type { ListedPaper } from '../../papers/paper.ts';
import type { HttpClient } from '../http/client.ts';
import type { SourceKind } from '../kind.ts';
import { readNoSetting, serviceAddress } from '../setting.ts';
import type { DayAnswer, Source, SourceRequest, Validators } from '../source.ts';
import { everyTwoHours, isWeekend } from '../timetable.ts';
import { parseDailyPapers } from './daily-papers.ts';

export const hf: SourceKind = {
  id: 'hf',
  chosenBy: 'SOURCES',
  example: 'hf',
  readSetting: readNoSetting,
  variables: { HF_URL: serviceAddress('https://huggingface.co') },
  lookEveryMs: 60_000,
  idOf: () => 'hf',
  nameForReaders: () => 'Hugging Face',
  open: (_, { settingOf, createHttp }) =>
    createHfSource({ http: createHttp({ host: 'hf', pauseMs: 1000 }), baseUrl: settingOf('HF_URL') }),
};

const pageSize = 100;
const maxPages = 10;

function createHfSource({ http, baseUrl }: { http: HttpClient; baseUrl: string }): Source {
  return {
    id: 'hf',
    name: 'Hugging Face daily papers',
    // The page of a day fills, and its upvotes grow, until the day is over.
    timetable: everyTwoHours,
    async *collect(request) {
      yield { ...(await collectDay(request, { http, baseUrl })), day: request.day, listing: 'hf' };
    },
  };
}

async function collectDay(
  { day, findValidators, signal }: SourceRequest,
  { http, baseUrl }: { http: HttpClient; baseUrl: string },
): Promise<DayAnswer> {
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  const days = new Set<string>();
  let validators: Validators | null = null;
  let entries = 0;
  for (let page = 0; page < maxPages; page += 1) {
    const url = `${baseUrl}/api/daily_papers?date=${day}&limit=${pageSize}&p=${page}`;
    const accept = ['application/json'];
    // Only the first page is asked for conditionally: validators are kept of days that fit on it.
    const previous = page === 0 ? await findValidators(url) : null;
    const answer = await http.get({ url, accept, previous, signal });
    if (answer.type === 'unchanged') return { type: 'unchanged', url };
    if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };
    const read = parseDailyPapers(answer.text, day);
    if (read.type === 'refused') return fail(`${new URL(url).host}: ${read.reason}`);
    papers.push(...read.papers);
    warnings.push(...read.warnings);
    for (const listed of read.days) days.add(listed);
    entries += read.entries;
    validators = page === 0 ? answer.validators : null;
    if (read.entries < pageSize) break;
    if (page === maxPages - 1) warnings.push(`only the first ${entries} entries were read`);
  }

  if (entries === 0)
    return {
      type: 'empty',
      reason: isWeekend(day) ? 'the page is empty: it is a weekend' : 'the page is empty',
      warnings,
      validators,
    };
  if (days.size > 0 && !days.has(day)) {
    const reason = `the page for ${day} holds the papers of ${[...days].sort().join(', ')}`;
    return { type: 'stale', reason, validators };
  }
  if (papers.length === 0) return fail(`none of the ${entries} entries could be read: ${warnings[0]}`);
  return { type: 'papers', papers, warnings, validators };
}

function fail(reason: string): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal: false };
}
