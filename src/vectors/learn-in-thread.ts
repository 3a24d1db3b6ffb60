// Learns in a thread of its own, which ends with its answer.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MatchablePaper } from '../matching/match.ts';
import type { VectorModel } from './learn.ts';

const ending = extname(import.meta.url);
const file = new URL(`./learn-thread${ending}`, import.meta.url).href;
// Node 20 starts no thread from TypeScript: there a few lines without types make it readable first.
const program = `
  const load = async () => {
    if (${ending === '.ts'}) (await import('tsx/esm/api')).register();
    await import(${JSON.stringify(file)});
  };
  load();
`;

/** Rejects when the thread dies, be it of `signal`. */
export function learnInThread(papers: readonly MatchablePaper[], signal?: AbortSignal): Promise<VectorModel> {
  const worker = new Worker(program, { eval: true, workerData: papers, execArgv: [] });
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
