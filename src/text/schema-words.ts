// What zod finds wrong with a value, in words that go on from its name: "is longer than 60 characters". Zod has one place for
// the words of a process: whoever shows what it found imports this file, and a schema's own words count before these.
import { z } from 'zod';

z.config({ customError: (issue) => describeIssue(issue) });

/** The first thing that is wrong, with its place: "hour: is more than 23". */
export function describeFirst({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return 'could not be read';
  const { path, message } = first;
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object of named fields',
  record: 'an object of named fields',
  date: 'a time',
};
const formats: Readonly<Record<string, string>> = {
  email: 'is not an email address, such as ada@example.org',
  url: 'is not an address of the web, such as https://example.org/feed',
  uuid: 'is not an id',
  date: 'is not a day, such as 2026-03-02',
  datetime: 'is not a time, such as 2026-03-02T09:00:00Z',
};
const counted: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  set: ' entries',
  map: ' entries',
  file: ' bytes',
};
const mostNamed = 12;

function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `is not ${kinds[issue.expected] ?? `a ${issue.expected}`}`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'is empty';
      return describeLimit(issue.origin, { than: issue.minimum, isLess: true, isInclusive: issue.inclusive });
    case 'too_big':
      return describeLimit(issue.origin, {
        than: issue.maximum,
        isLess: false,
        isInclusive: issue.inclusive,
      });
    case 'not_multiple_of':
      return `is not a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return formats[issue.format] ?? 'is not of the form that is wanted';
    case 'invalid_value':
      return describeChoices(issue.values);
    case 'unrecognized_keys':
      return `has what is not known: ${issue.keys
        .slice(0, mostNamed)
        .map((key) => key.slice(0, 64))
        .join(', ')}`;
    default:
      return 'is none of what it may be';
  }
}

function describeLimit(
  origin: string,
  {
    than,
    isLess,
    isInclusive = true,
  }: { than: number | bigint; isLess: boolean; isInclusive: boolean | undefined },
): string {
  const unit = counted[origin];
  const one = than === 1 || than === 1n ? unit?.replace(/entries$/, 'entry').replace(/s$/, '') : unit;
  if (unit !== undefined) return isLess ? `has fewer than ${than}${one}` : `has more than ${than}${one}`;
  if (isInclusive) return isLess ? `is less than ${than}` : `is more than ${than}`;
  return isLess ? `is not more than ${than}` : `is not less than ${than}`;
}

function describeChoices(values: readonly unknown[]): string {
  const named = values.slice(0, mostNamed).map(String);
  if (values.length === 1) return `is not ${named}`;
  return `is none of ${named.join(', ')}${values.length > mostNamed ? ' …' : ''}`;
}
