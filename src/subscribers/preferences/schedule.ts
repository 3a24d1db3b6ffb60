// On which days of the week a digest comes.

/** ISO order: the week begins on Monday. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export const longestPauseDays = 366;

/**
 * How far back a digest reaches, whatever it follows: a pause, a failure, an undone unsubscribe. A week's digest has all of
 * its week, though a listing came a week late; what was listed before that is browsed and searched, never mailed.
 */
export const newsDays = 14;

/** As the database has them: `1111100` is Monday to Friday. */
export function writeDays(days: readonly Weekday[]): string {
  return weekdays.map((day) => (days.includes(day) ? '1' : '0')).join('');
}

/** In the order of the week. */
export function readDays(written: string): Weekday[] {
  return weekdays.filter((_, index) => written[index] === '1');
}

/** `day` is YYYY-MM-DD. */
export function weekdayOf(day: string): Weekday {
  const daysSinceSunday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekdays[(daysSinceSunday + 6) % 7] ?? 'mon';
}

/** A reader with one day in the week gets that week's papers. On another day (their very first digest) it is not one. */
export function isWeekly(days: readonly Weekday[], edition: string): boolean {
  return days.length === 1 && days[0] === weekdayOf(edition);
}
