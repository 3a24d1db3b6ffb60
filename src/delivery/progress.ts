// How far a long run has come: for the log, and as a bar on a terminal.
import type { DeliveryCounts } from './deliver.ts';

export type Progress = {
  done: number;
  total: number;
  perSecond: number;
  /** Null before anything is done. */
  secondsLeft: number | null;
};

/** `total` is what was due at the start; what comes due meanwhile makes it grow. */
export function measureProgress(
  counts: DeliveryCounts,
  { total, elapsedMs }: { total: number; elapsedMs: number },
): Progress {
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const left = Math.max(0, total - done);
  return {
    done,
    total: Math.max(total, done),
    perSecond,
    secondsLeft: perSecond > 0 ? left / perSecond : null,
  };
}

const barWidth = 30;

/** One line, such as `[=====     ] 420 of 1000 · 400 accepted, 20 deferred · 96/s · 6 s left`. */
export function drawProgress(
  counts: DeliveryCounts,
  { done, total, perSecond, secondsLeft }: Progress,
): string {
  const filled = total === 0 ? barWidth : Math.round((barWidth * done) / total);
  const bar = `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]`;
  const outcomes = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return [
    `${bar} ${done} of ${total}`,
    ...(outcomes.length > 0 ? [outcomes.join(', ')] : []),
    `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`,
    ...(secondsLeft === null ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ].join(' · ');
}
