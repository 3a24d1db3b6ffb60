// Looks in the background for the ids of papers that were listed without one.

import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { resolveTitles } from '../sources/titles/resolve-titles.ts';
import type { TitleSearch } from '../sources/titles/title-search.ts';
import type { Closer } from './closer.ts';
import { keepLooking } from './keep-looking.ts';

const everyMs = 60_000;

/** Null: no source that is on can be asked. */
export function startTitleSearch(
  { db, now, log, search }: { db: Db; now: () => Date; log: Logger; search: TitleSearch | null },
  closer: Closer,
): void {
  if (search === null) return;
  keepLooking(
    {
      everyMs,
      async look(signal) {
        const { asked, found, trouble } = await resolveTitles({ db, search, now }, signal);
        if (asked > 0) log.info({ asked, found, trouble }, 'titles without an id looked for');
      },
      onFailure: (error) => log.error({ err: error }, 'looking for titles failed'),
    },
    closer,
  );
}
