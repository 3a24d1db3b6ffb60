// Tables of papers, with lines between the columns or tabs: each row is a paper, and the head tells what its cells are.
import { resemblesDate } from '../listing/read-day.ts';
import { type Details, type Field, findField, merge, readDetails, readField } from './details.ts';
import { type PaperLine, readPaperLine, readPlain } from './paper-line.ts';

/** `fields`: what each column is called; null for a column whose name says nothing, or where there is no head. */
export type Table = { fields: (Field | null)[]; rows: { line: number; cells: string[] }[]; lines: number[] };

const ruler = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** All in a text, in order; `lines` are those that they take, from 1 on. */
export function findTables(lines: readonly string[]): Table[] {
  const tables: Table[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [line = '', next = ''] = [lines[at], lines[at + 1]];
    const hasHead = line.includes('|') && next.includes('-') && next.includes('|') && ruler.test(next);
    const isRow = hasHead || /^\s*\|.+\|\s*$/.test(line);
    const sign = isRow ? '|' : findSeparator(line);
    if (sign === null) continue;
    const split = sign === '|' ? splitCells : (row: string) => splitFields(row, sign);
    const ends =
      sign === '|' ? findRowEnds(lines, { from: at, sign }) : findRecordEnds(lines, { from: at, sign });
    const end = ends.at(-1) ?? at;
    const head = hasHead || sign !== '|' ? split(line) : [];
    const first = at + (hasHead ? 2 : sign === '|' ? 0 : 1);
    tables.push({
      fields: head.map((name) => findColumn(name)),
      rows: ends.flatMap((rowEnd, index) => {
        const from = index === 0 ? at : (ends[index - 1] ?? at);
        const row = lines.slice(from, rowEnd).join(' ');
        return from < first || ruler.test(row) ? [] : { line: from + 1, cells: split(row) };
      }),
      lines: Array.from({ length: end - at }, (_, index) => at + index + 1),
    });
    at = end - 1;
  }
  return tables;
}

/** Of a head line that names titles and what else there is. */
function findSeparator(line: string): string | null {
  const isHead = (separator: string) => {
    const fields = splitFields(line, separator).map(findField);
    return fields.filter((field) => field !== null).length > 1 && fields.includes('title');
  };
  return line.length > 1000 ? null : (['\t', ',', ';'].find(isHead) ?? null);
}

/** RFC 4180, within a line. */
function splitFields(row: string, separator: string): string[] {
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}]*))(?:${separator}|$)`, 'g');
  const cells = [...row.matchAll(field)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare.trim(),
  );
  return row.endsWith(separator) ? cells : cells.slice(0, -1);
}

/** Where each row ends: the index of the line behind it. */
function findRowEnds(lines: readonly string[], { from, sign }: { from: number; sign: string }): number[] {
  const ends: number[] = [];
  for (let at = from; at < lines.length && lines[at]?.includes(sign); at += 1) ends.push(at + 1);
  return ends;
}

/** So many lines may a field with quotes around it have. */
const mostFieldLines = 50;

/** The same, where a field goes on until its quotes are closed; those that never are count for nothing. */
function findRecordEnds(lines: readonly string[], { from, sign }: { from: number; sign: string }): number[] {
  const ends: number[] = [];
  const hasOpenQuote = (line: string) => (line.split('"').length - 1) % 2 === 1;
  for (let at = from; at < lines.length; at = ends.at(-1) ?? lines.length) {
    const below = lines.slice(at + 1, at + mostFieldLines);
    const close = hasOpenQuote(lines[at] ?? '') ? below.findIndex(hasOpenQuote) : -1;
    const end = at + close + 2;
    if (!lines.slice(at, end).some((line) => line.includes(sign))) break;
    ends.push(end);
  }
  return ends;
}

/** A backslash or code marks keep a line from parting cells. */
function splitCells(row: string): string[] {
  const cells = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .replace(/`[^`|]*(?:\|[^`|]*)*`/g, (code) => code.replaceAll('|', '\\|'))
    .split(/(?<!\\)\|/);
  return cells.map((cell) =>
    cell
      .replaceAll('\\|', '|')
      .replace(/<br ?\/?>/gi, ' ')
      .trim(),
  );
}

function findColumn(name: string): Field | null {
  const plain = name.replace(/[:*_`]/g, '').trim();
  if (/^(?:#|no\.?|nr\.?|rank|index)$/i.test(plain)) return 'ignored';
  return findField(plain);
}

/** Null for a row that names no paper. */
export function readRow(given: readonly string[], fields: readonly (Field | null)[]): PaperLine | null {
  const cells = joinFormulas(given, fields.length);
  const isLinked = (cell: string) => readPaperLine([cell], 'marked') !== null;
  const isRead = (at: number) => fields[at] !== null && fields[at] !== undefined && fields[at] !== 'title';
  const named = cells.findIndex((_, at) => fields[at] === 'title');
  const candidates = cells
    .map((cell, at) => ({ cell, at }))
    .filter(({ at }) => !isRead(at) || fields[at] === 'ignored');
  const titled =
    named !== -1 ? named : (candidates.find(({ cell }) => isLinked(cell))?.at ?? findLongest(candidates));
  if (titled === -1) return null;
  const leads = candidates.filter(({ at }) => at !== titled).map(({ cell }) => cell);
  // The title's cell first: what it leads to is the paper. A title alone is one by its place.
  const paper = readPaperLine(
    [
      markTitle(cells[titled] ?? ''),
      ...leads.map((cell) => cell.replace(/^\d{1,3}\.?$/, '').replace(/^10\.\d{4,9}\/\S+$/, 'doi:$&')),
    ],
    'marked',
  );
  if (paper === null) return null;
  const told = cells.flatMap((cell, at): Details[] => {
    const field = fields[at] ?? null;
    if (at === titled) return [];
    return field === null ? [readDetails([readPlain(cell)])] : [readField(field, readPlain(cell))];
  });
  const { title, arxiv, doi, page, links } = paper;
  // Authors or an abstract may stand below the title.
  const beside = readPaperLine([markTitle(cells[titled] ?? '')], 'marked') ?? readDetails([]);
  const details = told.reduce(merge, readDetails([]));
  const unread = details.unread.filter(resemblesDate);
  return { ...merge(details, beside), unread, title, arxiv, doi, page, links };
}

/** `$|x|$` has lines that part no cells: of a row with more cells than the head. */
function joinFormulas(cells: readonly string[], columns: number): string[] {
  const joined: string[] = [];
  let extra = columns === 0 ? 0 : cells.length - columns;
  for (const cell of cells) {
    const above = joined.at(-1);
    const isOpen = above !== undefined && (above.split('$').length - 1) % 2 === 1;
    if (isOpen && extra > 0) {
      joined.splice(-1, 1, `${above}|${cell}`);
      extra -= 1;
    } else joined.push(cell);
  }
  return joined;
}

/** A cell without a link is a title from its first to its last letter. */
function markTitle(cell: string): string {
  return /\]\(|https?:/.test(cell) || cell === '' ? cell : `**${readPlain(cell).replaceAll('**', '')}**`;
}

function findLongest(cells: readonly { cell: string; at: number }[]): number {
  const words = (cell: string) => (/\]\(|^https?:/.test(cell) ? 0 : readPlain(cell).length);
  const [longest] = cells.toSorted((a, b) => words(b.cell) - words(a.cell));
  return longest === undefined || words(longest.cell) < 8 ? -1 : longest.at;
}
