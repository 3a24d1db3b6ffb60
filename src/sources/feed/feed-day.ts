// The day of a feed's entry, in whichever of the ways that feeds write it.
import { isDay, utcDay } from '../../text/days.ts';

const zone = /(?:[+-]\d{2}:?\d{2}|z|[a-z]{2,4}t|ut|utc)$/i;

/**
 * In UTC: of ISO 8601, of RFC 822, and of what people write in place of them. Null for a month or a year alone, which would be
 * its first day. A time without a zone, or with one that nobody knows, is taken as UTC.
 */
export function readFeedDay(published: string | null): string | null {
  const given = writeInOrder((published ?? '').trim().slice(0, 100));
  const [, year, month, day, time = ''] = /^(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ](.*))?$/.test(given)
    ? (/^(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[T ](.*))?$/.exec(given) ?? [])
    : [];
  if (year !== undefined) {
    const shown = `${year}-${month}-${day}`;
    if (!isDay(shown)) return null;
    const clock = time.replace(/\s+(?=[+-])/, '').replace(/\s*(?:utc|gmt)$/i, 'Z');
    const at = Date.parse(`${shown}T${clock}${zone.test(clock) ? '' : 'Z'}`);
    return time === '' || Number.isNaN(at) ? shown : utcDay(new Date(at));
  }
  const hasDay =
    /(?<!\d)\d{1,2}(?:st|nd|rd|th)?[\s,.-]+\p{L}{3}|\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? |^\d{1,2}\/\d{1,2}\/\d{4}/u.test(
      given,
    );
  // Without a year, it would be of 2001.
  const hasYear = /(?<![\d:]|\s[+-])(?:19|20)\d{2}(?![\d:])|\d[\s-]+\p{L}{3,9}\.?[\s-]+\d{2}(?=\s|$)/u.test(
    given,
  );
  if (!hasDay || !hasYear) return null;
  const plain = given.replace(/\s+-\s+/, ' ').replace(/(\d)(?:st|nd|rd|th)\b/i, '$1');
  const times = [
    zone.test(plain) ? plain : `${plain} UTC`,
    `${plain.replace(/\s+[a-z]{2,5}$/i, '')} UTC`,
  ].map(Date.parse);
  const at = times.find((one) => !Number.isNaN(one));
  return at === undefined ? null : utcDay(new Date(at));
}

/** `13.11.2025`, of which the day stands first wherever dots part it, `2025年11月13日`, `Nov 13 2025 10:00AM`. */
function writeInOrder(given: string): string {
  return given
    .replace(/^(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)/, '$3-$2-$1')
    .replace(/^(\d{4})年(\d{1,2})月(\d{1,2})日/, '$1-$2-$3')
    .replace(/^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/, (_, ...[year, month = '', day = '']: string[]) =>
      [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-'),
    )
    .replace(/(\d)([ap]m)\b/i, '$1 $2');
}
