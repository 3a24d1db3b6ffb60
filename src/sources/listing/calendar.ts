// Which day a date means that was shown without a year. Days are strings, YYYY-MM-DD, so that no clock or time
// zone gets in.
import { utcDay } from '../../text/days.ts';
import type { ShownDate } from './read-day.ts';

/** The day when it exists: 2025 has no February 29. */
export function toDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return utcDay(date);
}

/** The day in the year of `latest` or the one before, whichever is the newest that is not after `latest`. Else null. */
export function resolveShownDate(shown: ShownDate, latest: string): string | null {
  return findNewestDay(shown, { latest, yearsBack: 1 });
}

/** Like `resolveShownDate`, but goes back as far as the last 29 February. */
export function resolvePageDate(shown: ShownDate, latest: string): string | null {
  return findNewestDay(shown, { latest, yearsBack: 8 });
}

function findNewestDay(
  { year, month, day, order }: ShownDate,
  { latest, yearsBack }: { latest: string; yearsBack: number },
): string | null {
  if (order === 'unclear') return null;
  if (year !== null) return toDay(year, month, day);
  const latestYear = Number(latest.slice(0, 4));
  for (let back = 0; back <= yearsBack; back += 1) {
    const found = toDay(latestYear - back, month, day);
    if (found !== null && found <= latest) return found;
  }
  return null;
}

/** The day in a file's name: "daily-papers-2025-12-12.txt", "2025_12_12.txt", "papers20251212.txt". Else null. */
export function findDayInFileName(fileName: string): string | null {
  const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  for (const match of name.matchAll(/(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)/g)) {
    const day = toDay(Number(match[1]), Number(match[3]), Number(match[4]));
    if (day !== null) return day;
  }
  return null;
}
