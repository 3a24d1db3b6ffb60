// Days in words. All of them are plain days, YYYY-MM-DD, without a time zone.
import { createBoundedCache } from './bounded-cache.ts';

const utc = { timeZone: 'UTC' } as const;
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', ...utc });
const longDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', ...utc });
const shortDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  ...utc,
});
const dayOfMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...utc });

/** Every mail names the day of its reader's sign-up. */
const longDays = createBoundedCache<string>(5_000);

/** `Friday, 12 December 2025` */
export const formatFullDay = (date: string) => `${weekday.format(new Date(date))}, ${formatLongDay(date)}`;

/** `12 December 2025` */
export const formatLongDay = (date: string) => longDays.getOrMake(date, () => longDay.format(new Date(date)));

/** `12 Dec 2025` */
export const formatShortDay = (date: string) => shortDay.format(new Date(date));

/** `12 Dec` */
export const formatDayOfMonth = (date: string) => dayOfMonth.format(new Date(date));
