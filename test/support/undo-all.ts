// What a test has begun is ended, even where ending one of its parts fails: the next test finds nothing of it.

type Step = () => unknown;

/** Takes all steps out of `steps` and does them, the last first; throws what went wrong once all were tried. */
export async function undoAll(steps: Step[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps.splice(0).reverse()) {
    try {
      await step();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('\n'));
  if (failures.length === 1) throw failures[0];
}
