// When a reader's digest comes, in words.
import type { Words } from '../../../languages/words.ts';
import type { Preferences } from '../../../subscribers/preferences/preferences.ts';
import { type Weekday, weekdays } from '../../../subscribers/preferences/schedule.ts';

/** `every day at 07:00 (Europe/Berlin)`, `Monday to Friday at …`, `every Monday and Thursday at …` */
export function describeSchedule(
  { days, hour, timeZone }: Pick<Preferences, 'days' | 'hour' | 'timeZone'>,
  words: Words,
): string {
  const values = { hour: `${String(hour).padStart(2, '0')}:00`, timeZone };
  if (days.length === weekdays.length) return words.t('schedule.daily', values);
  if (days.join() === weekdays.slice(0, 5).join()) return words.t('schedule.weekdays', values);
  const names = words.list(days.map((day) => nameWeekday(day, words, 'long')));
  return words.t('schedule.someDays', { ...values, days: names });
}

export function nameWeekday(day: Weekday, { locale }: Words, weekday: 'long' | 'short'): string {
  // A week that begins on a Monday.
  const date = new Date(Date.UTC(2024, 0, 1 + weekdays.indexOf(day)));
  const key = `${locale} ${weekday}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' });
  formats.set(key, format);
  return format.format(date);
}

/** To make one takes longer than to use it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();
