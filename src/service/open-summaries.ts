// Has the operator's language model write summaries in the background, where there is one.
import type { Budgets } from '../platform/budgets.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { type SummarySettings, writeSummaries } from '../summaries/write-summaries.ts';
import type { Closer } from './closer.ts';
import { keepLooking } from './keep-looking.ts';

const everyMs = 60_000;

/** Null: none is asked. */
export function startSummaries(
  {
    db,
    budgets,
    now,
    log,
    settings,
  }: { db: Db; budgets: Budgets; now: () => Date; log: Logger; settings: SummarySettings | null },
  closer: Closer,
): void {
  if (settings === null) return;
  let quietUntil = new Date(0);
  keepLooking(
    {
      everyMs,
      async look(signal) {
        if (now() < quietUntil) return;
        const { written, failed, trouble } = await writeSummaries({ db, budgets, settings, now }, signal);
        quietUntil = trouble?.until ?? quietUntil;
        if (written + failed > 0 || trouble !== null)
          log.info({ written, failed, trouble: trouble?.reason ?? null }, 'summaries written');
      },
      onFailure: (error) => log.error({ err: error }, 'summaries failed'),
    },
    closer,
  );
}
