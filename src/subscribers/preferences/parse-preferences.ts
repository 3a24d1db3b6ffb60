// The one check of everything that forms and the API send: each preference by its line of the table, then all of them together.
import { z } from 'zod';
import type { Message } from '../../languages/catalogue.ts';
import { toAsciiAddress } from '../../text/address.ts';
import { utcDay } from '../../text/days.ts';
import '../../text/schema-words.ts';
import {
  defaultPreferences,
  findPreference,
  followsNothing,
  limits,
  type Preferences,
  preferencesShape,
} from './preferences.ts';
import { longestPauseDays } from './schedule.ts';

/** `path` names the field, such as `keywords.2`; `message` is for programs, `words` for readers. */
export type Problem = { path: string; message: string; words: Message };

export type ParsedPreferences =
  | { type: 'preferences'; preferences: Preferences }
  | { type: 'invalid'; problems: Problem[] };

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

/** What zod's own takes, and top-level domains of all scripts. */
const addressPattern = new RegExp(
  z.regexes.email.source.replace('[A-Za-z]{2,}$', '(?:[A-Za-z]{2,}|[Xx][Nn]--[A-Za-z0-9-]+)$'),
);

export const emailShape = z
  .string('an email address is needed')
  .trim()
  .min(1, 'an email address is needed')
  .max(limits.emailLength, `is longer than ${limits.emailLength} characters`)
  .transform(toAsciiAddress)
  .superRefine((address, context) => {
    if (!/^[^@\p{Cc}]*[^\p{ASCII}\p{Cc}][^@\p{Cc}]*@[^@\p{Cc}]*$/u.test(address)) return;
    const message = 'has letters before the “@” that are not a to z, which many mail servers do not take';
    context.addIssue({ code: 'custom', message, params: { words: { key: 'problems.foreignName' } } });
  })
  .pipe(
    z
      .email({ pattern: addressPattern, error: 'is not an email address, such as ada@example.org' })
      .max(limits.emailLength, `is longer than ${limits.emailLength} characters`),
  );

/** Addresses at `refusedDomains`, and at what is below them, are for a while only. */
export function parseEmail(
  input: unknown,
  refusedDomains: ReadonlySet<string> = new Set(),
): { type: 'email'; email: string } | { type: 'invalid'; problems: Problem[] } {
  const result = emailShape.safeParse(input);
  if (!result.success) return { type: 'invalid', problems: listProblems(result.error, 'email') };
  const refused = findRefusedDomain(result.data, refusedDomains);
  if (refused === null) return { type: 'email', email: result.data };
  return {
    type: 'invalid',
    problems: [
      {
        path: 'email',
        message: `is at ${refused}, which gives addresses for a while only: take one that you keep`,
        words: { key: 'problems.disposable', values: { domain: refused } },
      },
    ],
  };
}

function findRefusedDomain(address: string, refused: ReadonlySet<string>): string | null {
  const labels = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.');
  const domains = labels.map((_, index) => labels.slice(index).join('.'));
  return domains.find((domain) => refused.has(domain)) ?? null;
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

/** Of an item in a list, what its own check says; of a field, what its line says. */
function findWords(issue: z.core.$ZodIssue, path: string): Message {
  const own: Message | undefined = issue.code === 'custom' ? issue.params?.words : undefined;
  const wrong = path === 'email' ? wrongEmail : findPreference(path)?.wrong;
  return own ?? wrong?.[issue.code] ?? wrong?.other ?? otherWords;
}

const noEmail: Message = { key: 'problems.noEmail' };
const wrongEmail: Readonly<Record<string, Message>> = {
  invalid_type: noEmail,
  too_small: noEmail,
  too_big: { key: 'problems.tooLong', values: { most: limits.emailLength } },
  other: { key: 'problems.badEmail' },
};
const otherWords: Message = { key: 'problems.unreadable' };

/** What preferences of the right form may still not be: of unknown topics, at odds with themselves, or a pause without end. */
function findContradictions(
  preferences: Preferences,
  { topicIds, now }: { topicIds: ReadonlySet<string>; now: Date },
): Problem[] {
  return [
    ...findUnknownTopics(preferences, topicIds),
    ...findDoubleInterests(preferences),
    ...findEndlessPause(preferences, now),
  ];
}

function findUnknownTopics(
  { topics, excludedTopics }: Preferences,
  topicIds: ReadonlySet<string>,
): Problem[] {
  return Object.entries({ topics, excludedTopics }).flatMap(([path, ids]) =>
    ids
      .filter((id) => !topicIds.has(id))
      .map((id) => ({
        path,
        message: `there is no topic “${id}”`,
        words: { key: 'problems.unknownTopic', values: { id } },
      })),
  );
}

/** A pause that nobody remembers is an unsubscribe that nobody asked for. */
function findEndlessPause({ pausedUntil }: Preferences, now: Date): Problem[] {
  const longest = utcDay(new Date(now.getTime() + longestPauseDays * 86_400_000));
  if (pausedUntil === null || pausedUntil <= longest) return [];
  return [
    {
      path: 'pausedUntil',
      message: `is too far away: at most a year, up to ${longest}`,
      words: { key: 'problems.longPause', values: { latest: longest } },
    },
  ];
}

/** What wants and refuses the same, or wants nothing. */
function findDoubleInterests(preferences: Preferences): Problem[] {
  const { topics, keywords, excludedTopics, excludedKeywords } = preferences;
  const problems: Problem[] = [
    ...excludedTopics
      .filter((id) => topics.includes(id))
      .map(
        (id): Problem => ({
          path: 'excludedTopics',
          message: `“${id}” is both chosen and never wanted`,
          words: { key: 'problems.chosenAndNever', values: { what: id } },
        }),
      ),
    ...excludedKeywords
      .filter((text) => keywords.includes(text))
      .map(
        (text): Problem => ({
          path: 'excludedKeywords',
          message: `“${text}” is both searched for and never wanted`,
          words: { key: 'problems.searchedAndNever', values: { what: text } },
        }),
      ),
  ];
  if (followsNothing(preferences)) {
    problems.push({
      path: 'topics',
      message:
        'choose at least one topic, or add a keyword, an organisation, an author, papers you like or what you work on',
      words: { key: 'problems.nothingChosen' },
    });
  }
  return problems;
}
