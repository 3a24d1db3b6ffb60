// How many papers a mail has room for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitToBudget } from '../../src/mails/fit-budget.ts';

const cards = (count: number, full = 2_000, brief = 500) =>
  Array.from({ length: count }, () => ({ full, brief }));

test('all are in full while they fit', () => {
  expect(fitToBudget({ cards: cards(10), briefHeading: 100, room: 20_000 })).toEqual({ full: 10, brief: 0 });
});

test('as many in full as leave a line for each of the others', () => {
  expect(fitToBudget({ cards: cards(20), briefHeading: 100, room: 20_000 })).toEqual({ full: 6, brief: 14 });
});

test('three stay in full, even if not all others have a line then', () => {
  expect(fitToBudget({ cards: cards(200), briefHeading: 100, room: 20_000 })).toEqual({ full: 3, brief: 27 });
});

test('for any sizes it fits, and one more would not', () => {
  const size = fc.integer({ min: 300, max: 3_000 });
  const card = fc.record({ full: size, brief: fc.integer({ min: 100, max: 299 }) });
  fc.assert(
    fc.property(fc.array(card, { maxLength: 60 }), fc.integer({ min: 9_000, max: 80_000 }), (list, room) => {
      const { full, brief } = fitToBudget({ cards: list, briefHeading: 100, room });
      const sizeOf = (inFull: number, inBrief: number) =>
        list.slice(0, inFull).reduce((sum, item) => sum + item.full, 0) +
        list.slice(inFull, inFull + inBrief).reduce((sum, item) => sum + item.brief, inBrief > 0 ? 100 : 0);
      expect(sizeOf(full, brief)).toBeLessThanOrEqual(room);
      if (full < list.length && full + brief === list.length)
        expect(sizeOf(full + 1, brief - 1)).toBeGreaterThan(room - 100);
      if (full + brief < list.length) {
        expect(full).toBe(Math.min(3, list.length));
        expect(sizeOf(full, brief + 1)).toBeGreaterThan(room);
      }
    }),
  );
});
