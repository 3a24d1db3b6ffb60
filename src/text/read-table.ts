// A table in a file, row by row, however long it is: CSV with names on top, or NDJSON, a JSON object a line.
import { longestRecord, readCsv, readLines, type Separator, separators } from './csv.ts';

export const tableFormats = ['csv', 'ndjson'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** `values` by name, or why it is none. */
export type TableRow = { line: number; values: Record<string, string> | string };

/**
 * `nameOf`: what a column of this name is to be called; undefined: it is passed over. A first row that has none of `key` is no
 * head: then its columns are `headless`; unless it has names of others, which is told, and nothing of the file is read. Without a
 * format, by the looks of it; what separates the fields of CSV always so.
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
  if (format === 'ndjson') yield* readJsonRows(all, names);
  else yield* readCsvRows(all, await findSeparator(first, names), names);
}

type Names = { nameOf: (name: string) => string | undefined; key: string; headless: readonly string[] };

/** As Excel has it on top of a file, to tell itself what it wrote. */
const separatorLine = /^\uFEFF?"?sep=([,;\t])/i;
const address = /^[^\s,;"@]+@[^\s,;"@]+$/;

/** What makes fields of a first line of which one is the key's name or, without a head, an address. */
async function findSeparator(first: string, { nameOf, key }: Names): Promise<Separator> {
  const said = separators.find((separator) => separator === separatorLine.exec(first)?.[1]);
  if (said !== undefined) return said;
  for (const separator of separators) {
    const { value: record } = await readCsv(only(first), separator).next();
    const fields: string[] = record?.type === 'record' ? record.fields : [];
    if (fields.some((field) => nameOf(field) === key || address.test(field.trim()))) return separator;
  }
  return ',';
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}

const saveAsUtf8 = 'is not written in UTF-8: save the file as “CSV UTF-8”';
const longestTold = 200;

async function* readCsvRows(
  chunks: AsyncIterable<string>,
  separator: Separator,
  { nameOf, key, headless }: Names,
): AsyncGenerator<TableRow> {
  let order: readonly (string | undefined)[] | null = null;
  for await (const record of readCsv(chunks, separator)) {
    const { line } = record;
    if (record.type === 'too long') {
      yield { line, values: 'is longer than 64 kB' };
      continue;
    }
    const { fields } = record;
    if (order === null) {
      if (/^sep=$/i.test(fields[0] ?? '')) continue;
      const named = fields.map(nameOf);
      const isOfAddresses = fields.some((field) => field.includes('@'));
      const isHead = named.includes(key) && !isOfAddresses;
      if (fields.some((field) => field.includes('\0'))) return yield { line, values: saveAsUtf8 };
      if (!isHead && !isOfAddresses && fields.length > 1)
        return yield {
          line,
          values: `names no column “${key}”, but ${fields.join(', ').slice(0, longestTold)}`,
        };
      order = isHead ? named : headless;
      if (isHead) continue;
    }
    const values: Record<string, string> = {};
    for (const [index, field] of fields.entries()) {
      const name = order[index];
      if (name !== undefined && field !== '') values[name] ??= field;
    }
    // It stands for what was read as UTF-8 and is none.
    const isBroken = Object.values(values).some((value) => value.includes('\uFFFD'));
    yield { line, values: isBroken ? saveAsUtf8 : values };
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

/** Its first line at least, and all of it. */
async function peek(chunks: AsyncIterable<string>): Promise<{ first: string; all: AsyncIterable<string> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let first = '';
  let isWhole = false;
  while (first.length < longestRecord && !isWhole) {
    const next = await iterator.next();
    if (next.done) break;
    first += next.value;
    // All of it is looked through only where a line may end: it comes in however small pieces.
    isWhole = separatorLine.test(first) || (/[\n\r]/.test(next.value) && /[\n\r]/.test(first.trimStart()));
  }
  async function* all() {
    yield first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { first, all: all() };
}
