// One life of the worker's thread, and what is said between it and the process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Config } from '../../config/config.ts';
import { ConfigError } from '../../platform/errors.ts';
import type { PoolCounts, SentMail } from '../../platform/metrics.ts';

export type WorkerTask = {
  config: Config;
  databaseUrl: string;
  /** Whether each mail is to be told of. */
  isMeasured: boolean;
};

export type ToWorker = { type: 'begin'; task: WorkerTask } | { type: 'wake' | 'ask' | 'stop' };

/** Once a second. `stalled`: what of its own does not go on. */
type Alive = { type: 'alive'; stalled: string[]; pool: PoolCounts };

export type FromWorker =
  | Alive
  | { type: 'began'; inboxUrl: string | null }
  /** As it was asked: what it needs, and is not there. */
  | { type: 'ready'; stalled: string[] }
  | { type: 'sent'; mail: SentMail };

export type Life = {
  /** Resolves once it works; rejects where it ended before. */
  begin(task: WorkerTask): Promise<{ inboxUrl: string | null }>;
  wake(): void;
  /** What it said last of itself, and when. Null: nothing so far. */
  lastWord(): (Alive & { at: number }) | null;
  /** Names what it needs and is not there. */
  ready(): Promise<string[]>;
  /** Lets it finish what is under way. */
  stop(): Promise<void>;
  /** Resolves with the reason. */
  ended: Promise<Error>;
};

/** It looks for three seconds itself. */
const patienceMs = 4000;

export function watchLife(thread: Worker, { onSent }: { onSent: (mail: SentMail) => void }): Life {
  let hasTask = false;
  let trouble: Error | null = null;
  thread.on('error', (error: Error) => {
    // What is thrown in a thread comes out of it as a plain error of that name.
    trouble = error.name === 'ConfigError' ? new ConfigError(error.message) : error;
  });
  const ended = new Promise<Error>((resolve) => {
    thread.on('exit', (code) => resolve(trouble ?? new Error(`the worker’s thread ended with code ${code}`)));
  });
  let word: (Alive & { at: number }) | null = null;
  thread.on('message', (message: FromWorker) => {
    if (message.type === 'sent') onSent(message.mail);
    if (message.type === 'alive') word = { ...message, at: performance.now() };
  });

  const tell = (message: ToWorker) => thread.postMessage(message);
  /** The next message of this type; rejects with the end. */
  async function hear<Type extends FromWorker['type']>(
    type: Type,
  ): Promise<Extract<FromWorker, { type: Type }>> {
    let listen: (message: FromWorker) => void = () => {};
    const heard = new Promise<Extract<FromWorker, { type: Type }>>((resolve) => {
      listen = (message) => {
        if (message.type === type) resolve(message as Extract<FromWorker, { type: Type }>);
      };
      thread.on('message', listen);
    });
    try {
      return await Promise.race([heard, ended.then((reason) => Promise.reject(reason))]);
    } finally {
      thread.off('message', listen);
    }
  }

  let asking: Promise<string[]> | null = null;
  async function ask(): Promise<string[]> {
    const answer = hear('ready');
    tell({ type: 'ask' });
    try {
      return (await answer).stalled;
    } catch {
      return ['worker'];
    } finally {
      asking = null;
    }
  }

  return {
    async begin(task) {
      hasTask = true;
      const began = hear('began');
      tell({ type: 'begin', task });
      return began;
    },
    wake: () => tell({ type: 'wake' }),
    lastWord: () => word,
    ready() {
      asking ??= ask();
      const tooLate = new AbortController();
      const timeout = sleep(patienceMs, ['worker'], { signal: tooLate.signal }).catch(() => ['worker']);
      return Promise.race([asking, timeout]).finally(() => tooLate.abort());
    },
    async stop() {
      if (hasTask) tell({ type: 'stop' });
      else void thread.terminate();
      await ended;
    },
    ended,
  };
}
