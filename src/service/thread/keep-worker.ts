// The worker of a process that serves pages as well: in a thread of its own, so that neither keeps the other waiting. When it
// ends by itself it is started again, and the pages go on meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Health } from '../../platform/health.ts';
import type { Logger } from '../../platform/logger.ts';
import type { PoolCounts, SentMail } from '../../platform/metrics.ts';
import type { Closer } from '../closer.ts';
import { type WorkerTask, watchLife } from './life.ts';

export type KeptWorker = {
  /** Resolves once it works; rejects where it cannot. `onSent` null: nobody counts. `closer` lets it finish what is under way. */
  begin(
    task: Omit<WorkerTask, 'isMeasured'>,
    onSent: ((mail: SentMail) => void) | null,
    closer: Closer,
  ): Promise<{ inboxUrl: string | null }>;
  wakeDelivery(): Promise<void>;
  health: Health;
  countConnections(): PoolCounts;
};

type Deps = {
  /** Loads what a worker needs, and waits to be told to begin. */
  startThread: () => Worker;
  log: Logger;
  /** Before it is started again: twice as long each time. */
  pause?: { firstMs: number; mostMs: number };
};

const usualPause = { firstMs: 1000, mostMs: 60_000 };
/** One that went on for so long was well. */
const wellAfterMs = 5 * 60_000;
/** One that says nothing for so long hangs. */
const silentMs = 10 * 60_000;

/** Starts it at once. `closer` stops it where it did not come to begin. */
export function keepWorker({ startThread, log, pause = usualPause }: Deps, closer: Closer): KeptWorker {
  const stopping = new AbortController();
  let count: (mail: SentMail) => void = () => {};
  const open = () => watchLife(startThread(), { onSent: (mail) => count(mail) });
  let life = open();
  const stop = () => {
    stopping.abort();
    return life.stop();
  };
  closer.add(stop);

  async function keepGoing(task: WorkerTask): Promise<void> {
    let pauseMs = pause.firstMs;
    let startedAt = performance.now();
    for (;;) {
      const reason = await life.ended;
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > wellAfterMs) pauseMs = pause.firstMs;
      log.error({ err: reason, pauseMs }, 'the worker ended by itself: it is started again');
      await sleep(pauseMs, null, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      pauseMs = Math.min(2 * pauseMs, pause.mostMs);
      startedAt = performance.now();
      life = open();
      // Where it cannot begin, its end says why.
      life.begin(task).catch(() => {});
    }
  }

  return {
    async begin(given, onSent, closer) {
      const task = { ...given, isMeasured: onSent !== null };
      count = onSent ?? count;
      closer.add(stop);
      const began = await life.begin(task);
      void keepGoing(task);
      return began;
    },
    async wakeDelivery() {
      life.wake();
    },
    health: {
      live() {
        const word = life.lastWord();
        if (word === null) return [];
        return performance.now() - word.at > silentMs ? ['worker'] : word.stalled;
      },
      ready: () => life.ready(),
    },
    countConnections: () => life.lastWord()?.pool ?? { total: 0, idle: 0, waiting: 0 },
  };
}
