// Runs a benchmark to its end, or until an error or Ctrl-C: in every case all that it started is stopped.
import { constants } from 'node:os';
import { type Closer, createCloser } from '../src/service/closer.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Sets the exit code: 1 after an error, which it prints. */
export async function runBenchmark(work: (closer: Closer) => Promise<void>): Promise<void> {
  const closer = createCloser();
  const stopped = new Promise<never>((_, reject) => {
    for (const signal of signals) {
      process.once(signal, () => {
        process.exitCode = 128 + constants.signals[signal];
        reject(new Error(`stopped by ${signal}`));
      });
    }
  });
  try {
    await Promise.race([work(closer), stopped]);
  } catch (error) {
    process.exitCode ??= 1;
    console.error(error);
  } finally {
    await closer.close();
  }
  // Signals are still listened to, and that alone keeps nothing alive; a stopped run may have work pending that does.
  process.exit();
}
