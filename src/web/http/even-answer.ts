// Answers that take as long whatever they found out: a clock tells a stranger nothing about an address.
import { setTimeout as sleep } from 'node:timers/promises';

/** Far longer than the work takes, short enough for whoever waits. */
const answerAfterMs = 400;

/** Resolves when `work` is done, and never before its time. Rejects as `work` does, at that time too. */
export async function takeEvenTime<Result>(work: Promise<Result>): Promise<Result> {
  const [result] = await Promise.allSettled([work, sleep(answerAfterMs)]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
