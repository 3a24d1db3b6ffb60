// The day that a listing is of.

import { findDayInFileName, resolvePageDate, resolveShownDate } from './calendar.ts';
import { describeUnclear } from './day-order.ts';
import type { ListingOptions, ListingWarning } from './listing.ts';
import type { DateToken } from './read-tokens.ts';

export type ChosenDate = { date: string; warnings: ListingWarning[] };

/**
 * The given day, else the one in the file's name, else the first date in the page's head (without a year: the newest
 * such day that is not in the future), else today with a warning: refusing would cost the papers, while a wrong day
 * is seen in the warning and put right by importing once more with the day.
 */
export function chooseListingDate(head: DateToken[], options: ListingOptions): ChosenDate {
  if (options.date !== undefined) return { date: options.date, warnings: [] };

  const named = options.fileName === undefined ? null : findDayInFileName(options.fileName);
  if (named !== null) return { date: named, warnings: describeConflict(head, named) };

  const [first] = head;
  // A page may say its day twice, the second time with the year.
  const complete = head.find(
    ({ shown }) => shown.year !== null && first !== undefined && isSameDay(shown, first.shown),
  );
  const shown = complete ?? first;
  const date = shown === undefined ? null : resolvePageDate(shown.shown, options.today);
  if (date !== null) return { date, warnings: describeConflict(head, date) };
  const missing =
    shown?.shown.order === 'unclear'
      ? describeUnclear(shown.text, shown.shown)
      : 'the text does not say its day';
  return {
    date: options.today,
    warnings: [
      {
        line: shown?.line ?? 1,
        message: `${missing}: today, ${options.today}, was taken; give the day with --date`,
      },
    ],
  };
}

function isSameDay(a: DateToken['shown'], b: DateToken['shown']): boolean {
  return a.month === b.month && a.day === b.day;
}

/** One warning for each date in the head that means another day. */
function describeConflict(head: DateToken[], date: string): ListingWarning[] {
  return head
    .filter(({ shown }) => resolveShownDate(shown, date) !== date)
    .map(({ line, text }) => ({
      line,
      message: `the page also shows ${text}: ${date} was taken as its day`,
    }));
}
