import { expect, test } from 'vitest';
import { createLateness } from '../../src/platform/lateness.ts';

/** Looks after each of these times; tells after which of them it was late. */
function lookAfter(passedMs: number[]): boolean[] {
  const lateness = createLateness(0);
  let at = 0;
  return passedMs.map((ms) => {
    at += ms;
    lateness.look(at);
    return lateness.isLate();
  });
}

test('one long turn is not late, and turns that are a bit long never are', () => {
  expect(lookAfter([100, 60_000, 100, 100])).not.toContain(true);
  expect(lookAfter(Array.from({ length: 200 }, () => 300))).not.toContain(true);
});

test('several long turns in a row are late, and a quiet second or two is enough to be on time again', () => {
  const long = lookAfter([900, 900, 900, 900, 900, ...Array.from({ length: 30 }, () => 100)]);
  expect(long.slice(0, 3)).toEqual([false, false, false]);
  expect(long[4]).toBe(true);
  expect(long.at(-1)).toBe(false);
});
