// What a reader may ask for: the one check of everything that forms and the API send.
import { z } from 'zod';
import type { Message } from '../languages/catalogue.ts';
import { fallbackLanguage, languageCodes } from '../languages/languages.ts';
import { parseQuery } from '../matching/query.ts';
import { organizationKey } from '../papers/organization-key.ts';
import { findContradictions } from './contradictions.ts';
import { longestPauseDays, type Weekday, weekdays } from './schedule.ts';
import type { Preferences } from './subscriber.ts';

/** `path` names the field, such as `keywords.2`; `message` is for programs, `words` for readers. */
export type Problem = { path: string; message: string; words: Message };

export type ParsedPreferences =
  | { type: 'preferences'; preferences: Preferences }
  | { type: 'invalid'; problems: Problem[] };

export const defaultPreferences: Preferences = {
  topics: [],
  keywords: [],
  organizations: [],
  excludedTopics: [],
  excludedKeywords: [],
  hour: 7,
  timeZone: 'UTC',
  maxPapers: 10,
  days: [...weekdays],
  pausedUntil: null,
  abstracts: 'short',
  whenEmpty: 'nothing',
  language: fallbackLanguage,
};

export const limits = {
  keywords: 20,
  organizations: 20,
  organizationLength: 120,
  maxPapers: 50,
  emailLength: 254,
  pauseDays: longestPauseDays,
};

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

const topics = z.array(z.string().max(64)).max(200).transform(dropRepeats);

const noName: Message = { key: 'problems.noName' };
const longName: Message = { key: 'problems.tooLong', values: { most: limits.organizationLength } };

const organization = z
  .string()
  .transform((text) => text.replace(/[\s\p{C}]+/gu, ' ').trim())
  .refine((text) => organizationKey(text) !== '', {
    message: 'is no name: write one such as Example University',
    params: { words: noName },
  })
  .refine((text) => text.length <= limits.organizationLength, {
    message: `is longer than ${limits.organizationLength} characters`,
    params: { words: longName },
  });

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not a time zone: take a name such as Europe/Berlin');

const days = z
  .array(z.enum(weekdays, `is not a day of the week: ${weekdays.join(', ')}`))
  .max(50)
  .transform((given) => weekdays.filter((day) => given.includes(day)))
  .refine((given: Weekday[]) => given.length > 0, 'choose at least one day');

const notADate = 'is not a date, such as 2026-05-31';
const pausedUntil = z.iso
  .date(notADate)
  .refine((day) => day >= '2000-01-01', notADate)
  .nullable();

const preferencesShape = z.strictObject({
  topics,
  keywords,
  organizations: z
    .array(organization)
    .max(limits.organizations, `at most ${limits.organizations} organisations`)
    .transform(dropSameOrganizations),
  excludedTopics: topics,
  excludedKeywords: keywords,
  hour: z.int().min(0).max(23),
  timeZone,
  maxPapers: z.int().min(1).max(limits.maxPapers),
  days,
  pausedUntil,
  abstracts: z.enum(['short', 'full']),
  whenEmpty: z.enum(['nothing', 'top3']),
  language: z.enum(languageCodes),
});

/** By field, and by what zod calls the problem where a field has several. */
const words: Record<string, Message> = {
  'email.invalid_type': { key: 'problems.noEmail' },
  'email.too_small': { key: 'problems.noEmail' },
  'email.too_big': { key: 'problems.tooLong', values: { most: limits.emailLength } },
  email: { key: 'problems.badEmail' },
  'organizations.too_big': { key: 'problems.manyOrganizations', values: { most: limits.organizations } },
  'excludedKeywords.too_big': { key: 'problems.manyKeywords', values: { most: limits.keywords } },
  'keywords.too_big': { key: 'problems.manyKeywords', values: { most: limits.keywords } },
  hour: { key: 'problems.hour' },
  timeZone: { key: 'problems.timeZone' },
  maxPapers: { key: 'problems.maxPapers', values: { most: limits.maxPapers } },
  language: { key: 'problems.language' },
  days: { key: 'problems.noDay' },
  pausedUntil: { key: 'problems.noDate' },
};
const otherWords: Message = { key: 'problems.unreadable' };

/**
 * Fields that are absent keep their value in `defaults`. Unknown fields and unknown topics are refused by name; so
 * are preferences that could never bring a paper.
 */
export function parsePreferences(
  input: unknown,
  {
    topicIds,
    defaults = defaultPreferences,
    now,
  }: { topicIds: ReadonlySet<string>; defaults?: Preferences; now: Date },
): ParsedPreferences {
  const given =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...defaults, ...input } : input;
  const result = preferencesShape.safeParse(given);
  if (!result.success) return { type: 'invalid', problems: listProblems(result.error) };

  const preferences = result.data;
  const problems = findContradictions(preferences, { topicIds, now });
  return problems.length > 0 ? { type: 'invalid', problems } : { type: 'preferences', preferences };
}

const email = z
  .string('an email address is needed')
  .trim()
  .min(1, 'an email address is needed')
  .max(limits.emailLength, `is longer than ${limits.emailLength} characters`)
  .pipe(z.email('is not an email address, such as ada@example.org'));

export function parseEmail(
  input: unknown,
): { type: 'email'; email: string } | { type: 'invalid'; problems: Problem[] } {
  const result = email.safeParse(input);
  if (result.success) return { type: 'email', email: result.data };
  return { type: 'invalid', problems: listProblems(result.error, 'email') };
}

/** `field` is what was checked when that is one field only. */
function listProblems(error: z.ZodError, field?: string): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: key.slice(0, 64),
        message: 'is not a field that can be set',
        words: otherWords,
      }));
    }
    const path = field ?? issue.path.join('.');
    return [{ path, message: issue.message, words: findWords(issue, path) }];
  });
}

function findWords(issue: z.core.$ZodIssue, path: string): Message {
  const own: Message | undefined = issue.code === 'custom' ? issue.params?.words : undefined;
  return own ?? words[`${path}.${issue.code}`] ?? words[path] ?? otherWords;
}

function dropRepeats(items: string[]): string[] {
  return [...new Set(items)];
}

/** Of two spellings of one organisation, the first. */
function dropSameOrganizations(names: string[]): string[] {
  const keys = names.map(organizationKey);
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
