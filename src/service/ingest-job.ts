// Asks a source for whatever is due, and finds the topics of what came.
import type { Logger } from '../platform/logger.ts';
import { type FetchDeps, fetchDueDays, fetchWhatIsThere } from '../sources/run-fetch.ts';
import type { Source } from '../sources/source.ts';
import { utcDay } from '../text/days.ts';
import type { TopicAssigner } from '../topics/assign-topics.ts';

type Deps = FetchDeps & { topics: TopicAssigner; log: Logger };

/** One after the other. One that fails does not keep the others; the first error is thrown at the end. */
export async function ingestAll(deps: Deps, sources: Source[], signal: AbortSignal): Promise<void> {
  const errors: unknown[] = [];
  for (const source of sources) await ingest(deps, source, signal).catch((error) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

export async function ingest(deps: Deps, source: Source, signal: AbortSignal): Promise<void> {
  const { db, topics, log, now } = deps;
  const day = utcDay(now());
  const fetches =
    source.timetable === null
      ? await fetchWhatIsThere(deps, source, { day, signal })
      : await fetchDueDays(deps, source, signal);
  for (const { outcome, ...facts } of fetches) {
    if (outcome === 'failed') log.warn(facts, 'fetch failed');
    else log.info({ outcome, ...facts }, 'fetched');
  }
  if (fetches.some((fetch) => fetch.new + fetch.updated > 0)) await topics.assignTopics(db);
}
