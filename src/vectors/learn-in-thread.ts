// Learns in a thread of its own, which ends with its answer.
import type { MatchablePaper } from '../matching/match.ts';
import { startThread } from '../platform/thread.ts';
import type { VectorModel } from './learn.ts';

/** Rejects when the thread dies, be it of `signal`. */
export function learnInThread(papers: readonly MatchablePaper[], signal?: AbortSignal): Promise<VectorModel> {
  const worker = startThread('learn-thread', import.meta.url, papers);
  return new Promise((resolve, reject) => {
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(new Error(`the learning thread ended with code ${code}, without an answer`));
    });
  });
}
