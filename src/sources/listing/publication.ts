// When a paper came out, of the date that is shown beside it: which year is meant, and what is in doubt about that.
import { addDays } from '../../text/days.ts';
import { resolveShownDate, toDay } from './calendar.ts';
import { describeUnclear, firstOfMonth, isOfMonth } from './day-order.ts';
import type { ShownDate } from './read-day.ts';

export type Publication = { publishedOn: string | null; message: string | null };

/** A date of the next few days without a year may be of this year as well, and of the last one. */
const soonDays = 7;

/** `listedOn` is the listing's day; `arxiv`: an id tells the month in which its paper came out. */
export function readPublication(
  { text, shown }: { text: string; shown: ShownDate },
  { listedOn, arxiv }: { listedOn: string; arxiv: string | null },
): Publication {
  const leftOut = (message: string) => ({ publishedOn: null, message: `${message}: the date was left out` });
  if (shown.order === 'unclear') return leftOut(describeUnclear(text, shown));
  const publishedOn =
    findByMonth(shown, arxiv) ?? findTomorrow(shown, listedOn) ?? resolveShownDate(shown, listedOn);
  if (publishedOn === null) return leftOut('there is no such day');
  if (publishedOn > listedOn)
    return { publishedOn, message: `${publishedOn} is after the listing's day, ${listedOn}` };
  const nextYear = Number(publishedOn.slice(0, 4)) + 1;
  const next = toDay(nextYear, shown.month, shown.day);
  const isDoubtful =
    shown.year === null && next !== null && next > listedOn && next <= addDays(listedOn, soonDays);
  const doubt = `${text} was read as ${publishedOn}: in ${nextYear} it would be after the listing's day, ${listedOn}`;
  return { publishedOn, message: isDoubtful && !isOfMonth(publishedOn, arxiv) ? doubt : null };
}

/** Of December's papers some are shown with a day of January. */
function findByMonth({ year, month, day }: ShownDate, arxiv: string | null): string | null {
  const first = firstOfMonth(arxiv ?? '');
  if (year !== null || first === null) return null;
  const about = Number(first.slice(0, 4));
  const days = [about - 1, about, about + 1].flatMap((one) => toDay(one, month, day) ?? []);
  return days.find((one) => isOfMonth(one, arxiv)) ?? null;
}

/** Where it is tomorrow already, papers come out, too. */
function findTomorrow({ year, month, day }: ShownDate, listedOn: string): string | null {
  const tomorrow = addDays(listedOn, 1);
  return year === null && toDay(Number(tomorrow.slice(0, 4)), month, day) === tomorrow ? tomorrow : null;
}
