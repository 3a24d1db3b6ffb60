// What somebody chose, a line each as the table of preferences has them, for whoever is to confirm it.
import { languages, readLanguage } from '../../../languages/languages.ts';
import type { Words } from '../../../languages/words.ts';
import {
  type Field,
  listPreferences,
  type PreferenceName,
  type Preferences,
} from '../../../subscribers/preferences/preferences.ts';

export type Choice = { label: string; values: string[] };

type Voice = { words: Words; topicNames: ReadonlyMap<string, string> };

/** `describeSchedule` says these in one sentence. */
const toldBySchedule: readonly string[] = ['days', 'hour', 'timeZone'] satisfies PreferenceName[];

/** What is not chosen is left out. */
export function viewChoices(preferences: Preferences, voice: Voice): Choice[] {
  const chosen: Record<string, unknown> = preferences;
  return listPreferences()
    .filter(([name]) => !toldBySchedule.includes(name))
    .map(([name, { field, label }]) => ({
      label: voice.words.t(label),
      values: [chosen[name]]
        .flat()
        .filter((value) => value !== null && value !== '')
        .map((value) => nameValue(String(value), field, voice)),
    }))
    .filter(({ values }) => values.length > 0);
}

function nameValue(value: string, field: Field, { words, topicNames }: Voice): string {
  switch (field.type) {
    case 'ticks':
      return topicNames.get(value) ?? value;
    case 'choice': {
      const key = field.options[value];
      return key === undefined ? value : words.t(key);
    }
    case 'date':
      return words.days.full(value);
    case 'text': {
      const language = readLanguage(value);
      return language === null ? value : languages[language].name;
    }
    default:
      return value;
  }
}
