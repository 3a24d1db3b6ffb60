// Looks in the background for the ids of papers that were listed without one.

import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { createRunner } from '../platform/runner.ts';
import { resolveTitles } from '../sources/titles/resolve-titles.ts';
import type { TitleSearch } from '../sources/titles/title-search.ts';
import type { Closer } from './closer.ts';

const everyMs = 60_000;

/** Null: no source that is on can be asked. */
export function startTitleSearch(
  { db, now, log, search }: { db: Db; now: () => Date; log: Logger; search: TitleSearch | null },
  closer: Closer,
): void {
  if (search === null) return;
  const stopping = new AbortController();
  const { signal } = stopping;
  const runner = createRunner(
    async () => {
      const { asked, found, trouble } = await resolveTitles({ db, search, now }, signal);
      if (asked > 0) log.info({ asked, found, trouble }, 'titles without an id looked for');
    },
    (error) => {
      if (!signal.aborted) log.error({ err: error }, 'looking for titles failed');
    },
  );
  const timer = setInterval(() => runner.wake(), everyMs);
  closer.add(async () => {
    clearInterval(timer);
    stopping.abort();
    await runner.idle();
  });
}
