// When a source is asked for a day: first, again while the day lasts, and after it went wrong.
import { DateTime } from 'luxon';

export type FetchOutcome = 'ok' | 'empty' | 'stale' | 'failed';

export type Timetable = {
  /** Whose days they are; an IANA name. */
  zone: string;
  /** After midnight in that zone. */
  firstTryMinutes: number;
  /** After such an answer, while the day lasts; null when the answer settles the day. */
  again: Record<Exclude<FetchOutcome, 'failed'>, Again | null>;
};

/** `onceMore`: also a last time when the day is over. */
type Again = { everyMinutes: number; onceMore: boolean };

/** For what fills up while its day lasts, and once more when it is over. */
export const everyTwoHours: Timetable = {
  zone: 'UTC',
  firstTryMinutes: 60,
  again: {
    ok: { everyMinutes: 120, onceMore: true },
    empty: { everyMinutes: 120, onceMore: true },
    stale: { everyMinutes: 120, onceMore: true },
  },
};

/** What the last asking for a day gave. Without outcome it is under way, or its process was killed. */
export type DayRecord = {
  /** YYYY-MM-DD */
  day: string;
  startedAt: Date;
  outcome: FetchOutcome | null;
  nextTryAt: Date | null;
};

/** How far back days are made up for after a downtime. */
export const catchUpDays = 7;
/** A fetch that takes longer has died with its process. */
export const fetchLeaseMs = 15 * 60_000;
/** How long after its end a day is asked for once more. */
const lastTryMinutes = 30;

/** The day that it is now for this source. */
export function dayAt({ zone }: Timetable, now: Date): string {
  return toDay(DateTime.fromJSDate(now, { zone }));
}

/** Of a day, YYYY-MM-DD. */
export function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}

/** The oldest day that is to be asked for now; null when there is none. `records` holds each day's last one. */
export function findDueDay(timetable: Timetable, records: DayRecord[], now: Date): string | null {
  const due = listOpenDays(timetable, records, now).find(({ tryAt }) => tryAt <= now);
  return due?.day ?? null;
}

/** When the source is asked next, by itself: in the past when that is overdue. */
export function findNextTry(timetable: Timetable, records: DayRecord[], now: Date): Date {
  const tomorrow = DateTime.fromJSDate(now, { zone: timetable.zone }).plus({ days: 1 });
  const times = [
    ...listOpenDays(timetable, records, now).map(({ tryAt }) => tryAt),
    firstTryOf(timetable, toDay(tomorrow)),
  ];
  return new Date(Math.min(...times.map((time) => time.getTime())));
}

/** When a day is asked for again after this answer to it; null when it is settled. */
export function findNextTryOf(
  timetable: Timetable,
  { day, outcome, now }: { day: string; outcome: Exclude<FetchOutcome, 'failed'>; now: Date },
): Date | null {
  const end = DateTime.fromISO(day, { zone: timetable.zone }).plus({ days: 1 });
  const again = timetable.again[outcome];
  if (again === null || now >= end.toJSDate()) return null;
  const next = DateTime.fromJSDate(now).plus({ minutes: again.everyMinutes });
  if (next < end) return next.toJSDate();
  return again.onceMore ? end.plus({ minutes: lastTryMinutes }).toJSDate() : null;
}

const firstRetryMs = 5 * 60_000;
const longestRetryMs = 6 * 3_600_000;

/** Twice as long after every failure in a row, give or take a fifth; never sooner than the server asked for. */
export function findRetryTime({
  failures,
  retryAfterMs,
  now,
  random,
}: {
  /** Including this one. */
  failures: number;
  retryAfterMs: number | null;
  now: Date;
  random: () => number;
}): Date {
  const backoffMs = firstRetryMs * 2 ** Math.min(failures - 1, 20) * (0.8 + 0.4 * random());
  const delayMs = Math.min(Math.max(backoffMs, retryAfterMs ?? 0), longestRetryMs);
  return new Date(now.getTime() + delayMs);
}

function listOpenDays(timetable: Timetable, records: DayRecord[], now: Date): { day: string; tryAt: Date }[] {
  const lastOf = new Map(records.map((record) => [record.day, record]));
  const earliest = records.map(({ day }) => day).sort()[0];
  const today = DateTime.fromJSDate(now, { zone: timetable.zone });
  return Array.from({ length: catchUpDays + 1 }, (_, index) => catchUpDays - index).flatMap((ago) => {
    const day = toDay(today.minus({ days: ago }));
    const last = lastOf.get(day);
    if (last !== undefined) {
      const tryAt =
        last.outcome === null ? new Date(last.startedAt.getTime() + fetchLeaseMs) : last.nextTryAt;
      return tryAt === null ? [] : [{ day, tryAt }];
    }
    // Nobody misses what was before the first start, except that a first digest wants something to choose from.
    const isWanted = ago <= 1 || (earliest !== undefined && earliest < day);
    return isWanted ? [{ day, tryAt: firstTryOf(timetable, day) }] : [];
  });
}

function firstTryOf({ zone, firstTryMinutes }: Timetable, day: string): Date {
  return DateTime.fromISO(day, { zone }).plus({ minutes: firstTryMinutes }).toJSDate();
}

function toDay(time: DateTime): string {
  return time.toFormat('yyyy-MM-dd');
}
