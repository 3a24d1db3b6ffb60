// The fields of a form about days, pause, abstracts and what comes when nothing matches.
import type { MessageKey } from '../../languages/catalogue.ts';
import type { Words } from '../../languages/words.ts';
import { limits } from '../../subscribers/preferences.ts';
import { weekdays } from '../../subscribers/schedule.ts';
import type { Preferences } from '../../subscribers/subscriber.ts';
import { addDays, dayIn } from '../http/reader-days.ts';
import { nameWeekday } from './schedule-words.ts';

export type RhythmView = {
  days: { value: string; label: string; name: string; isChosen: boolean }[];
  /** YYYY-MM-DD, or empty: also for a pause that is over. */
  pausedUntil: string;
  /** What may be chosen, in the reader's time zone. */
  earliestEnd: string;
  latestEnd: string;
  abstracts: Choice[];
  whenEmpty: Choice[];
};

type Choice = { value: string; label: string; isChosen: boolean };

const choices: Record<'abstracts' | 'whenEmpty', Record<string, MessageKey>> = {
  abstracts: { short: 'form.abstractsShort', full: 'form.abstractsFull' },
  whenEmpty: { nothing: 'form.whenEmptyNothing', top3: 'form.whenEmptyTop' },
};

/** For `parsePreferences`. No box ticked is no day, where boxes were shown; an empty date is no pause. */
export function readRhythmFields(body: Record<string, unknown>): Record<string, unknown> {
  const { days, daysShown, pausedUntil, abstracts, whenEmpty } = body;
  return {
    ...(days === undefined && daysShown === undefined ? {} : { days: readList(days) }),
    ...(pausedUntil === undefined ? {} : { pausedUntil: pausedUntil === '' ? null : pausedUntil }),
    ...(abstracts === undefined ? {} : { abstracts }),
    ...(whenEmpty === undefined ? {} : { whenEmpty }),
  };
}

/** As the form was sent, or as `defaults` fill it when `body` is null. */
export function viewRhythm({
  body,
  defaults,
  now,
  words,
}: {
  body: Record<string, unknown> | null;
  defaults: Preferences;
  now: Date;
  words: Words;
}): RhythmView {
  const sent = body === null ? {} : readRhythmFields(body);
  const days = readList(sent.days ?? defaults.days);
  const today = dayIn(defaults.timeZone, now);
  const before = defaults.pausedUntil !== null && defaults.pausedUntil > today ? defaults.pausedUntil : '';
  const pausedUntil = sent.pausedUntil === undefined ? before : sent.pausedUntil;
  return {
    days: weekdays.map((value) => ({
      value,
      label: nameWeekday(value, words, 'short'),
      name: nameWeekday(value, words, 'long'),
      isChosen: days.includes(value),
    })),
    pausedUntil: typeof pausedUntil === 'string' ? pausedUntil.slice(0, 10) : '',
    earliestEnd: addDays(today, 1),
    latestEnd: addDays(today, limits.pauseDays - 1),
    abstracts: viewChoices(choices.abstracts, sent.abstracts ?? defaults.abstracts, words),
    whenEmpty: viewChoices(choices.whenEmpty, sent.whenEmpty ?? defaults.whenEmpty, words),
  };
}

function viewChoices(labels: Record<string, MessageKey>, chosen: unknown, { t }: Words): Choice[] {
  return Object.entries(labels).map(([value, key]) => ({
    value,
    label: t(key),
    isChosen: value === chosen,
  }));
}

function readList(given: unknown): string[] {
  return [given].flat().filter((item) => typeof item === 'string');
}
