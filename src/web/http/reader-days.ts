// Days as a reader has them: YYYY-MM-DD in their own time zone.
import { utcDay } from '../../text/days.ts';

/** The day that it is at an instant. */
export function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
}

export function addDays(day: string, days: number): string {
  return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000));
}

export function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}
