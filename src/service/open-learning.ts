// What the service learns from its papers, in the background; and, on its first day, papers to learn from.

import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { listDayRecords } from '../sources/fetch-store.ts';
import { fillInDays } from '../sources/run-fetch.ts';
import type { Source } from '../sources/source.ts';
import { dayAt } from '../sources/timetable.ts';
import { addDays } from '../text/days.ts';
import type { PaperAssigner } from '../topics/assign-topics.ts';
import { learn, placePapers } from '../vectors/keep-vectors.ts';
import type { Closer } from './closer.ts';
import { keepLooking } from './keep-looking.ts';

type Deps = { db: Db; topics: PaperAssigner; now: () => Date; log: Logger };

const everyMs = 60_000;

/** Fills in what is to be filled in at once, and looks every minute whether anything is to be learnt. `sources`: those that are on. */
export function startLearning(deps: Deps & { sources: readonly Source[] }, closer: Closer): void {
  const { log } = deps;
  const runner = keepLooking(
    {
      everyMs,
      async look(signal) {
        for (const source of deps.sources) await fillFirstDay(deps, source, signal);
        await keepLearning(deps, signal);
      },
      onFailure: (error) => log.error({ err: error }, 'learning failed'),
    },
    closer,
  );
  // A start has enough to do: what is learnt can wait a minute, papers to fill in take many.
  if (deps.sources.some(isFilledIn)) runner.wake();
}

async function keepLearning({ db, now, log }: Deps, signal: AbortSignal): Promise<void> {
  const result = await learn({ db, now }, { signal });
  if (result.type === 'learnt') log.info(result.learnt, 'learnt from the papers');
  const placed = await placePapers({ db }, signal);
  if (placed > 0) log.info({ papers: placed }, 'vectors made');
}

/** One whose past is asked for: it answers for any day, and a day's answer is a few requests. */
const isFilledIn = ({ id }: Source) => id === 'arxiv';
const daysFilledIn = 30;
const firstDayMs = 24 * 3_600_000;

/** What a young service lacks is papers: those of the last 30 days, to be browsed and learnt from, and never mailed. */
export async function fillFirstDay(
  deps: Pick<Deps, 'db' | 'topics' | 'now' | 'log'>,
  source: Source,
  signal: AbortSignal,
): Promise<void> {
  const { db, topics, now, log } = deps;
  if (source.timetable === null || !isFilledIn(source)) return;
  const records = await listDayRecords(db, source.id);
  if (records.some(({ startedAt }) => startedAt.getTime() < now().getTime() - firstDayMs)) return;
  // Today and yesterday it is asked for anyway, and they are news.
  const today = dayAt(source.timetable, now());
  const days = Array.from({ length: daysFilledIn - 1 }, (_, index) => addDays(today, -index - 2));
  let papers = 0;
  for await (const fetch of fillInDays({ db, now, random: Math.random }, source, { days, signal })) {
    if (papers === 0 && fetch.new > 0)
      log.info(
        { source: source.id, days: daysFilledIn },
        'filling in the days before the first: they can be browsed and searched, and come in no digest',
      );
    const { day, outcome, reason } = fetch;
    log.info({ source: source.id, day, outcome, reason, papers: fetch.new }, 'day filled in');
    papers += fetch.new;
    await topics.assignTopics(db);
  }
}
