// The fields that sign-up and preferences share: from a form to preferences, and back to a form with its problems.

import type { MessageKey } from '../../languages/catalogue.ts';
import { type Language, languageCodes, languages } from '../../languages/languages.ts';
import { say, type Words } from '../../languages/words.ts';
import { listKnownOrganizations } from '../../papers/organization-store.ts';
import type { Db } from '../../platform/db.ts';
import { limits, type Problem } from '../../subscribers/preferences.ts';
import type { Preferences } from '../../subscribers/subscriber.ts';
import { shortenText } from '../../text/shorten-text.ts';
import { listTopics } from '../../topics/store.ts';
import { type RhythmView, readRhythmFields, viewRhythm } from './schedule-fields.ts';
import { listTimeZones, type TimeZoneGroup } from './time-zones.ts';

/** As a form sends it: every field a text, or several. */
export type FormBody = Record<string, unknown>;

export type FormView = {
  email: string;
  topics: { id: string; name: string; description: string; isChosen: boolean; isExcluded: boolean }[];
  keywords: string;
  /** One for each field of the form; the last ones are empty. */
  organizations: string[];
  /** To choose from. */
  knownOrganizations: string[];
  excludedKeywords: string;
  /** Something is excluded, or is wrong there: that part of the form is open. */
  hasExclusions: boolean;
  hour: number;
  hours: { value: number; label: string }[];
  timeZone: string;
  timeZones: TimeZoneGroup[];
  maxPapers: string;
  rhythm: RhythmView;
  languages: { code: Language; tag: string; name: string; isChosen: boolean }[];
  /** By field, as `labels` has them. Empty when all is well. */
  problems: Record<string, string>;
  /** The same for the summary at the top: each leads to its field. */
  problemList: { field: string; text: string }[];
};

const labels: Record<string, MessageKey> = {
  email: 'form.email',
  topics: 'form.topics',
  keywords: 'form.keywords',
  organizations: 'form.organizations',
  excludedTopics: 'form.excludedTopics',
  excludedKeywords: 'form.excludedKeywords',
  hour: 'form.hour',
  timeZone: 'form.timeZone',
  maxPapers: 'form.maxPapers',
  language: 'form.language',
  days: 'form.days',
  pausedUntil: 'form.pausedUntil',
  abstracts: 'form.abstracts',
  whenEmpty: 'form.whenEmpty',
};

/** For `parsePreferences`, which judges it. A field that the form does not have is left out. */
export function readPreferenceFields(body: FormBody): Record<string, unknown> {
  const { hour, maxPapers, timeZone, language } = body;
  return {
    topics: readTexts(body.topics),
    keywords: splitLines(body.keywords),
    // Several fields of one name: HTML wants the brackets.
    organizations: [body.organizations, body['organizations[]']]
      .flatMap(readTexts)
      .filter((text) => text.trim() !== ''),
    excludedTopics: readTexts(body.excludedTopics),
    excludedKeywords: splitLines(body.excludedKeywords),
    ...(hour === undefined ? {} : { hour: readNumber(hour) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(maxPapers === undefined ? {} : { maxPapers: readNumber(maxPapers) }),
    ...(language === undefined ? {} : { language }),
    ...readRhythmFields(body),
  };
}

/** One query a line. */
function splitLines(given: unknown): string[] {
  return readTexts(given)
    .flatMap((text) => text.split(/\r\n|\r|\n/))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The form as it was sent, or as `defaults` fill it when `body` is null. */
export async function viewForm(
  { db, words }: { db: Db; words: Words },
  {
    body,
    defaults,
    now,
    problems = [],
  }: { body: FormBody | null; defaults: Preferences; now: Date; problems?: Problem[] },
): Promise<FormView> {
  const hour = readNumber(body?.hour ?? defaults.hour);
  const timeZone = typeof body?.timeZone === 'string' ? body.timeZone.slice(0, 64) : defaults.timeZone;
  const sentLists = body === null ? null : readPreferenceFields(body);
  const lists = {
    topics: readTexts(sentLists?.topics ?? defaults.topics),
    organizations: readTexts(sentLists?.organizations ?? defaults.organizations),
    excludedTopics: readTexts(sentLists?.excludedTopics ?? defaults.excludedTopics),
  };
  const excludedKeywords =
    body === null ? defaults.excludedKeywords.join('\n') : readTexts(body.excludedKeywords).join('\n');
  const viewed = viewProblems(problems, body, words);
  return {
    email: readText(body?.email),
    topics: await viewTopics(db, {
      defaults,
      chosen: lists.topics,
      excluded: lists.excludedTopics,
      spoken: words,
    }),
    keywords: body === null ? defaults.keywords.join('\n') : readTexts(body.keywords).join('\n'),
    organizations: addEmptyFields(lists.organizations),
    knownOrganizations: await listKnownOrganizations(db, offeredOrganizations),
    excludedKeywords,
    hasExclusions:
      lists.excludedTopics.length > 0 ||
      excludedKeywords.trim() !== '' ||
      Object.keys(viewed.problems).some((field) => field.startsWith('excluded')),
    hour: typeof hour === 'number' ? hour : defaults.hour,
    hours: Array.from({ length: 24 }, (_, value) => ({
      value,
      label: `${String(value).padStart(2, '0')}:00`,
    })),
    timeZone,
    timeZones: listTimeZones(timeZone, words.t('form.generalZones')),
    maxPapers: body === null ? String(defaults.maxPapers) : readText(body.maxPapers),
    rhythm: viewRhythm({ body, defaults, now, words }),
    languages: languageCodes.map((code) => ({
      code,
      tag: languages[code].tag,
      name: languages[code].name,
      isChosen: code === (body?.language ?? defaults.language),
    })),
    ...viewed,
  };
}

const offeredOrganizations = 150;

/** Room for one more, and at least two; whoever needs more saves in between. */
function addEmptyFields(names: string[]): string[] {
  const fields = Math.max(2, Math.min(names.length + 1, limits.organizations));
  return Array.from({ length: fields }, (_, index) => (names[index] ?? '').slice(0, 1000));
}

async function viewTopics(
  db: Db,
  {
    defaults,
    chosen,
    excluded,
    spoken,
  }: { defaults: Preferences; chosen: string[]; excluded: string[]; spoken: Words },
): Promise<FormView['topics']> {
  const offered = await listTopics(db);
  const retired = listRetired([...defaults.topics, ...defaults.excludedTopics], offered, spoken);
  return [...offered, ...retired].map(({ id, name, description }) => ({
    id,
    name,
    description,
    isChosen: chosen.includes(id),
    isExcluded: excluded.includes(id),
  }));
}

/** A topic that is no longer offered must stay tickable for whoever follows it, or saving would drop it. */
function listRetired(mentioned: string[], offered: { id: string }[], { t }: Words) {
  const ids = new Set(offered.map(({ id }) => id));
  return mentioned
    .filter((id) => !ids.has(id))
    .map((id) => ({ id, name: id, description: t('form.retired') }));
}

/** `keywords.2` belongs to keywords, and quotes the query that it is about. */
function viewProblems(
  problems: Problem[],
  body: FormBody | null,
  spoken: Words,
): Pick<FormView, 'problems' | 'problemList'> {
  const sent = readPreferenceFields(body ?? {});
  const byField = new Map<string, string[]>();
  for (const { path, words } of problems) {
    const [field = '', index] = path.split('.');
    const item = index === undefined ? undefined : readTexts(sent[field])[Number(index)];
    const label = labels[field];
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

function readTexts(given: unknown): string[] {
  if (typeof given === 'string') return [given];
  return Array.isArray(given) ? given.filter((item) => typeof item === 'string') : [];
}

function readText(given: unknown): string {
  return readTexts(given)[0]?.slice(0, 1000) ?? '';
}

/** What is not a whole number stays as it is, for `parsePreferences` to refuse. */
function readNumber(given: unknown): unknown {
  return typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : given;
}
