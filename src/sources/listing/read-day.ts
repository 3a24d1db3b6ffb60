// The short lines below a card: a date with an optional comment count, and counts that stand alone.
import { once } from '../../platform/once.ts';

/** A date as a page shows it. Without a year it is of the capture's year. */
export type ShownDate = {
  month: number;
  day: number;
  year: number | null;
  comments: number | null;
  /** True when day and count had no space between them ("Sep 253"), so that another reading exists. */
  isGlued: boolean;
  /** Of `13/11/2025`, which can be read in one way. `unclear`: `05/11/2025`, read with the day first until `day-order.ts` knows better. */
  order?: DayOrder | 'unclear';
};
export type DayOrder = 'day first' | 'month first';

const englishMonths = once(() => listMonths('en'));
/** A browser that translates the page writes its dates, too; behind the day, where no English word stands. */
const translatedMonths = once(() =>
  ['de', 'fr', 'es', 'pt', 'it', 'nl', 'ru', 'uk', 'pl', 'tr'].flatMap(listMonths),
);
const longestDateLine = 60;

/** `T10:00:00Z` and ` 10:00 UTC`: the day is as it is shown, in whichever zone. */
const timeOfDay =
  /(?<=\d)(?:T|,? (?:at )?)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2}))?$/i;

/** "Jun 21", "Sep 25 2", "Nov 7, 2024 3", "May 29[6]", "2025-12-12", "05/11/2025". Null for anything else. */
export function readShownDate(given: string): ShownDate | null {
  if (given.length > longestDateLine || !/\d/.test(given)) return null;
  const line = given
    .replace(/^(?:date|published|submitted|posted|released|updated|listed)(?: on)?:? /i, '')
    .replace(/^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? /i, '')
    .replace(/(?<=^[a-z.]{3,10} \d{1,2}|^(?:the )?\d{1,2})(?:st|nd|rd|th)\b/i, '')
    .replace(/^(?:the )?(?=\d{1,2} )(\d{1,2}) of /i, '$1 ')
    .replace(timeOfDay, '')
    .replace(/ ?(?:[·•|] ?|💬 ?|\()(\d[\d.,k]*)(?: comments?)?\)?$/iu, ' $1');
  const numeric = readNumericDate(line);
  if (numeric !== null) return numeric;

  const named =
    /^([a-z]{3,9})\.? ?(\d{1,2})(?:, ?(\d{4})| (199\d|20[0-4]\d))?(?: ([^\s[\]]+)| ?\[ ?([^\s[\]]+) ?\])?$/i.exec(
      line,
    );
  if (named !== null) {
    const [, name = '', day, behindComma, behindSpace, spaced, bracketed] = named;
    const year = behindComma ?? behindSpace;
    return (
      toShownDate({ month: findMonth(name), day, year, count: spaced ?? bracketed }) ?? readGluedDate(line)
    );
  }
  const european =
    /^(\d{1,2})(?:\.|er|º)? (?:de )?(\p{L}{3,10})\.?(?:(?: de|,)? (\d{4})(?: [гр]\.)?)?(?: ([^\s[\]]+)| ?\[ ?([^\s[\]]+) ?\])?$/iu.exec(
      line,
    );
  if (european !== null) {
    const [, day, name = '', year, spaced, bracketed] = european;
    return toShownDate({ month: findAnyMonth(name), day, year, count: spaced ?? bracketed });
  }
  const eastern =
    /^(?:(\d{4}) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일](?: ?([^\s[\]]+)| ?\[ ?([^\s[\]]+) ?\])?$/.exec(
      line,
    );
  if (eastern !== null) {
    const [, year, month, day, spaced, bracketed] = eastern;
    return toShownDate({ month: Number(month), day, year, count: spaced ?? bracketed });
  }
  return readGluedDate(line);
}

const countBehind = String.raw`(?: ([^\s[\]]+)| ?\[ ?([^\s[\]]+) ?\])?$`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-./]?)(\d{1,2}|[a-z]{3,9})\2(\d{1,2})${countBehind}`, 'i');
const yearLast = new RegExp(String.raw`^(\d{1,2})([-./ ])(\d{1,2}|[a-z]{3,9})\2(\d{4})${countBehind}`, 'i');
const shortYearLast = /^(\d{1,2})(\/)(\d{1,2})\/(\d{2})$/;

/** "2025-12-12", "20251212", "12.12.2025", "12-Dec-2025", "12/12/2025". */
function readNumericDate(line: string): ShownDate | null {
  const [, year, sign, month = '', day = '', spaced, bracketed] = yearFirst.exec(line) ?? [];
  if (year !== undefined) {
    if (sign === '' && (!/^(?:19|20)/.test(year) || month.length + day.length < 4)) return null;
    return toShownDate({
      month: Number(month) || findAnyMonth(month),
      day,
      year,
      count: spaced ?? bracketed,
    });
  }
  const [, first = '', separator, second = '', last = '', ...counts] =
    yearLast.exec(line) ?? shortYearLast.exec(line) ?? [];
  if (first === '' || (separator === ' ' && /^\d/.test(second))) return null;
  const rest = { year: last.length === 2 ? `20${last}` : last, count: counts[0] ?? counts[1] };
  const dayFirst = toShownDate({ ...rest, month: Number(second) || findAnyMonth(second), day: first });
  // Whoever writes dots writes the day first.
  if (separator === '.' || !/^\d/.test(second)) return dayFirst;
  const monthFirst = toShownDate({ ...rest, month: Number(first), day: second });
  if (dayFirst === null) return monthFirst === null ? null : { ...monthFirst, order: 'month first' };
  if (monthFirst === null) return { ...dayFirst, order: 'day first' };
  return dayFirst.day === dayFirst.month ? dayFirst : { ...dayFirst, order: 'unclear' };
}

/** "12", "1,024", "1.2k", "-" (none, so 0). Null for anything else. */
export function readCount(line: string): number | null {
  if (line.length > 12) return null;
  if (/^[-\u2010-\u2015\u2212]$/.test(line)) return 0;
  if (/^\d{1,7}$/.test(line)) return Number(line);
  if (/^\d{1,3}(?:,\d{3})+$/.test(line)) return Number(line.replaceAll(',', ''));
  if (/^\d{1,3}(?:\.\d{1,2})?k$/i.test(line)) return Math.round(Number(line.slice(0, -1)) * 1000);
  return null;
}

/** As people and translated pages say it; from which day on, nobody knows. */
const relativeDay =
  /^(?:today|yesterday|last (?:week|month|year)|heute|gestern|vorgestern|hier|aujourd.hui|hoy|ayer|今[天日]|昨[天日])$| ago$|^(?:vor|hace|il y a) .{0,6}\d|\d.{0,3}前$/i;
/** `28/12`, `28.12.`: a part of something else as well. */
const dayAndMonth = /^(?:\d{1,2}\/\d{1,2}|\d{1,2}\.\d{1,2}\.)$/;

/** True for a short line that stands where a date belongs and means one, but in no form that is read. */
export function resemblesDate(line: string): boolean {
  if (line.length > 24) return false;
  if (relativeDay.test(line) || dayAndMonth.test(line)) return true;
  return findMonth(line.slice(0, 3)) !== 0 && /\d/.test(line) && line.split(' ').length <= 4;
}

/** "Nov 7, 20243" and "Sep 253": the comment count directly behind the date. */
function readGluedDate(line: string): ShownDate | null {
  const afterYear = /^([a-z]{3,9})\.? (\d{1,2}), ?(\d{4})(\d{1,5})$/i.exec(line);
  if (afterYear !== null) {
    const [, name = '', day, year, count] = afterYear;
    return toShownDate({ month: findMonth(name), day, year, count });
  }
  const afterDay = /^([a-z]{3,9})\.? (\d{2,4})$/i.exec(line);
  if (afterDay === null) return null;
  const [, name = '', digits = ''] = afterDay;
  // "May 2024" is a month and its year.
  if (/^(?:19|20)\d\d$/.test(digits)) return null;
  const dayDigits = Number(digits.slice(0, 2)) <= 31 ? 2 : 1;
  const date = toShownDate({
    month: findMonth(name),
    day: digits.slice(0, dayDigits),
    year: undefined,
    count: digits.slice(dayDigits),
  });
  return date === null ? null : { ...date, isGlued: true };
}

type DateParts = {
  month: number;
  day: string | undefined;
  year: string | undefined;
  count: string | undefined;
};

function toShownDate({ month, day, year, count }: DateParts): ShownDate | null {
  const dayOfMonth = Number(day);
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return null;
  const comments = count === undefined ? null : readCount(count);
  if (count !== undefined && comments === null) return null;
  return {
    month,
    day: dayOfMonth,
    year: year === undefined ? null : Number(year),
    comments,
    isGlued: false,
  };
}

function findAnyMonth(name: string): number {
  const plain = readPlainName(name);
  return findMonth(name) || findIn(translatedMonths(), plain);
}

/** Abbreviated, and in full. */
/** Short, long, and as it stands beside a day where that is another word: `февраль`, `2 февраля`. */
function listMonths(language: string): string[][] {
  const forms = [{ month: 'short' }, { month: 'long' }, { month: 'long', day: 'numeric' }] as const;
  return forms.map((form) => {
    const format = new Intl.DateTimeFormat(language, { ...form, timeZone: 'UTC' });
    return Array.from({ length: 12 }, (_, month) => {
      const parts = format.formatToParts(Date.UTC(2026, month, 1));
      return readPlainName(parts.find(({ type }) => type === 'month')?.value ?? '');
    });
  });
}

/** 1 to 12, or 0 where it stands in no list. */
function findIn(lists: string[][], name: string): number {
  return Math.max(...lists.map((months) => months.indexOf(name))) + 1;
}

/** `déc.` is dec. */
function readPlainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase();
}

/** 1 to 12 for a month's name or its usual abbreviation, else 0. */
function findMonth(name: string): number {
  const lower = name.toLowerCase();
  if (lower === 'sept') return 9;
  return findIn(englishMonths(), lower);
}
