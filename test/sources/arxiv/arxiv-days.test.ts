// arXiv's calendar: submissions until 14:00 Eastern, announced at 20:00, in the next day's feed.
import { expect, test } from 'vitest';
import { findSubmissionWindow, readArxivDay } from '../../../src/sources/arxiv/arxiv-days.ts';

test.each([
  ['Monday', '2026-03-02', '2026-02-26T19:00Z', '2026-02-27T19:00Z'],
  ['Tuesday', '2026-03-03', '2026-02-27T19:00Z', '2026-03-02T19:00Z'],
  ['Wednesday', '2026-03-04', '2026-03-02T19:00Z', '2026-03-03T19:00Z'],
  ['Friday', '2026-03-06', '2026-03-04T19:00Z', '2026-03-05T19:00Z'],
  ['Tuesday after the clocks changed', '2026-03-10', '2026-03-06T19:00Z', '2026-03-09T18:00Z'],
])('the feed of a %s', (_, day, from, to) => {
  expect(findSubmissionWindow(day)).toEqual({ from: new Date(from), to: new Date(to) });
});

test('two weeks of feeds leave no gap between their windows', () => {
  const days = Array.from({ length: 14 }, (_, index) =>
    new Date(Date.UTC(2026, 9, 26 + index)).toISOString().slice(0, 10),
  );
  const windows = days.flatMap((day) => findSubmissionWindow(day) ?? []);
  expect(windows).toHaveLength(10);
  for (const [index, { from }] of windows.slice(1).entries()) expect(from).toEqual(windows[index]?.to);
});

test('a weekend has no feed', () => {
  expect(findSubmissionWindow('2026-03-07')).toBeNull();
  expect(findSubmissionWindow('2026-03-08')).toBeNull();
});

test.each([
  ['Wed, 31 Dec 2025 00:00:00 -0500', '2025-12-31'],
  ['2025-08-20T00:00:00-04:00', '2025-08-20'],
  ['2025-08-20T04:00:19.866337+00:00', '2025-08-20'],
  ['2025-08-20T03:59:59Z', '2025-08-19'],
  ['soon', null],
  [null, null],
])('%s is on %s', (text, day) => {
  expect(readArxivDay(text)).toBe(day);
});
