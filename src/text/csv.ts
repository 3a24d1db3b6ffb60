// Comma-separated values (RFC 4180), record by record, however long the file is; read with other separators too, as spreadsheets
// write them where the comma is for decimals.

export type CsvRecord =
  | { type: 'record'; line: number; fields: string[] }
  /** It is passed over: more than any table has in a record. */
  | { type: 'too long'; line: number };

export const separators = [',', ';', '\t'] as const;
export type Separator = (typeof separators)[number];

export const longestRecord = 64 * 1024;

/** `line` is where it begins, from 1. Empty lines are no records; a quote within a field that has none around it is itself. */
export async function* readCsv(
  chunks: AsyncIterable<string>,
  separator: Separator = ',',
): AsyncGenerator<CsvRecord> {
  let line = 1;
  let begin = 1;
  let fields: string[] = [];
  let field = '';
  let length = 0;
  let isQuoted = false;
  /** A quote within quotes: the end of them, or half of a quote that is meant. */
  let isHalfQuote = false;
  let wasCarriageReturn = false;

  function* endRecord(): Generator<CsvRecord> {
    fields.push(unguard(field));
    if (length > longestRecord) yield { type: 'too long', line: begin };
    else if (fields.length > 1 || field !== '') yield { type: 'record', line: begin, fields };
    fields = [];
    field = '';
    length = 0;
    isQuoted = false;
    isHalfQuote = false;
  }

  for await (const chunk of chunks) {
    for (const character of begin === 1 && line === 1 && length === 0
      ? chunk.replace(/^\uFEFF/, '')
      : chunk) {
      const isLineEnd = character === '\n' || character === '\r';
      if (isLineEnd && !(character === '\n' && wasCarriageReturn)) line += 1;
      const isSecondOfTwo = character === '\n' && wasCarriageReturn;
      wasCarriageReturn = character === '\r';
      length += 1;
      // A quote that nobody closes is not to take the rest of the file with it.
      if (isQuoted && !isHalfQuote && !(isLineEnd && length > longestRecord)) {
        if (character === '"') isHalfQuote = true;
        else if (length <= longestRecord) field += character;
        continue;
      }
      if (isQuoted && isHalfQuote) {
        isHalfQuote = false;
        if (character === '"') {
          field += character;
          continue;
        }
        isQuoted = false;
      }
      if (isLineEnd) {
        if (!isSecondOfTwo) yield* endRecord();
        else length -= 1;
        begin = line;
      } else if (character === separator) {
        fields.push(unguard(field));
        field = '';
      } else if (character === '"' && field === '') isQuoted = true;
      else if (length <= longestRecord) field += character;
    }
  }
  yield* endRecord();
}

/**
 * A spreadsheet takes what begins with one of these for a formula, and runs it: an apostrophe before it makes it text there, and is
 * taken off again by `readCsv`. https://owasp.org/www-community/attacks/CSV_Injection
 */
const looksLikeFormula = /^'*[=+\-@\t\r]/;

export function writeCsv(fields: readonly string[]): string {
  const written = fields.map((field) => {
    const guarded = looksLikeFormula.test(field) ? `'${field}` : field;
    return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  });
  return `${written.join(',')}\r\n`;
}

function unguard(field: string): string {
  return field.startsWith("'") && looksLikeFormula.test(field) ? field.slice(1) : field;
}

/** Lines without their ends, as they are; one that is too long is cut. */
export async function* readLines(
  chunks: AsyncIterable<string>,
): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestRecord + 1);
    for (const text of lines) {
      line += 1;
      yield { line, text: text.slice(0, longestRecord + 1).replace(/\r$/, '') };
    }
  }
  if (rest !== '') yield { line: line + 1, text: rest };
}
