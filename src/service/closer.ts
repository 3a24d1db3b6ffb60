// Undoes what was opened, last opened first.

export type Closer = {
  add(step: () => Promise<unknown> | unknown): void;
  /** A step that fails does not keep the others from being taken; the first error is thrown at the end. */
  close(): Promise<void>;
};

export function createCloser(): Closer {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  return {
    add: (step) => steps.push(step),
    async close() {
      const errors: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
