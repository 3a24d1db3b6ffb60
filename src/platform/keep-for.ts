// What many ask for and hardly ever changes: read at most once in a while, by all who ask meanwhile.
import { askForAll } from './postgres/shared-pool.ts';

/** What could not be read is asked for again. `keptMs` 0: read each time. */
export function keepFor<Value>(keptMs: number, read: () => Promise<Value>): () => Promise<Value> {
  let kept: { value: Promise<Value>; until: number } | null = null;
  return () => {
    const now = performance.now();
    if (kept !== null && now < kept.until) return kept.value;
    // Others wait for it as well.
    const reading = { value: askForAll(read), until: now + keptMs };
    kept = reading;
    reading.value.catch(() => {
      reading.until = 0;
    });
    return reading.value;
  };
}
