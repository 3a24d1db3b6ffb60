// Whether 05/11/2025 is of November or of May: what else the listing shows decides. Where nothing does, nobody guesses.
import { addDays, isDay } from '../../text/days.ts';
import { toDay } from './calendar.ts';
import type { DayOrder, ShownDate } from './read-day.ts';
import type { DateToken, Token } from './read-tokens.ts';

/** `known`: the listing's day, where it was given. `head`: the dates above the papers. */
export type ListingDays = { known: string | null; head: readonly DateToken[]; today: string };

/** With the dates that can be read in two ways as all of them are written, if that can be told. */
export function settleDates(tokens: readonly Token[], days: ListingDays): Token[] {
  const dates = tokens.filter((token) => token.type === 'date');
  if (!dates.some(({ shown }) => shown.order === 'unclear')) return [...tokens];
  const order = findDayOrder(dates, days);
  return tokens.map((token) =>
    token.type === 'date' ? { ...token, shown: readInOrder(token.shown, order) } : token,
  );
}

export function readInOrder(shown: ShownDate, order: DayOrder | null): ShownDate {
  if (shown.order !== 'unclear' || order === null) return shown;
  return order === 'day first'
    ? { ...shown, order }
    : { ...shown, order, month: shown.day, day: shown.month };
}

/** What it may mean: one day, two that differ, or none that there is. */
export function listReadings(shown: ShownDate): string[] {
  if (shown.year === null) return [];
  const swapped = { ...shown, month: shown.day, day: shown.month };
  const readings = shown.order === 'unclear' ? [shown, swapped] : [shown];
  return readings.flatMap(({ year, month, day }) => toDay(year ?? 0, month, day) ?? []);
}

export function describeUnclear(text: string, shown: ShownDate): string {
  return `${text} may be ${listReadings(shown).join(' or ')}, and nothing else in the text decides it`;
}

/** Whether papers of that arXiv id came out about then: numbers are given a few days after a paper was handed in, and some are announced days later. */
export function isOfMonth(day: string, arxiv: string | null): boolean {
  const first = firstOfMonth(arxiv ?? '');
  return first !== null && day >= addDays(first, -7) && day < addDays(first, 38);
}

/** Of the month in which an arXiv id was given; null for one of before 2007. */
export function firstOfMonth(arxiv: string): string | null {
  const [, year, month] = /^(\d\d)(\d\d)\./.exec(arxiv) ?? [];
  const first = `20${year}-${month}-01`;
  return isDay(first) ? first : null;
}

/** Null where the dates disagree, too. */
function findDayOrder(dates: readonly DateToken[], { known, head, today }: ListingDays): DayOrder | null {
  const sure = dates.flatMap(({ shown }) => (shown.order === 'unclear' ? [] : (shown.order ?? [])));
  if (sure.length > 0) return agree(sure);
  const isInHead = (date: DateToken) => head.some(({ line }) => line === date.line);
  const told = (of: readonly DateToken[]) =>
    of.flatMap(({ shown }) => (shown.order === 'unclear' ? [] : listReadings(shown)));
  const day = known ?? told(head)[0] ?? null;
  // Papers come out before they are listed.
  const [newest = ''] = told(dates.filter((date) => !isInHead(date)))
    .sort()
    .reverse();
  return agree(
    dates.flatMap((date) => {
      if (date.shown.order !== 'unclear') return [];
      const [dayFirst = '', monthFirst = ''] = listReadings(date.shown);
      const latest = addDays(day ?? today, 1);
      const isPossible = (reading: string) =>
        isInHead(date) && day !== null
          ? reading === day
          : reading <= latest && (!isInHead(date) || reading >= newest);
      if (isPossible(dayFirst) === isPossible(monthFirst)) return [];
      return isPossible(dayFirst) ? ['day first' as const] : ['month first' as const];
    }),
  );
}

function agree(orders: readonly DayOrder[]): DayOrder | null {
  const [first] = orders;
  return first !== undefined && orders.every((order) => order === first) ? first : null;
}
