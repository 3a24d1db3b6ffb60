// The fields that sign-up and preferences share, filled in: with what holds, or with what was sent and what is wrong with it.

import { type Language, languageCodes, languages } from '../../../languages/languages.ts';
import { say, type Words } from '../../../languages/words.ts';
import type { Problem } from '../../../subscribers/preferences/parse-preferences.ts';
import {
  findPreference,
  limits,
  listPreferences,
  type Preferences,
} from '../../../subscribers/preferences/preferences.ts';
import { weekdays } from '../../../subscribers/preferences/schedule.ts';
import { addDays, dayIn } from '../../../text/days.ts';
import { shortenText } from '../../../text/shorten-text.ts';
import type { ListedTopic, Topics } from '../../../topics/store.ts';
import type { PageDeps } from '../../http/deps.ts';
import { readTexts } from '../../http/read-body.ts';
import { groupTopics, type TopicsOfGroup } from './group-topics.ts';
import { type FormBody, readPreferenceFields, readText } from './read-preferences.ts';
import { nameWeekday } from './schedule-words.ts';

type TopicView = ListedTopic & { isChosen: boolean; isExcluded: boolean };

export type FormView = {
  email: string;
  topicGroups: (TopicsOfGroup<TopicView> & { hasChosen: boolean; hasExcluded: boolean })[];
  keywords: string;
  authors: string;
  /** One for each field of the form; the last ones are empty. */
  organizations: string[];
  /** To choose from. */
  knownOrganizations: string[];
  /** As it was typed, or a paper a line. */
  library: string;
  about: string;
  excludedKeywords: string;
  /** Something is excluded, or is wrong there: that part of the form is open. */
  hasExclusions: boolean;
  hour: number;
  hours: { value: number; label: string }[];
  timeZone: string;
  timeZones: TimeZoneGroup[];
  days: { value: string; label: string; name: string; isChosen: boolean }[];
  /** YYYY-MM-DD, or empty: also for a pause that is over. */
  pausedUntil: string;
  /** What may be chosen, in the reader's time zone. */
  earliestEnd: string;
  latestEnd: string;
  numbers: { name: string; label: string; least: number; most: number; value: string }[];
  choices: { name: string; label: string; options: { value: string; label: string; isChosen: boolean }[] }[];
  languages: { code: Language; tag: string; name: string; isChosen: boolean }[];
  /** By field. Empty when all is well. */
  problems: Record<string, string>;
  /** The same for the summary at the top: each leads to its field. */
  problemList: { field: string; text: string }[];
};

/** The form as it was sent, or as `defaults` fill it when `body` is null. */
export async function viewForm(
  {
    words,
    topics,
    readOrganizations,
  }: { words: Words; topics: Topics } & Pick<PageDeps, 'readOrganizations'>,
  {
    body,
    defaults,
    now,
    problems = [],
  }: { body: FormBody | null; defaults: Preferences; now: Date; problems?: Problem[] },
): Promise<FormView> {
  const sent = body === null ? {} : readPreferenceFields(body);
  const current: Record<string, unknown> = { ...defaults, ...sent };
  const timeZone = typeof sent.timeZone === 'string' ? sent.timeZone.slice(0, 64) : defaults.timeZone;
  // As they were typed, empty lines and all.
  const textOf = (name: 'keywords' | 'excludedKeywords' | 'authors' | 'library') =>
    (body === null ? defaults[name] : readTexts(body[name])).join('\n');
  const excludedTopics = readTexts(current.excludedTopics);
  const viewed = viewProblems(problems, sent, words);
  return {
    email: readText(body?.email),
    topicGroups: viewTopics(topics, {
      defaults,
      chosen: readTexts(current.topics),
      excluded: excludedTopics,
      spoken: words,
    }),
    keywords: textOf('keywords'),
    authors: textOf('authors'),
    organizations: addEmptyFields(readTexts(current.organizations)),
    knownOrganizations: await readOrganizations(),
    library: textOf('library'),
    about: typeof current.about === 'string' ? current.about.slice(0, 2 * limits.aboutLength) : '',
    excludedKeywords: textOf('excludedKeywords'),
    hasExclusions:
      excludedTopics.length > 0 ||
      textOf('excludedKeywords').trim() !== '' ||
      Object.keys(viewed.problems).some((field) => field.startsWith('excluded')),
    hour: typeof current.hour === 'number' ? current.hour : defaults.hour,
    hours: Array.from({ length: 24 }, (_, value) => ({
      value,
      label: `${String(value).padStart(2, '0')}:00`,
    })),
    timeZone,
    timeZones: listTimeZones(timeZone, words.t('form.generalZones')),
    days: weekdays.map((value) => ({
      value,
      label: nameWeekday(value, words, 'short'),
      name: nameWeekday(value, words, 'long'),
      isChosen: readTexts(current.days).includes(value),
    })),
    ...viewPause(sent.pausedUntil, { defaults, now }),
    ...viewPlainFields({ body, current, words }),
    languages: languageCodes.map((code) => ({
      code,
      tag: languages[code].tag,
      name: languages[code].name,
      isChosen: code === current.language,
    })),
    ...viewed,
  };
}

/** `sent` is undefined for a form without the field. */
function viewPause(
  sent: unknown,
  { defaults: { timeZone, pausedUntil }, now }: { defaults: Preferences; now: Date },
): Pick<FormView, 'pausedUntil' | 'earliestEnd' | 'latestEnd'> {
  const today = dayIn(timeZone, now);
  const before = pausedUntil !== null && pausedUntil > today ? pausedUntil : '';
  const shown = sent === undefined ? before : sent;
  return {
    pausedUntil: typeof shown === 'string' ? shown.slice(0, 10) : '',
    earliestEnd: addDays(today, 1),
    latestEnd: addDays(today, limits.pauseDays - 1),
  };
}

/** Those that are shown as the table of preferences says, without a template of their own. */
function viewPlainFields({
  body,
  current,
  words: { t },
}: {
  body: FormBody | null;
  current: Record<string, unknown>;
  words: Words;
}): Pick<FormView, 'numbers' | 'choices'> {
  const numbers: FormView['numbers'] = [];
  const choices: FormView['choices'] = [];
  for (const [name, { field, label }] of listPreferences()) {
    if (field.type === 'number') {
      const value = body === null ? String(current[name]) : readText(body[name]);
      numbers.push({ name, label: t(label), least: field.least, most: field.most, value });
    }
    if (field.type === 'choice') {
      const options = Object.entries(field.options).map(([value, key]) => ({
        value,
        label: t(key),
        isChosen: value === current[name],
      }));
      choices.push({ name, label: t(label), options });
    }
  }
  return { numbers, choices };
}

export const offeredOrganizations = 150;

/** Room for one more, and at least two; whoever needs more saves in between. */
function addEmptyFields(names: string[]): string[] {
  const fields = Math.max(2, Math.min(names.length + 1, limits.organizations));
  return Array.from({ length: fields }, (_, index) => (names[index] ?? '').slice(0, 1000));
}

function viewTopics(
  { offered }: Topics,
  {
    defaults,
    chosen,
    excluded,
    spoken,
  }: { defaults: Preferences; chosen: string[]; excluded: string[]; spoken: Words },
): FormView['topicGroups'] {
  const retired = listRetired([...defaults.topics, ...defaults.excludedTopics], offered, spoken);
  const viewed = [...offered, ...retired].map((topic) => ({
    ...topic,
    isChosen: chosen.includes(topic.id),
    isExcluded: excluded.includes(topic.id),
  }));
  return groupTopics(viewed, spoken).map((group) => ({
    ...group,
    hasChosen: group.topics.some(({ isChosen }) => isChosen),
    hasExcluded: group.topics.some(({ isExcluded }) => isExcluded),
  }));
}

/** A topic that is no longer offered must stay tickable for whoever follows it, or saving would drop it. */
function listRetired(mentioned: string[], offered: { id: string }[], { t }: Words): ListedTopic[] {
  const ids = new Set(offered.map(({ id }) => id));
  return mentioned
    .filter((id) => !ids.has(id))
    .map((id) => ({ id, name: id, description: t('form.retired'), group: null }));
}

/** `keywords.2` belongs to keywords, and quotes the query that it is about. */
function viewProblems(
  problems: Problem[],
  sent: Record<string, unknown>,
  spoken: Words,
): Pick<FormView, 'problems' | 'problemList'> {
  const byField = new Map<string, string[]>();
  for (const { path, words } of problems) {
    const [field = '', index] = path.split('.');
    const item = index === undefined ? undefined : readTexts(sent[field])[Number(index)];
    const label = field === 'email' ? 'form.email' : findPreference(field)?.label;
    const name = label === undefined ? field : spoken.t(label);
    const subject = item === undefined ? name : shortenText(item, { words: 8, columns: 40 });
    const text = spoken.t('form.problem', { subject, problem: say(spoken, words) });
    byField.set(field, [...(byField.get(field) ?? []), text]);
  }
  return {
    problems: Object.fromEntries([...byField].map(([field, texts]) => [field, texts.join(' ')])),
    problemList: [...byField].flatMap(([field, texts]) => texts.map((text) => ({ field, text }))),
  };
}

type TimeZoneGroup = { label: string; zones: { name: string; label: string }[] };

const zones = Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/'));

const grouped: TimeZoneGroup[] = [...new Set(zones.map(regionOf))].map((label) => ({
  label,
  zones: zones
    .filter((name) => regionOf(name) === label)
    .map((name) => ({
      name,
      label: name
        .slice(label.length + 1)
        .replaceAll('_', ' ')
        .replaceAll('/', ' / '),
    })),
}));

/** `general` names those that belong to no region; `chosen` is among them all, also when this runtime lists the place under another name. */
function listTimeZones(chosen: string, general: string): TimeZoneGroup[] {
  const isListed = chosen === 'UTC' || zones.includes(chosen);
  const names = isListed ? ['UTC'] : ['UTC', chosen];
  return [{ label: general, zones: names.map((name) => ({ name, label: name })) }, ...grouped];
}

function regionOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
