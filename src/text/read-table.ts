// A table in a file, row by row, however long it is: CSV with names on top, or NDJSON, a JSON object a line.
import { readCsv, readLines } from './csv.ts';

export const tableFormats = ['csv', 'ndjson'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** `values` by name, or why it is none. */
export type TableRow = { line: number; values: Record<string, string> | string };

/**
 * `nameOf`: what a column of this name is to be called; undefined: it is passed over. A first row that has none of `key` is no
 * head: then its columns are `headless`. Without a format, by the looks of it.
 */
export async function* readTable(
  chunks: AsyncIterable<string>,
  {
    format: given,
    ...names
  }: {
    format: TableFormat | null;
    nameOf: (name: string) => string | undefined;
    key: string;
    headless: readonly string[];
  },
): AsyncGenerator<TableRow> {
  const { first, all } = await peek(chunks);
  const format = given ?? (/^[\uFEFF\s]*\{/.test(first) ? 'ndjson' : 'csv');
  yield* format === 'csv' ? readCsvRows(all, names) : readJsonRows(all, names);
}

type Names = { nameOf: (name: string) => string | undefined; key: string; headless: readonly string[] };

async function* readCsvRows(
  chunks: AsyncIterable<string>,
  { nameOf, key, headless }: Names,
): AsyncGenerator<TableRow> {
  let order: readonly (string | undefined)[] | null = null;
  for await (const record of readCsv(chunks)) {
    const { line } = record;
    if (record.type === 'too long') {
      yield { line, values: 'is longer than 64 kB' };
      continue;
    }
    const { fields } = record;
    if (order === null) {
      const named = fields.map(nameOf);
      const isHead = named.includes(key) && !fields.some((field) => field.includes('@'));
      order = isHead ? named : headless;
      if (isHead) continue;
    }
    const values: Record<string, string> = {};
    for (const [index, field] of fields.entries()) {
      const name = order[index];
      if (name !== undefined && field !== '') values[name] ??= field;
    }
    yield { line, values };
  }
}

async function* readJsonRows(chunks: AsyncIterable<string>, { nameOf }: Names): AsyncGenerator<TableRow> {
  for await (const { line, text } of readLines(chunks)) {
    if (text.trim() !== '') yield { line, values: readJsonRow(text, nameOf) };
  }
}

function readJsonRow(text: string, nameOf: Names['nameOf']): TableRow['values'] {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object';
    const values: Record<string, string> = {};
    for (const [name, content] of Object.entries(value)) {
      const known = nameOf(name);
      if (known !== undefined && content !== null && content !== '') values[known] ??= toText(content);
    }
    return values;
  } catch {
    return 'is no JSON';
  }
}

/** Lists as a cell of CSV has them. */
function toText(content: unknown): string {
  if (Array.isArray(content)) return content.map(String).join('; ');
  return typeof content === 'object' ? JSON.stringify(content) : String(content);
}

/** Its first piece, and all of it. */
async function peek(chunks: AsyncIterable<string>): Promise<{ first: string; all: AsyncIterable<string> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const begin = await iterator.next();
  const first = begin.done ? '' : begin.value;
  async function* all() {
    yield first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { first, all: all() };
}
