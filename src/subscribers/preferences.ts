// What a reader may ask for: the one check of everything that forms and the API send.
import { z } from 'zod';
import { parseQuery } from '../matching/query.ts';
import type { Preferences } from './subscriber.ts';

/** `path` names the field, such as `keywords.2`. */
export type Problem = { path: string; message: string };

export type ParsedPreferences =
  | { type: 'preferences'; preferences: Preferences }
  | { type: 'invalid'; problems: Problem[] };

export const defaultPreferences: Preferences = {
  topics: [],
  keywords: [],
  hour: 7,
  timeZone: 'UTC',
  maxPapers: 10,
};

export const limits = { keywords: 20, maxPapers: 50, emailLength: 254 };

const keyword = z
  .string()
  .transform((text) => text.replace(/\s+/g, ' ').trim())
  .superRefine((text, context) => {
    const parsed = parseQuery(text);
    if (parsed.type === 'invalid') context.addIssue({ code: 'custom', message: parsed.reason });
  });

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not a time zone: take a name such as Europe/Berlin');

const preferencesShape = z.strictObject({
  topics: z.array(z.string().max(64)).max(200).transform(dropRepeats),
  keywords: z
    .array(keyword)
    .max(limits.keywords, `at most ${limits.keywords} keyword queries`)
    .transform(dropRepeats),
  hour: z.int().min(0).max(23),
  timeZone,
  maxPapers: z.int().min(1).max(limits.maxPapers),
});

/**
 * Fields that are absent keep their value in `defaults`. Unknown fields and unknown topics are refused by name; so
 * are preferences that could never bring a paper.
 */
export function parsePreferences(
  input: unknown,
  { topicIds, defaults = defaultPreferences }: { topicIds: ReadonlySet<string>; defaults?: Preferences },
): ParsedPreferences {
  const given =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...defaults, ...input } : input;
  const result = preferencesShape.safeParse(given);
  if (!result.success) return { type: 'invalid', problems: listProblems(result.error) };

  const preferences = result.data;
  const unknown = preferences.topics.filter((id) => !topicIds.has(id));
  if (unknown.length > 0) {
    return {
      type: 'invalid',
      problems: unknown.map((id) => ({ path: 'topics', message: `there is no topic “${id}”` })),
    };
  }
  if (preferences.topics.length + preferences.keywords.length === 0) {
    return {
      type: 'invalid',
      problems: [{ path: 'topics', message: 'choose at least one topic, or add a keyword' }],
    };
  }
  return { type: 'preferences', preferences };
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
  return {
    type: 'invalid',
    problems: listProblems(result.error).map(({ message }) => ({ path: 'email', message })),
  };
}

function listProblems(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: key.slice(0, 64), message: 'is not a field that can be set' }));
    }
    return [{ path: issue.path.join('.'), message: issue.message }];
  });
}

function dropRepeats(items: string[]): string[] {
  return [...new Set(items)];
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
