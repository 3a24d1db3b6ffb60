// The short lines below a card: a date with an optional comment count, and counts that stand alone.

/** A date as a page shows it. Without a year it is of the capture's year. */
export type ShownDate = {
  month: number;
  day: number;
  year: number | null;
  comments: number | null;
  /** True when day and count had no space between them ("Sep 253"), so that another reading exists. */
  isGlued: boolean;
};

const monthAbbreviations = listMonths('en', 'short');
const monthNames = listMonths('en', 'long');
/** A browser that translates the page writes its dates, too; behind the day, where no English word stands. */
const translatedMonths = ['de', 'fr', 'es', 'pt', 'it', 'nl'].flatMap((language) =>
  (['short', 'long'] as const).map((form) => listMonths(language, form)),
);
const longestDateLine = 60;

/** "Jun 21", "Sep 25 2", "Nov 7, 2024 3", "May 29[6]", "2025-12-12". Null for anything else. */
export function readShownDate(given: string): ShownDate | null {
  if (given.length > longestDateLine) return null;
  const line = given
    .replace(/^(?:published|submitted|posted)(?: on)?:? /i, '')
    .replace(/^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? /i, '')
    .replace(/(?<=^[a-z.]{3,10} \d{1,2}|^\d{1,2})(?:st|nd|rd|th)\b/i, '')
    .replace(/ ?(?:[·•|] ?|💬 ?|\()(\d[\d.,k]*)(?: comments?)?\)?$/iu, ' $1');
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(line);
  if (iso !== null)
    return toShownDate({ month: Number(iso[2]), day: iso[3], year: iso[1], count: undefined });

  const named = /^([a-z]{3,9})\.? ?(\d{1,2})(?:, ?(\d{4}))?(?: ([^\s[\]]+)| ?\[ ?([^\s[\]]+) ?\])?$/i.exec(
    line,
  );
  if (named !== null) {
    const [, name = '', day, year, spaced, bracketed] = named;
    return (
      toShownDate({ month: findMonth(name), day, year, count: spaced ?? bracketed }) ?? readGluedDate(line)
    );
  }
  const european =
    /^(\d{1,2})(?:\.|er|º)? (?:de )?(\p{L}{3,10})\.?(?:(?: de|,)? (\d{4}))?(?: ([^\s[\]]+)| ?\[ ?([^\s[\]]+) ?\])?$/iu.exec(
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

/** "12", "1,024", "1.2k", "-" (none, so 0). Null for anything else. */
export function readCount(line: string): number | null {
  if (line.length > 12) return null;
  if (/^[-\u2010-\u2015\u2212]$/.test(line)) return 0;
  if (/^\d{1,7}$/.test(line)) return Number(line);
  if (/^\d{1,3}(?:,\d{3})+$/.test(line)) return Number(line.replaceAll(',', ''));
  if (/^\d{1,3}(?:\.\d{1,2})?k$/i.test(line)) return Math.round(Number(line.slice(0, -1)) * 1000);
  return null;
}

/** True for a short line that stands where a date belongs and means one, but in no form that is read. */
export function resemblesDate(line: string): boolean {
  if (line.length > 24) return false;
  if (/^(?:today|yesterday)$/i.test(line) || / ago$/i.test(line)) return true;
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
  return findMonth(name) || Math.max(...translatedMonths.map((months) => months.indexOf(plain))) + 1;
}

function listMonths(language: string, form: 'short' | 'long'): string[] {
  const { format } = new Intl.DateTimeFormat(language, { month: form, timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) => readPlainName(format(Date.UTC(2026, month, 1))));
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
  return monthAbbreviations.indexOf(lower) + 1 || monthNames.indexOf(lower) + 1;
}
