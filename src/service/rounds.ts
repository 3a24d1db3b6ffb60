// What comes round in a worker. The queue says when, to any one of all workers; where it does not, because it is down, has
// forgotten its schedules, takes no writes or hangs, each worker's own timer sees it in PostgreSQL and goes on.

import type { Loop } from '../platform/health.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { JobQueue, QueueName } from '../platform/queue.ts';
import { createRunner } from '../platform/runner.ts';
import { beginTurn, endTurn, takeTurn } from '../platform/turns.ts';

export type Round = Loop & {
  /** No more by itself. What is under way goes on. */
  stop(): void;
  idle(): Promise<void>;
};

type Deps = {
  queue: JobQueue;
  db: Db;
  /** Hears what is wrong with the queue or the clock. */
  onError: (error: Error) => void;
};

type Job = {
  name: QueueName;
  everyMs: number;
  run(): Promise<void>;
  onFailure: (error: Error) => void;
  /** Longer than this no run takes. */
  longestRunMs?: number;
  /** Nor does it take longer to see whether it is overdue. */
  longestLookMs?: number;
};

/** So often, between two rounds, is looked whether the next one is overdue. */
const looksPerRound = 9;
const usualLongestLookMs = 10 * 60_000;

/** Begins at once: what came due while nobody was there does not wait for a schedule. */
export function keepRound(
  { queue, db, onError }: Deps,
  {
    name,
    everyMs,
    run,
    onFailure,
    longestRunMs = Number.POSITIVE_INFINITY,
    longestLookMs = usualLongestLookMs,
  }: Job,
): Round {
  const lookEveryMs = Math.ceil(everyMs / looksPerRound);
  let lookedAt = performance.now();
  let begunAt = Number.POSITIVE_INFINITY;

  const job = createRunner(async () => {
    begunAt = performance.now();
    try {
      await beginTurn(db, name);
      await run();
      await endTurn(db, name);
    } finally {
      begunAt = Number.POSITIVE_INFINITY;
    }
  }, onFailure);
  const look = createRunner(async () => {
    try {
      if (await takeTurn(db, { name, afterMs: everyMs + lookEveryMs })) job.wake();
    } finally {
      lookedAt = performance.now();
    }
  }, onError);
  // A queue that was emptied has forgotten its schedules.
  const renew = createRunner(() => queue.keepSchedule(name, everyMs), onError);

  queue.startWorker(name, job.finish, onFailure);
  queue.enqueue(name).catch((error) => {
    onError(error);
    job.wake();
  });
  renew.wake();
  const timers = [setInterval(look.wake, lookEveryMs), setInterval(renew.wake, everyMs)];
  return {
    name,
    isStalled() {
      const now = performance.now();
      return now - lookedAt > longestLookMs + lookEveryMs || now - begunAt > longestRunMs;
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
    async idle() {
      await Promise.all([job.idle(), look.idle()]);
    },
  };
}

export type Delivering = {
  /** By any one worker, this one where the queue is away. Returns at once: a queue that hangs is to keep nobody. */
  wake(): Promise<void>;
  stop(): void;
  idle(): Promise<void>;
};

/** Each worker sends what is due when it is started and when the queue wakes it, and looks by itself once every `everyMs`. */
export function keepDelivering(
  { queue, onError }: Omit<Deps, 'db'>,
  { everyMs, run, onFailure }: Omit<Job, 'name'>,
): Delivering {
  const job = createRunner(run, onFailure);
  queue.startWorker('deliver', job.finish, onFailure);
  job.wake();
  const timer = setInterval(job.wake, everyMs);
  let isStopped = false;
  return {
    async wake() {
      queue.enqueue('deliver').catch((error) => {
        onError(error);
        if (!isStopped) job.wake();
      });
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
    idle: job.idle,
  };
}
