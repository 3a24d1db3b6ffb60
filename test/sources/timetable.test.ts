// When a source is asked: pure, with the clock handed in.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DayRecord,
  findDueDay,
  findNextTry,
  findNextTryOf,
  findRetryTime,
  type Timetable,
} from '../../src/sources/timetable.ts';

const everyTwoHours = { everyMinutes: 120, onceMore: true };
const utc: Timetable = {
  zone: 'UTC',
  firstTryMinutes: 60,
  again: { ok: everyTwoHours, empty: everyTwoHours, stale: everyTwoHours },
};
const eastern: Timetable = {
  zone: 'America/New_York',
  firstTryMinutes: 30,
  again: {
    ok: null,
    empty: { everyMinutes: 240, onceMore: false },
    stale: { everyMinutes: 60, onceMore: true },
  },
};

const at = (time: string) => new Date(`${time}Z`);
const record = (day: string, given: Partial<DayRecord> = {}): DayRecord => ({
  day,
  startedAt: at(`${day}T12:00`),
  outcome: 'ok',
  nextTryAt: null,
  ...given,
});

describe('a day', () => {
  test('is due from its first hour on, in its own zone', () => {
    const yesterday = [record('2026-03-02')];
    expect(findDueDay(utc, yesterday, at('2026-03-03T00:59'))).toBeNull();
    expect(findDueDay(utc, yesterday, at('2026-03-03T01:00'))).toBe('2026-03-03');
    expect(findDueDay(eastern, yesterday, at('2026-03-03T05:29'))).toBeNull();
    expect(findDueDay(eastern, yesterday, at('2026-03-03T05:30'))).toBe('2026-03-03');
  });

  test('is due again when its last answer said so, and not before', () => {
    const records = [record('2026-03-02'), record('2026-03-03', { nextTryAt: at('2026-03-03T14:00') })];
    expect(findDueDay(utc, records, at('2026-03-03T13:59'))).toBeNull();
    expect(findDueDay(utc, records, at('2026-03-03T14:00'))).toBe('2026-03-03');
  });

  test('that another process is fetching is not due, and is when that has died', () => {
    const records = [record('2026-03-02'), record('2026-03-03', { outcome: null })];
    expect(findDueDay(utc, records, at('2026-03-03T12:10'))).toBeNull();
    expect(findDueDay(utc, records, at('2026-03-03T12:15'))).toBe('2026-03-03');
  });
});

describe('after', () => {
  const dueDays = (timetable: Timetable, before: DayRecord[], now: Date) => {
    const days: string[] = [];
    for (;;) {
      const day = findDueDay(timetable, [...before, ...days.map((done) => record(done))], now);
      if (day === null) return days;
      days.push(day);
    }
  };

  test('the first start, yesterday and today are fetched', () => {
    expect(dueDays(utc, [], at('2026-03-03T08:00'))).toEqual(['2026-03-02', '2026-03-03']);
  });

  test('a downtime of days, the missed ones are fetched, oldest first', () => {
    expect(dueDays(utc, [record('2026-02-27')], at('2026-03-03T08:00'))).toEqual([
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
      '2026-03-03',
    ]);
  });

  test('a downtime of months, a week of them', () => {
    const days = dueDays(utc, [record('2025-12-12')], at('2026-03-03T08:00'));
    expect([days[0], days.length]).toEqual(['2026-02-24', 8]);
  });

  test('a failure too long ago, nothing', () => {
    const failed = record('2026-02-20', { outcome: 'failed', nextTryAt: at('2026-02-20T13:00') });
    const settled = Array.from({ length: 8 }, (_, index) => record(`2026-03-0${index + 1}`));
    expect(findDueDay(utc, [failed, ...settled], at('2026-03-08T08:00'))).toBeNull();
  });
});

describe('the next try', () => {
  test('comes every two hours while the day lasts, and once after it', () => {
    const next = (now: string) => findNextTryOf(utc, { day: '2026-03-03', outcome: 'ok', now: at(now) });
    expect(next('2026-03-03T01:00')).toEqual(at('2026-03-03T03:00'));
    expect(next('2026-03-03T22:30')).toEqual(at('2026-03-04T00:30'));
    expect(next('2026-03-04T00:30')).toBeNull();
  });

  test('after an answer that settles the day never comes, after others as the source wants it', () => {
    const next = (outcome: 'ok' | 'empty' | 'stale', now: string) =>
      findNextTryOf(eastern, { day: '2026-03-03', outcome, now: at(now) });
    expect(next('ok', '2026-03-03T05:30')).toBeNull();
    expect(next('stale', '2026-03-03T05:30')).toEqual(at('2026-03-03T06:30'));
    expect(next('stale', '2026-03-04T04:30')).toEqual(at('2026-03-04T05:30'));
    expect(next('empty', '2026-03-03T05:30')).toEqual(at('2026-03-03T09:30'));
    expect(next('empty', '2026-03-04T03:30')).toBeNull();
  });

  test('of a source is the earliest of its days, else tomorrow', () => {
    const now = at('2026-03-03T08:00');
    const settled = ['2026-03-02', '2026-03-03'].map((day) => record(day));
    expect(findNextTry(utc, settled, now)).toEqual(at('2026-03-04T01:00'));
    const failed = record('2026-03-03', { outcome: 'failed', nextTryAt: at('2026-03-03T09:00') });
    expect(findNextTry(utc, [record('2026-03-02'), failed], now)).toEqual(at('2026-03-03T09:00'));
  });
});

test('retries come later and later, never sooner than was asked for, never later than in six hours', () => {
  const now = at('2026-03-03T08:00');
  const minutes = (failures: number, retryAfterMs: number | null, random: number) =>
    (findRetryTime({ failures, retryAfterMs, now, random: () => random }).getTime() - now.getTime()) / 60_000;
  expect([1, 2, 3, 10].map((failures) => minutes(failures, null, 0.5))).toEqual([5, 10, 20, 360]);
  expect(minutes(1, 40 * 60_000, 0.5)).toBe(40);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.option(fc.nat(1e9)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, asked, random) => {
        const wait = minutes(failures, asked, random);
        expect(wait).toBeGreaterThanOrEqual(Math.min((asked ?? 0) / 60_000, 360));
        expect(wait).toBeGreaterThanOrEqual(3.99);
        expect(wait).toBeLessThanOrEqual(360);
      },
    ),
  );
});
