// Fetches a source and stores what it has, with a record of how it went. Killed anywhere, nothing is lost or there twice:
// the papers and the end of the record are written together, and a record without end is taken up again.
import { claimDueFetch, type Fetch, findFetchByUrl, listFetches, startFetch } from './fetch-store.ts';
import { type FetchDeps, recordAnswer } from './record-answer.ts';
import type { Source, SourceAnswer } from './source.ts';
import { type DayRecord, fetchLeaseMs, findDueDay } from './timetable.ts';

export type { FetchDeps };

/** Shorter than what a fetch under way is believed for: nobody else has begun it when this one ends. */
const longestFetchMs = 12 * 60_000;

/** Fetches the days that are due, oldest first. Returns what became of them; none when nothing is due. */
export async function fetchDueDays(deps: FetchDeps, source: Source, signal: AbortSignal): Promise<Fetch[]> {
  const { timetable } = source;
  if (timetable === null) return [];
  const fetches: Fetch[] = [];
  while (!signal.aborted) {
    const now = deps.now();
    const choose = (records: Parameters<typeof findDueDay>[1]) => findDueDay(timetable, records, now);
    const claimed = await claimDueFetch(deps.db, { source: source.id, now, choose });
    if (claimed === null) break;
    fetches.push(await fetchStarted(deps, source, { ...claimed, signal }));
  }
  return fetches;
}

/** Fetches one day, whether it is due or not. */
export async function fetchDay(
  deps: FetchDeps,
  source: Source,
  { day, signal }: { day: string; signal: AbortSignal },
): Promise<Fetch> {
  const id = await startFetch(deps.db, { source: source.id, day, now: deps.now() });
  return fetchStarted(deps, source, { id, day, signal });
}

/**
 * What a source had on each of these days, newest first, to be browsed and learnt from, and to come in no digest. Days that
 * were filled in before, by whichever process, are left out; one that failed is tried again by a later call. Its records
 * are its own: what is due does not go by them.
 */
export async function* fillInDays(
  deps: FetchDeps,
  source: Source,
  { days, signal }: { days: readonly string[]; signal: AbortSignal },
): AsyncGenerator<Fetch, void> {
  const past = { ...source, id: `${source.id}-past` };
  while (!signal.aborted) {
    const now = deps.now();
    const choose = (records: DayRecord[]) => findDayToFillIn(days, records, now);
    const claimed = await claimDueFetch(deps.db, { source: past.id, now, choose });
    if (claimed === null) return;
    yield await fetchStarted(deps, past, { ...claimed, signal, isNews: false });
  }
}

function findDayToFillIn(days: readonly string[], records: readonly DayRecord[], now: Date): string | null {
  const recordOf = new Map(records.map((record) => [record.day, record]));
  const isOpen = (day: string) => {
    const record = recordOf.get(day);
    if (record === undefined) return true;
    if (record.outcome === null) return record.startedAt.getTime() <= now.getTime() - fetchLeaseMs;
    return record.outcome === 'failed' && record.nextTryAt !== null && record.nextTryAt <= now;
  };
  return days.toSorted().reverse().find(isOpen) ?? null;
}

/** The same trouble is told again after that time. */
const troubleKeptMs = 3_600_000;

/**
 * For a source without days: stores what it has, each answer with a record of its own. An answer that could not be
 * stored does not keep the others; the first such error is thrown at the end.
 */
export async function fetchWhatIsThere(
  deps: FetchDeps,
  source: Source,
  { day, signal }: { day: string; signal: AbortSignal },
): Promise<Fetch[]> {
  const fetches: Fetch[] = [];
  const errors: unknown[] = [];
  const findValidators = async () => null;
  const answers = source.collect({ day, now: deps.now(), findValidators, signal });
  for (let next = await answers.next(); next.done !== true; ) {
    try {
      if (!(await isKnownTrouble(deps, source, next.value))) {
        const id = await startFetch(deps.db, { source: source.id, day: next.value.day, now: deps.now() });
        fetches.push(await recordAnswer(deps, source, { id, answer: next.value }));
      }
    } catch (error) {
      errors.push(error);
      next = await answers.throw(error);
      continue;
    }
    next = await answers.next();
  }
  if (errors.length > 0) throw errors[0];
  return fetches;
}

async function isKnownTrouble(
  { db, now }: FetchDeps,
  source: Source,
  answer: SourceAnswer,
): Promise<boolean> {
  if (answer.type !== 'failed') return false;
  const [last] = await listFetches(db, { source: source.id, limit: 1 });
  if (last === undefined || last.outcome !== 'failed' || last.reason !== answer.reason) return false;
  return last.startedAt.getTime() > now().getTime() - troubleKeptMs;
}

async function fetchStarted(
  deps: FetchDeps,
  source: Source,
  { id, day, signal, isNews = true }: { id: bigint; day: string; signal: AbortSignal; isNews?: boolean },
): Promise<Fetch> {
  const limit = AbortSignal.timeout(longestFetchMs);
  const findValidators = async (url: string) =>
    (await findFetchByUrl(deps.db, { source: source.id, url }))?.validators ?? null;
  const request = { day, now: deps.now(), findValidators, signal: AbortSignal.any([signal, limit]) };
  try {
    for await (const answer of source.collect(request))
      return await recordAnswer(deps, source, { id, answer, isNews });
    throw new Error(`${source.id} gave no answer`);
  } catch (error) {
    const reason = describeError(error, { isStopped: signal.aborted, isLate: limit.aborted });
    const answer = {
      type: 'failed',
      reason,
      retryAfterMs: null,
      isFinal: false,
      day,
      listing: source.id,
    } as const;
    return await recordAnswer(deps, source, { id, answer });
  }
}

function describeError(
  error: unknown,
  { isStopped, isLate }: { isStopped: boolean; isLate: boolean },
): string {
  if (isStopped) return 'it was interrupted: the service was stopped';
  if (isLate) return `it was given up after ${longestFetchMs / 60_000} minutes`;
  return `it could not be stored: ${(error as Error).message.trim().split('\n').at(-1)?.slice(0, 300)}`;
}
