// Where a list goes on: the last row that was seen, in a form that nobody is to read. Rows that come or go meanwhile move
// nothing: none is told twice, none of those that stay is left out.
import { z } from 'zod';

/** Of what the rows are in order by. */
export function cursorOf<Shape extends z.ZodType>(shape: Shape) {
  return z
    .codec(z.string().max(1000), z.unknown(), {
      decode: (text, context) => {
        const parsed = shape.safeParse(readJson(text));
        if (parsed.success) return parsed.data;
        context.issues.push({ code: 'custom', message: 'is not a cursor of this list', input: text });
        return z.NEVER;
      },
      encode: (value) =>
        Buffer.from(JSON.stringify(z.encode(shape, value as z.output<Shape>))).toString('base64url'),
    })
    .describe('`nextCursor` of the page before.') as unknown as z.ZodType<z.output<Shape>, string>;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** Of `limit + 1` that were found those of one page, and where the next one begins. */
export function cutPage<Row>(
  found: Row[],
  { limit, next }: { limit: number; next: (last: Row) => string },
): { items: Row[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length <= limit || last === undefined ? null : next(last) };
}
