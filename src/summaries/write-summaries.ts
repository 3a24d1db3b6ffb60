// Has summaries written, one after the other, as long as the day's budget lasts. No digest waits for them: it has those that are
// there when its papers are read.
import type { Budgets } from '../platform/budgets.ts';
import type { Db } from '../platform/postgres/db.ts';
import { addDays, utcDay } from '../text/days.ts';
import { askModel, type ModelSettings } from './ask-model.ts';
import {
  claimSummary,
  countFailure,
  listReadersLanguages,
  putOffSummary,
  saveSummary,
} from './summary-store.ts';

export type SummarySettings = ModelSettings & { perDay: number };

export type WrittenSummaries = {
  written: number;
  failed: number;
  /** Why it ended early, and when it is worth going on; null when there was nothing left to do. */
  trouble: { reason: string; until: Date } | null;
};

/** Papers of days before are in no digest any more. */
const daysBack = 2;
const mostFailures = 3;
const pauseMs = 5 * 60_000;
const longestPauseMs = 60 * 60_000;

export async function writeSummaries(
  {
    db,
    budgets,
    settings,
    now,
    patienceMs,
  }: { db: Db; budgets: Budgets; settings: SummarySettings; now: () => Date; patienceMs?: number },
  signal: AbortSignal,
): Promise<WrittenSummaries> {
  const result: WrittenSummaries = { written: 0, failed: 0, trouble: null };
  const languages = await listReadersLanguages(db);
  const budget = { name: 'summaries', points: settings.perDay, seconds: 86_400 };
  let failures = 0;
  while (!signal.aborted) {
    const since = addDays(utcDay(now()), -daysBack);
    const wanted = await claimSummary(db, { languages, since, now: now() });
    if (wanted === null) break;
    const granted = await budgets.spend([{ budget, key: 'all' }]);
    if (!granted.isGranted) {
      const until = later(now(), granted.retryAfterMs);
      await putOffSummary(db, wanted, until);
      return { ...result, trouble: { reason: `the day's ${settings.perDay} summaries are spent`, until } };
    }
    const { language } = wanted;
    const answer = await askModel(settings, {
      paper: wanted,
      language,
      signal,
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
    if (answer.type === 'summary') {
      await saveSummary(db, wanted, { ...answer.summary, model: settings.model });
      result.written += 1;
      failures = 0;
      continue;
    }
    result.failed += 1;
    const isBusy = answer.type === 'failed' && answer.isBusy;
    if (isBusy) await putOffSummary(db, wanted, later(now(), longestPauseMs));
    else await countFailure(db, wanted, now());
    failures = isBusy ? failures + 1 : 0;
    const wishMs = answer.type === 'failed' ? answer.retryAfterMs : null;
    if (failures === mostFailures || wishMs !== null)
      return { ...result, trouble: { reason: answer.reason, until: later(now(), wishMs ?? pauseMs) } };
  }
  return result;
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + Math.min(Math.max(ms, 1000), longestPauseMs));
}
