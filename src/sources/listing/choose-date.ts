// The day that a listing is of.

import { addDays } from '../../text/days.ts';
import { findDayInFileName, resolvePageDate, resolveShownDate } from './calendar.ts';
import { describeUnclear, firstOfMonth, listReadings } from './day-order.ts';
import type { ListingOptions, ListingWarning } from './listing.ts';
import type { ShownDate } from './read-day.ts';
import type { DateToken } from './read-tokens.ts';

export type ChosenDate = { date: string; warnings: ListingWarning[] };

/** What the text tells: the dates in its head and those beside papers, and the arXiv ids of papers. */
export type ToldDays = { head: DateToken[]; papers: readonly ShownDate[]; arxiv: readonly string[] };

/**
 * The given day, else the one in the file's name, else the first date in the page's head (without a year: the newest
 * such day that is not in the future, with a warning where that is long ago and may be an earlier year's), else today with a warning: refusing would cost the papers, while a wrong day
 * is seen in the warning and put right by importing once more with the day.
 */
export function chooseListingDate(told: ToldDays, options: ListingOptions): ChosenDate {
  const chosen = findListingDate(told, options);
  return options.wanted === 'papers' ? { ...chosen, warnings: [] } : chosen;
}

function findListingDate(told: ToldDays, options: ListingOptions): ChosenDate {
  const { head, papers } = told;
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
  if (shown !== undefined && date !== null)
    return {
      date,
      warnings: [...describeGuess(shown, { date, told, options }), ...describeConflict(head, date)],
    };
  const missing =
    shown?.shown.order === 'unclear'
      ? describeUnclear(shown.text, shown.shown)
      : 'the text does not say its day';
  const years = papers.some(({ year }) => year === null) ? ', as dates without a year go by it' : '';
  return {
    date: options.today,
    warnings: [
      {
        line: shown?.line ?? 1,
        message: `${missing}: today, ${options.today}, was taken; give the day with --date${years}`,
      },
    ],
  };
}

function isSameDay(a: DateToken['shown'], b: DateToken['shown']): boolean {
  return a.month === b.month && a.day === b.day;
}

/** A text is read within some weeks, or its year has to be told. */
const lateDays = 31;

function describeGuess(
  { line, text, shown }: DateToken,
  { date, told, options }: { date: string; told: ToldDays; options: ListingOptions },
): ListingWarning[] {
  const isSure = shown.year !== null || date >= addDays(options.today, -lateDays) || isYearSure(date, told);
  if (isSure) return [];
  const message = `${text} was read as ${date}, and may be of an earlier year; give the day with --date`;
  return [{ line, message }];
}

/** Papers come out before they are listed: is there one that had not come out a year before? */
function isYearSure(date: string, { papers, arxiv }: ToldDays): boolean {
  const years = papers.flatMap(({ year }) => year ?? []);
  const earliest = [
    ...papers.flatMap(listReadings),
    ...arxiv.flatMap((id) => firstOfMonth(id) ?? []),
    // A page that leaves out a year leaves out its own.
    ...(years.length < papers.length ? years.map((year) => `${year + 1}-01-01`) : []),
  ];
  const yearBefore = `${Number(date.slice(0, 4)) - 1}${date.slice(4)}`;
  return earliest.some((day) => yearBefore < day && day <= date);
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
