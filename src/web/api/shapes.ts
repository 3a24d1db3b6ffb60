// What the values of the API look like on the wire, and what they are here: read from requests, and written to answers, by the
// same schemas that describe them.
import { z } from 'zod';
import { readDomain } from '../../text/address.ts';

/** RFC 3339, in UTC. */
export const instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/** Text: JSON has no whole numbers of this size. */
export const rowId = z.codec(
  z
    .string()
    .regex(/^[1-9]\d{0,18}$/, { error: 'is not the number of a row', abort: true })
    .refine((text) => BigInt(text) < 2n ** 63n, 'is not the number of a row'),
  z.bigint(),
  { decode: (text) => BigInt(text), encode: (id) => String(id) },
);

/** YYYY-MM-DD */
export const day = z.iso.date('is not a day, such as 2025-12-12');

/** What PostgreSQL takes as text, of a length that a person types. */
export const words = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((text) => !text.includes('\0'), 'has a character that is no text');

/** In any script; as addresses have it. */
export const domain = words(253)
  .refine((text) => readDomain(text) !== null, 'is no domain such as example.org')
  .overwrite((text) => readDomain(text) ?? text);

export const mostPerPage = 200;

/** Of a list: how many at once. */
export const limit = z.coerce.number().int().min(1).max(mostPerPage).default(50);

/** The id of a reader. */
export const readerId = z.uuid();

export const reason = words(500).pipe(z.string().min(3, 'needs a few words'));

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Null: this is the last page.'),
  });
}

/** A reader's preferences, as they are stored. */
export const accepted = z.object({ status: z.literal('accepted'), detail: z.string() });

export const problemShape = z
  .object({
    type: z.string().describe('`about:blank`: `title` says it all.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong, and what to do about it.'),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().describe('The field of the body, as a JSON pointer.'),
          parameter: z.string().optional().describe('The parameter of the address.'),
          detail: z.string(),
          path: z.string().describe('The same place, with dots.'),
          message: z.string().describe('The same as `detail`.'),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
