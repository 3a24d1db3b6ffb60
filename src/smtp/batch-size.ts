// How many mails pass the gate together: few enough that an unsubscribe or a stop waits a moment only, and enough that
// a fast server is not kept waiting for the ledger.

export type BatchSize = {
  size(): number;
  learn(batch: { mails: number; tookMs: number }): void;
};

/** What a kill can leave as `unknown` is at most this, for each of the two batches under way. */
export const mostPerBatch = 100;
const quickMs = 250;
const slowMs = 1000;

/** Starts at `least`, which is as many as are sent at once anyway. */
export function createBatchSize({ least }: { least: number }): BatchSize {
  let size = least;
  return {
    size: () => size,
    learn({ mails, tookMs }) {
      if (mails >= size && tookMs < quickMs) size = Math.max(least, Math.min(size * 2, mostPerBatch));
      if (tookMs > slowMs) size = Math.max(least, Math.floor(size / 2));
    },
  };
}
