// arXiv's days: what is in the feed of a day was submitted in a window before it.
// https://info.arxiv.org/help/availability.html
import { DateTime } from 'luxon';

export const arxivZone = 'America/New_York';

/** Submissions close then, Monday to Friday; what came in is announced at 20:00, and in the next day's feed. */
const closingHour = 14;
/** By the feed's weekday (1 is Monday): how many days before it the window opens and closes. */
const windows: Record<number, [opens: number, closes: number]> = {
  1: [4, 3],
  2: [4, 1],
  3: [2, 1],
  4: [2, 1],
  5: [2, 1],
};

/** When the papers in the feed of `day` (YYYY-MM-DD) were submitted; null at weekends, which have none. */
export function findSubmissionWindow(day: string): { from: Date; to: Date } | null {
  const feedDay = DateTime.fromISO(day, { zone: arxivZone });
  const window = windows[feedDay.weekday];
  if (window === undefined) return null;
  const closing = (daysBefore: number) =>
    feedDay.minus({ days: daysBefore }).set({ hour: closingHour }).toJSDate();
  return { from: closing(window[0]), to: closing(window[1]) };
}

/** The day in whose feed stands what was submitted then, but for holidays. */
export function findFeedDay(submitted: Date): string | null {
  const first = DateTime.fromJSDate(submitted, { zone: arxivZone });
  for (let later = 1; later <= 4; later += 1) {
    const day = first.plus({ days: later }).toFormat('yyyy-MM-dd');
    const window = findSubmissionWindow(day);
    if (window !== null && window.from <= submitted && submitted < window.to) return day;
  }
  return null;
}

/** Eastern, YYYY-MM-DD, of a time as feeds write it; null for what is none. */
export function readArxivDay(text: string | null): string | null {
  return readArxivTime(text)?.toFormat('yyyy-MM-dd') ?? null;
}

/** RFC 822 or ISO 8601: never without a year, which others take for 2001. */
export function readArxivTime(text: string | null): DateTime | null {
  if (text === null) return null;
  const zone = { zone: arxivZone };
  const iso = DateTime.fromISO(text.trim(), zone);
  const time = iso.isValid ? iso : DateTime.fromRFC2822(text.trim(), zone);
  return time.isValid ? time : null;
}
