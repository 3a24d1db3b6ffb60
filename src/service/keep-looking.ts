// Work in the background of a worker that comes round by the clock, one run at a time, each worker for itself.
import { createRunner, type Runner } from '../platform/runner.ts';
import type { Closer } from './closer.ts';

/** `look` is to stop soon after its signal; what fails then is told to nobody. Not begun before it is woken, or the time is up. */
export function keepLooking(
  {
    everyMs,
    look,
    onFailure,
  }: {
    everyMs: number;
    look: (signal: AbortSignal) => Promise<unknown>;
    onFailure: (error: Error) => void;
  },
  closer: Closer,
): Runner {
  const stopping = new AbortController();
  const { signal } = stopping;
  const runner = createRunner(
    () => look(signal),
    (error) => {
      if (!signal.aborted) onFailure(error);
    },
  );
  const timer = setInterval(runner.wake, everyMs);
  closer.add(async () => {
    clearInterval(timer);
    stopping.abort();
    await runner.idle();
  });
  return runner;
}
