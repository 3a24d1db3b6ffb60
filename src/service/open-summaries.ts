// Has the operator's language model write summaries in the background, where there is one.
import type { Budgets } from '../platform/budgets.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import { createRunner } from '../platform/runner.ts';
import { type SummarySettings, writeSummaries } from '../summaries/write-summaries.ts';
import type { Closer } from './closer.ts';

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
  const stopping = new AbortController();
  const { signal } = stopping;
  let quietUntil = new Date(0);
  const runner = createRunner(
    async () => {
      if (now() < quietUntil) return;
      const { written, failed, trouble } = await writeSummaries({ db, budgets, settings, now }, signal);
      quietUntil = trouble?.until ?? quietUntil;
      if (written + failed > 0 || trouble !== null)
        log.info({ written, failed, trouble: trouble?.reason ?? null }, 'summaries written');
    },
    (error) => {
      if (!signal.aborted) log.error({ err: error }, 'summaries failed');
    },
  );
  const timer = setInterval(() => runner.wake(), everyMs);
  closer.add(async () => {
    clearInterval(timer);
    stopping.abort();
    await runner.idle();
  });
}
