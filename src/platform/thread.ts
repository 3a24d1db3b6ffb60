// A thread with an event loop and a memory of its own, which ends with the process.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Runs the module `name`, which stands beside the one that asks (`import.meta.url`). What it throws is its `error` event. */
export function startThread(name: string, besides: string, data?: unknown): Worker {
  const ending = extname(besides);
  const file = new URL(`./${name}${ending}`, besides).href;
  // Node 20 starts no thread from TypeScript: there a few lines without types make it readable first.
  const program = `
    const load = async () => {
      if (${ending === '.ts'}) (await import('tsx/esm/api')).register();
      await import(${JSON.stringify(file)});
    };
    load();
  `;
  return new Worker(program, { eval: true, workerData: data, execArgv: [] });
}

/** What the module posts first, of long work on `data`; the thread ends with it. Rejects when it dies, be it of `signal`. */
export function askThread<Answer>(
  name: string,
  besides: string,
  { data, signal }: { data: unknown; signal?: AbortSignal | undefined },
): Promise<Answer> {
  const worker = startThread(name, besides, data);
  return new Promise((resolve, reject) => {
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(new Error(`the thread ${name} ended with code ${code}, without an answer`));
    });
  });
}
