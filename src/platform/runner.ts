// Work that follows an answer: begun when it is woken, one run at a time. What it is to do stands in the database, so that
// a process that ends in between loses nothing but time.

export type Runner = {
  /** Returns at once. Woken during a run, it runs once more: what came meanwhile may have been overlooked. */
  wake(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Wakes it, and waits. */
  finish(): Promise<void>;
};

export function createRunner(step: () => Promise<unknown>, onError: (error: Error) => void): Runner {
  let isWoken = false;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (isWoken) {
      isWoken = false;
      await step().catch(onError);
    }
    running = null;
  }

  function wake(): void {
    isWoken = true;
    running ??= run();
  }
  const idle = () => running ?? Promise.resolve();
  return {
    wake,
    idle,
    finish() {
      wake();
      return idle();
    },
  };
}
