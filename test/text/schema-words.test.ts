import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeFirst } from '../../src/text/schema-words.ts';

const shape = z.strictObject({
  name: z.string().min(1).max(3).optional(),
  long: z.string().min(5, 'is far too short').optional(),
  mail: z.email().optional(),
  day: z.iso.date().optional(),
  hour: z.int().min(0).max(23).optional(),
  part: z.number().gt(0).lt(1).optional(),
  even: z.number().multipleOf(2).optional(),
  on: z.literal('yes').optional(),
  role: z.enum(['viewer', 'operator']).optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  either: z.union([z.string(), z.number()]).optional(),
  inner: z.object({ wanted: z.string() }).optional(),
});

const cases: [unknown, string][] = [
  [{ name: '' }, 'name: is empty'],
  [{ name: 'abcd' }, 'name: has more than 3 characters'],
  [{ name: 7 }, 'name: is not text'],
  [{ long: 'a' }, 'long: is far too short'],
  [{ mail: 'ada' }, 'mail: is not an email address, such as ada@example.org'],
  [{ day: '2. March' }, 'day: is not a day, such as 2026-03-02'],
  [{ hour: 'six' }, 'hour: is not a number'],
  [{ hour: 24 }, 'hour: is more than 23'],
  [{ hour: -1 }, 'hour: is less than 0'],
  [{ hour: 1.5 }, 'hour: is not a whole number'],
  [{ part: 0 }, 'part: is not more than 0'],
  [{ part: 1 }, 'part: is not less than 1'],
  [{ even: 3 }, 'even: is not a multiple of 2'],
  [{ on: 'no' }, 'on: is not yes'],
  [{ role: 'owner' }, 'role: is none of viewer, operator'],
  [{ list: [] }, 'list: has fewer than 1 entry'],
  [{ list: ['a', 'b', 'c'] }, 'list: has more than 2 entries'],
  [{ list: ['a', 1] }, 'list.1: is not text'],
  [{ either: true }, 'either: is none of what it may be'],
  [{ inner: {} }, 'inner.wanted: is missing'],
  [{ nom: 'ada', year: 1 }, 'has what is not known: nom, year'],
  ['ada', 'is not an object of named fields'],
];

test.each(cases)('%j: %s', (given, words) => {
  const { error } = shape.safeParse(given);
  expect(error && describeFirst(error)).toBe(words);
});
