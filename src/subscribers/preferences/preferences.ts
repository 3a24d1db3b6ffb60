// What a reader may set, a line each: how it is checked, what holds for those who never said, its column, its form field
// and the field's label. The API, the forms, the table `subscriber` and the export all go by this one table.
import { z } from 'zod';
import type { Message, MessageKey } from '../../languages/catalogue.ts';
import { fallbackLanguage, type Language, languageCodes, readLanguage } from '../../languages/languages.ts';
import { longestEntry } from '../../library/entry.ts';
import { readLibrary, unreadableFile } from '../../library/read-library.ts';
import { parseQuery } from '../../matching/query/query.ts';
import { authorKey } from '../../papers/authors.ts';
import { organizationKey } from '../../papers/organizations.ts';
import { fromDateColumn, toDateColumn } from '../../platform/postgres/db.ts';
import { longestPauseDays, readDays, type Weekday, weekdays, writeDays } from './schedule.ts';
import { findZoteroTrouble } from './zotero-troubles.ts';

export const limits = {
  keywords: 20,
  organizations: 20,
  organizationLength: 120,
  authors: 50,
  authorLength: 120,
  maxPapers: 50,
  maxAlike: 10,
  library: 200,
  aboutLength: 1000,
  emailLength: 254,
  pauseDays: longestPauseDays,
};

/** How a form asks for it. `choice` and `number` are shown as the table says; the others have a template of their own. */
export type Field =
  | { type: 'ticks' | 'lines' | 'texts' | 'pasted' | 'passage' | 'week' | 'text' | 'hour' | 'date' }
  | { type: 'number'; least: number; most: number }
  | { type: 'choice'; options: Readonly<Record<string, MessageKey>> };

type Line<Value> = {
  check: z.ZodType<Value>;
  initial: Value;
  field: Field;
  label: MessageKey;
  /** What readers are told when it is wrong: by what zod calls the problem, else `other`. */
  wrong?: Readonly<Record<string, Message>>;
};

type Column<Value, Stored> = { read: (stored: Stored) => Value; write: (value: Value) => Stored };

/** In a table of its own, a row each: `store.ts` keeps those. */
const interest = <Value>(line: Line<Value>): Line<Value> => line;

/** In the column of `subscriber` that has its name, as it is. */
function setting<Value>(line: Line<Value>): Line<Value> & { column: Column<Value, Value> } {
  return { ...line, column: { read: (stored) => stored, write: (value) => value } };
}

/** The same, where the column has another form. */
function settingAs<Value, Stored>(column: Column<Value, Stored>, line: Line<Value>) {
  return { ...line, column };
}

/** Control characters and halves of characters are no text to PostgreSQL, and no word to anybody. */
const keyword = z
  .string()
  .transform((text) => text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim())
  .superRefine((text, context) => {
    const parsed = parseQuery(text);
    if (parsed.type === 'invalid') {
      context.addIssue({ code: 'custom', message: parsed.reason, params: { words: parsed.words } });
    }
  });

const keywords = z
  .array(keyword)
  .max(limits.keywords, `at most ${limits.keywords} keyword queries`)
  .transform(dropRepeats);
const manyKeywords: Message = { key: 'problems.manyKeywords', values: { most: limits.keywords } };

const topics = z.array(z.string().max(64)).max(200).transform(dropRepeats);

const noName: Message = { key: 'problems.noName' };
const noAuthor: Message = { key: 'problems.noAuthor' };
const longName: Message = { key: 'problems.tooLong', values: { most: limits.organizationLength } };

const name = z.string().transform((text) => text.replace(/[\s\p{C}]+/gu, ' ').trim());

const organization = name
  .refine((text) => organizationKey(text) !== '', {
    message: 'is no name: write one such as Example University',
    params: { words: noName },
  })
  .refine((text) => text.length <= limits.organizationLength, {
    message: `is longer than ${limits.organizationLength} characters`,
    params: { words: longName },
  });

const author = name
  .refine((text) => authorKey(text) !== '', {
    message: 'is no name: write one such as Ada Lovelace',
    params: { words: noAuthor },
  })
  .refine((text) => text.length <= limits.authorLength, {
    message: `is longer than ${limits.authorLength} characters`,
    params: { words: { key: 'problems.tooLong', values: { most: limits.authorLength } } },
  });

/** Whatever was pasted, line by line: a file of BibTeX is lines, too. */
const library = z
  .array(z.string())
  .max(20_000)
  .refine((lines) => !lines.includes(unreadableFile), {
    message: 'is a file in which there are no papers',
    params: { words: { key: 'problems.noPapersInFile' } satisfies Message },
    abort: true,
  })
  .superRefine((lines, context) => {
    const trouble = findZoteroTrouble(lines);
    if (trouble === null) return;
    const { message, words } = trouble;
    context.addIssue({ code: 'custom', message, params: { words }, continue: false });
  })
  .transform((lines) => readLibrary(lines.join('\n')).map((line) => line.slice(0, longestEntry)))
  .refine((entries) => entries.length <= limits.library, {
    message: `has more than ${limits.library} papers`,
    params: { words: { key: 'problems.manyPapers', values: { most: limits.library } } satisfies Message },
  });

const about = z
  .string()
  .transform((text) => text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim())
  .refine((text) => text.length <= limits.aboutLength, {
    message: `is longer than ${limits.aboutLength} characters`,
    params: { words: { key: 'problems.tooLong', values: { most: limits.aboutLength } } satisfies Message },
  });

const days = z
  .array(z.enum(weekdays, `is not a day of the week: ${weekdays.join(', ')}`))
  .max(50)
  .transform((given) => weekdays.filter((day) => given.includes(day)))
  .refine((given: Weekday[]) => given.length > 0, 'choose at least one day');

const notADate = 'is not a date, such as 2026-05-31';

/** In the order in which the API shows them. */
export const preferences = {
  /** Topic ids. */
  topics: interest<string[]>({
    check: topics,
    initial: [],
    field: { type: 'ticks' },
    label: 'form.topics',
  }),
  /** Keyword queries, as typed. */
  keywords: interest<string[]>({
    check: keywords,
    initial: [],
    field: { type: 'lines' },
    label: 'form.keywords',
    wrong: { too_big: manyKeywords },
  }),
  /** Organisations whose papers are wanted, as typed; compared by `organizationKey`. */
  organizations: setting<string[]>({
    check: z
      .array(organization)
      .max(limits.organizations, `at most ${limits.organizations} organisations`)
      .transform((names) => dropSame(names, organizationKey)),
    initial: [],
    field: { type: 'texts' },
    label: 'form.organizations',
    wrong: { too_big: { key: 'problems.manyOrganizations', values: { most: limits.organizations } } },
  }),
  /** Authors whose papers are wanted, as typed; compared by `isSameAuthor`. */
  authors: setting<string[]>({
    check: z
      .array(author)
      .max(limits.authors, `at most ${limits.authors} authors`)
      .transform((names) => dropSame(names, authorKey)),
    initial: [],
    field: { type: 'lines' },
    label: 'form.authors',
    wrong: { too_big: { key: 'problems.manyAuthors', values: { most: limits.authors } } },
  }),
  /** Papers that the reader likes, as library/entry.ts writes them; given as a list or a file of references. */
  library: setting<string[]>({
    check: library,
    initial: [],
    field: { type: 'pasted' },
    label: 'form.library',
  }),
  /** What the reader works on, in a sentence or two. */
  about: setting<string>({
    check: about,
    initial: '',
    field: { type: 'passage' },
    label: 'form.about',
  }),
  /** At most so many papers of a digest are only like those that the reader likes, and match nothing. */
  maxAlike: setting<number>({
    check: z.int().min(0).max(limits.maxAlike),
    initial: 2,
    field: { type: 'number', least: 0, most: limits.maxAlike },
    label: 'form.maxAlike',
    wrong: { other: { key: 'problems.maxAlike', values: { most: limits.maxAlike } } },
  }),
  /** Ids of topics of which no paper is wanted, whatever else it matches. */
  excludedTopics: interest<string[]>({
    check: topics,
    initial: [],
    field: { type: 'ticks' },
    label: 'form.excludedTopics',
  }),
  /** The same by keyword queries. */
  excludedKeywords: interest<string[]>({
    check: keywords,
    initial: [],
    field: { type: 'lines' },
    label: 'form.excludedKeywords',
    wrong: { too_big: manyKeywords },
  }),
  /** The hour of the day at which the digest is due, 0 to 23, in `timeZone`. */
  hour: setting<number>({
    check: z.int().min(0).max(23),
    initial: 7,
    field: { type: 'hour' },
    label: 'form.hour',
    wrong: { other: { key: 'problems.hour' } },
  }),
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: setting<string>({
    check: z.string().max(64).refine(isTimeZone, 'is not a time zone: take a name such as Europe/Berlin'),
    initial: 'UTC',
    field: { type: 'text' },
    label: 'form.timeZone',
    wrong: { other: { key: 'problems.timeZone' } },
  }),
  /** At most this many papers in one digest. */
  maxPapers: setting<number>({
    check: z.int().min(1).max(limits.maxPapers),
    initial: 10,
    field: { type: 'number', least: 1, most: limits.maxPapers },
    label: 'form.maxPapers',
    wrong: { other: { key: 'problems.maxPapers', values: { most: limits.maxPapers } } },
  }),
  /** The days of the week that bring a digest, at least one, in the order of the week. */
  days: settingAs<Weekday[], string>(
    { read: readDays, write: writeDays },
    {
      check: days,
      initial: [...weekdays],
      field: { type: 'week' },
      label: 'form.days',
      wrong: { other: { key: 'problems.noDay' } },
    },
  ),
  /** YYYY-MM-DD: no digest is for a day before; null without a pause. One that is over stays. */
  pausedUntil: settingAs<string | null, Date | null>(
    {
      read: (date) => date && fromDateColumn(date),
      write: (day) => (day === null ? null : toDateColumn(day)),
    },
    {
      check: z.iso
        .date(notADate)
        .refine((day) => day >= '2000-01-01', notADate)
        .nullable(),
      initial: null,
      field: { type: 'date' },
      label: 'form.pausedUntil',
      wrong: { other: { key: 'problems.noDate' } },
    },
  ),
  /** The beginning of each abstract, or all of it. */
  abstracts: setting<'short' | 'full'>({
    check: z.enum(['short', 'full']),
    initial: 'short',
    field: { type: 'choice', options: { short: 'form.abstractsShort', full: 'form.abstractsFull' } },
    label: 'form.abstracts',
  }),
  /** What comes when no new paper matched. */
  whenEmpty: setting<'nothing' | 'top3'>({
    check: z.enum(['nothing', 'top3']),
    initial: 'nothing',
    field: { type: 'choice', options: { nothing: 'form.whenEmptyNothing', top3: 'form.whenEmptyTop' } },
    label: 'form.whenEmpty',
  }),
  /** Of mails, and of pages opened from them. */
  language: settingAs<Language, string>(
    { read: (code) => readLanguage(code) ?? fallbackLanguage, write: (code) => code },
    {
      check: z.enum(languageCodes),
      initial: fallbackLanguage,
      field: { type: 'text' },
      label: 'form.language',
      wrong: { other: { key: 'problems.language' } },
    },
  ),
};

export type PreferenceName = keyof typeof preferences;

/** What can bring a paper in: one of them at least is chosen. */
export const followed = ['topics', 'keywords', 'organizations', 'authors'] as const;
/** What is liked can, too. */
const bringsIn = [...followed, 'library', 'about'] as const;
/** What decides which papers a digest holds. */
export const wishes = [...followed, 'excludedTopics', 'excludedKeywords'] as const;

export type Preferences = { [Name in PreferenceName]: (typeof preferences)[Name]['initial'] };
export type Wishes = Pick<Preferences, (typeof wishes)[number]>;

export function followsNothing(chosen: Partial<Pick<Preferences, (typeof bringsIn)[number]>>): boolean {
  return bringsIn.every((name) => (chosen[name]?.length ?? 0) === 0);
}

type Settings = {
  [Name in PreferenceName as (typeof preferences)[Name] extends { column: unknown }
    ? Name
    : never]: (typeof preferences)[Name];
};
/** Those that have a column of the reader's row. */
export type SettingName = keyof Settings;
export type StoredSettings = {
  [Name in SettingName]: Settings[Name]['column'] extends Column<infer _Value, infer Stored> ? Stored : never;
};

const lines: [string, Line<unknown>][] = Object.entries(preferences);
const columns: [string, Column<unknown, unknown>][] = Object.entries(preferences).flatMap(([name, line]) =>
  'column' in line ? [[name, line.column as Column<unknown, unknown>]] : [],
);

export const defaultPreferences = mapLines(({ initial }) => initial) as Preferences;

/** Of a whole set: no field is missing, and none is unknown. */
export const preferencesShape = z.strictObject(
  mapLines(({ check }) => check),
) as unknown as z.ZodType<Preferences>;

/** As they were stored whole, perhaps by an earlier version: what it did not know is as for those who never said. */
export function readChoices(stored: unknown): Preferences {
  const given = new Map(Object.entries(Object(stored)));
  return Object.fromEntries(
    lines.map(([name, { initial }]) => [name, given.has(name) ? given.get(name) : initial]),
  ) as Preferences;
}

export function listPreferences(): readonly [name: string, line: Line<unknown>][] {
  return lines;
}

export function findPreference(name: string): Line<unknown> | null {
  return lines.find(([one]) => one === name)?.[1] ?? null;
}

/** The columns, in snake case as all are. */
export const settingNames = columns.map(([name]) => name) as SettingName[];

export function readSettings(row: StoredSettings): Pick<Preferences, SettingName> {
  const stored: Record<string, unknown> = row;
  return Object.fromEntries(columns.map(([name, { read }]) => [name, read(stored[name])])) as Pick<
    Preferences,
    SettingName
  >;
}

export function writeSettings(given: Pick<Preferences, SettingName>): StoredSettings {
  const values: Record<string, unknown> = given;
  return Object.fromEntries(
    columns.map(([name, { write }]) => [name, write(values[name])]),
  ) as StoredSettings;
}

function mapLines<To>(change: (line: Line<unknown>) => To): Record<string, To> {
  return Object.fromEntries(lines.map(([name, line]) => [name, change(line)]));
}

function dropRepeats(items: string[]): string[] {
  return [...new Set(items)];
}

/** Of two spellings of one name, the first. */
function dropSame(names: string[], keyOf: (name: string) => string): string[] {
  const keys = names.map(keyOf);
  return names.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

/** Names only: an offset such as `+02:00` means the opposite to PostgreSQL, and knows no summer time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
