// What one language is spoken with: its messages and its dates.
import { LRUCache } from 'lru-cache';
import { type Catalogue, type Message, openCatalogue, replaceMessages, type Translate } from './catalogue.ts';
import { fallbackLanguage, type Language, type LanguageFacts, languages } from './languages.ts';
import type { OwnWords } from './own-words.ts';

export type Words = Pick<LanguageFacts, 'tag' | 'locale' | 'gap' | 'comma'> & {
  language: Language;
  t: Translate;
  partsOf: Catalogue['partsOf'];
  days: Days;
  /** `A`, `A and B`, `A, B and C`. */
  list(names: readonly string[]): string;
};

/** Days in words. All of them are plain days, YYYY-MM-DD, without a time zone. */
export type Days = {
  /** `Friday, 12 December 2025` */
  full(date: string): string;
  /** `12 December 2025` */
  long(date: string): string;
  /** `12 Dec 2025` */
  short(date: string): string;
  /** `12 Dec` */
  ofMonth(date: string): string;
};

/** The same object for the same language. */
export function wordsOf(language: Language): Words {
  const found = known.get(language) ?? findWords(language);
  known.set(language, found);
  return found;
}

const known = new Map<Language, Words>();

/** Has an operator's words said in the place of ours: by whatever asks `wordsOf` from now on. */
export function speakWith(own: OwnWords): void {
  replaceMessages(own);
  known.clear();
}

export function say({ t }: Pick<Words, 't'>, { key, values }: Message): string {
  return t(key, values);
}

/** For whom no language is kept: operators, and programs that use the API. */
export function sayInEnglish(message: Message): string {
  return say(wordsOf(fallbackLanguage), message);
}

function findWords(language: Language): Words {
  const { tag, locale, gap, comma } = languages[language];
  const { translate: t, partsOf } = openCatalogue(language);
  const lists = new Intl.ListFormat(locale);
  const list = (names: readonly string[]) => joinParts(lists.formatToParts(names));
  return { language, tag, locale, gap, comma, t, partsOf, days: formatDays(locale, t), list };
}

/** A Chinese "and" has a space beside Latin letters, which Intl leaves out: `Vision 和 Robotics`. */
function joinParts(parts: readonly { type: string; value: string }[]): string {
  return parts
    .map(({ type, value }, index) => {
      if (type === 'element' || value !== '和') return value;
      const before = latin.test(parts[index - 1]?.value.slice(-1) ?? '') ? ' ' : '';
      const after = latin.test(parts[index + 1]?.value.charAt(0) ?? '') ? ' ' : '';
      return before + value + after;
    })
    .join('');
}

const latin = /[\p{Script=Latin}\d]/u;

/** Days that mails name again and again: their editions, and when their readers signed up. */
const keptDays = 5_000;

function formatDays(locale: string, t: Translate): Days {
  const format = (parts: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' });
    return keep((date) => formatter.format(new Date(date)));
  };
  const keep = (write: (date: string) => string) => {
    const written = new LRUCache<string, string>({ max: keptDays, memoMethod: write });
    return (date: string) => written.memo(date);
  };
  const weekday = format({ weekday: 'long' });
  const long = format({ day: 'numeric', month: 'long', year: 'numeric' });
  return {
    full: keep((date) => t('dates.full', { weekday: weekday(date), day: long(date) })),
    long,
    short: format({ day: 'numeric', month: 'short', year: 'numeric' }),
    ofMonth: format({ day: 'numeric', month: 'short' }),
  };
}
