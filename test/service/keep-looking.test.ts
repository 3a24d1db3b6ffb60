import { afterEach, expect, test } from 'vitest';
import { type Closer, createCloser } from '../../src/service/closer.ts';
import { keepLooking } from '../../src/service/keep-looking.ts';
import { waitFor } from '../support/wait-for.ts';

let closer: Closer = createCloser();
afterEach(async () => {
  await closer.close();
  closer = createCloser();
});

test('it comes round by the clock, also after a look that failed, which is told', async () => {
  let looks = 0;
  const failures: string[] = [];
  const look = async () => {
    looks += 1;
    if (looks === 1) throw new Error('away');
  };
  keepLooking({ everyMs: 5, look, onFailure: ({ message }) => failures.push(message) }, closer);
  expect(looks).toBe(0);
  await waitFor('a third look', () => looks >= 3);
  expect(failures).toEqual(['away']);
});

test('it looks at once when it is woken, and once more for whoever wakes it meanwhile', async () => {
  let looks = 0;
  const look = async () => {
    looks += 1;
  };
  const runner = keepLooking({ everyMs: 60_000, look, onFailure: () => {} }, closer);
  runner.wake();
  runner.wake();
  await runner.idle();
  expect(looks).toBeGreaterThanOrEqual(1);
  expect(looks).toBeLessThanOrEqual(2);
});

test('closing tells the look that is under way, waits for it, and nobody hears how it ended', async () => {
  const failures: Error[] = [];
  let isOver = false;
  const look = (signal: AbortSignal) =>
    new Promise<void>((_, reject) => {
      signal.addEventListener('abort', () => {
        isOver = true;
        reject(new Error('stopped'));
      });
    });
  const runner = keepLooking({ everyMs: 60_000, look, onFailure: (error) => failures.push(error) }, closer);
  runner.wake();
  await closer.close();
  expect(isOver).toBe(true);
  expect(failures).toEqual([]);
});
