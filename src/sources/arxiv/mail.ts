// arXiv's daily announcement as its subscribers get it by mail, saved as a file: https://info.arxiv.org/help/subscribe.html
import type { ListedPaper } from '../../papers/paper.ts';
import { readArxivId, readDoi } from '../../papers/paper-ids.ts';
import { isWithdrawnVersion } from '../../papers/withdrawal.ts';
import { readText } from '../../text/clean-text.ts';
import { describeRevised } from '../listed-entry.ts';
import type { ListingWarning } from '../listing/listing.ts';
import { findFeedDay, readArxivDay, readArxivTime } from './arxiv-days.ts';
import { splitAuthors, toListedPaper } from './read-entry.ts';

export type ArxivMail = {
  /** Eastern, YYYY-MM-DD: that of the feed which announces the same; null when no entry tells when it was submitted. */
  day: string | null;
  /** New ones and those newly listed in a category. */
  papers: ListedPaper[];
  /** The ids of those that a new version withdraws. */
  withdrawn: string[];
  warnings: ListingWarning[];
};

/** What parts the fields of an entry from its abstract, and ends it. */
const mark = /^\\{1,2}\s*$/;
const endMark = /^(?:\\\\ ?\(.*\)?|\\ \( ?https?:.*)\s*$/;
const ruler = /^(?:-{20,}|[%-]{20,})\s*$/;
const idLine = /^arXiv:(\S+)(?:\s+\(\*?(cross-listing)\*?\))?/i;
const replacedLine = /^replaced with/i;
const fieldLine =
  /^(Date|Title|Authors?|Categories|Comments|Journal-ref|DOI|License|Report-no|(?:ACM|MSC)-class|Proxy)(?: \([^)]*\))?:\s*(.*)$/i;

/** Null for a text that is no such mail. Never throws; an entry that cannot be read costs only itself, and a warning. */
export function parseArxivMail(given: string): ArxivMail | null {
  const text = unwrapMail(given);
  const lines = dropIndent(text.split('\n').map((line) => line.replace(/^[> \t]*>[> ]*/, '')));
  if (!hasEntry(lines)) return null;
  const papers: ListedPaper[] = [];
  const withdrawn: string[] = [];
  const warnings: ListingWarning[] = [];
  let newestAt: number | null = null;
  let replaced = 0;
  for (const entry of findEntries(lines)) {
    const { line, fields, isReplaced } = entry;
    if (!entry.isWhole)
      warnings.push({ line, message: 'the entry that begins here has no end: it may be cut off' });
    const time = readArxivTime(fields.get('date')?.replace(/\(.*$/, '') ?? null)?.toMillis() ?? null;
    const paper = toPaper(entry);
    if (isReplaced) {
      replaced += 1;
      const comment = readText(fields.get('comments'));
      if (entry.arxivId !== null && isWithdrawnVersion({ abstract: readText(entry.abstract), comment }))
        withdrawn.push(entry.arxivId);
    } else if (typeof paper === 'string') warnings.push({ line, message: `the entry is left out: ${paper}` });
    else {
      papers.push(paper);
      // What is only new to a category may be old.
      if (!entry.isCross && time !== null) newestAt = Math.max(newestAt ?? time, time);
    }
  }
  warnings.push(...describeRevised(replaced).map((message) => ({ line: 1, message })));
  const newest = readClosing(text) ?? newestAt;
  return { day: newest === null ? null : findFeedDay(new Date(newest)), papers, withdrawn, warnings };
}

/** That of the first mark, in front of every line that has it. */
function dropIndent(lines: string[]): string[] {
  const indent = /^\s*/.exec(lines.find((line) => mark.test(line.trimStart())) ?? '')?.[0] ?? '';
  return indent === ''
    ? lines
    : lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
}

/** An id right below a mark. */
function hasEntry(lines: readonly string[]): boolean {
  let isBelowMark = false;
  return lines.some((line) => {
    const found = isBelowMark && /^\s{0,9}arXiv:/i.test(line);
    if (line.trim() !== '') isBelowMark = mark.test(line.trim());
    return found;
  });
}

type Entry = {
  /** Its first one, from 1 on. */
  line: number;
  arxivId: string | null;
  isCross: boolean;
  isReplaced: boolean;
  fields: Map<string, string>;
  abstract: string;
  isWhole: boolean;
};

/** An entry begins with its id below a mark, or in place of one that was lost. */
function findEntries(lines: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  let entry: Entry | null = null;
  let part: 'fields' | 'abstract' | 'none' = 'none';
  let field = '';
  for (const [at, line] of lines.entries()) {
    const [, id, cross] = part === 'abstract' ? [] : (idLine.exec(line) ?? []);
    if (id !== undefined) {
      entry = {
        line: at + 1,
        arxivId: readArxivId(id),
        isCross: cross !== undefined,
        isReplaced: false,
        fields: new Map(),
        abstract: '',
        isWhole: false,
      };
      entries.push(entry);
      part = 'fields';
      field = '';
    } else if (entry === null || part === 'none') continue;
    else if (endMark.test(line) || ruler.test(line)) {
      part = 'none';
      entry.isWhole = true;
    } else if (mark.test(line)) {
      entry.isWhole = part === 'abstract';
      part = part === 'fields' ? 'abstract' : 'none';
    } else if (part === 'abstract') entry.abstract += `${line}\n`;
    else if (replacedLine.test(line)) entry.isReplaced = true;
    else {
      const [, name, value = ''] = fieldLine.exec(line) ?? [];
      if (name !== undefined) field = name.toLowerCase();
      const before = entry.fields.get(field);
      // Of `Date (v1)` and `Date (revised v2)` the first counts.
      if (name === undefined) entry.fields.set(field, `${before ?? ''} ${line}`);
      else if (before === undefined) entry.fields.set(field, value);
    }
  }
  return entries;
}

function toPaper({ arxivId, fields, abstract }: Entry): ListedPaper | string {
  if (arxivId === null) return 'it has no arXiv id';
  const of = (name: string) => fields.get(name) ?? null;
  return toListedPaper({
    arxivId,
    title: of('title'),
    abstract,
    authors: splitAuthors(of('authors') ?? of('author') ?? ''),
    comment: readText(of('comments')),
    publishedOn: readArxivDay(of('date')?.replace(/\(.*$/, '') ?? null),
    doi: readDoi(of('doi') ?? ''),
  });
}

/** A minute before the end of `received from Thu 10 Dec 20 19:00:00 GMT to Fri 11 Dec 20 19:00:00 GMT`. */
function readClosing(text: string): number | null {
  const range =
    /received from\s+.{10,40}?\s+to\s+\w{3}\s+(\d{1,2})\s+(\w{3})\s+(\d{2}|\d{4})\s+([\d:]{8})\s+GMT/.exec(
      text,
    );
  if (range === null) return null;
  const [, day, month, year = '', time] = range;
  const closing = Date.parse(`${day} ${month} ${year.length === 2 ? `20${year}` : year} ${time} GMT`);
  return Number.isNaN(closing) ? null : closing - 60_000;
}

/** The text of a mail that was saved with its headers, in whichever encoding they tell. */
function unwrapMail(given: string): string {
  const mail = given.replace(/\r\n?/g, '\n');
  const header = /^content-transfer-encoding:[ \t]*(quoted-printable|base64)[ \t]*$/im.exec(mail);
  if (header === null) return mail;
  const start = mail.indexOf('\n\n', header.index);
  const body = mail.slice(start === -1 ? header.index : start);
  if (header[1]?.toLowerCase() === 'base64') {
    const [block = ''] = /^[\s\w+/=]+?(?=\n--|\n\n|$)/.exec(body.trimStart()) ?? [];
    return Buffer.from(block, 'base64').toString('utf8').replace(/\r\n?/g, '\n');
  }
  const bytes = body
    .replace(/=[ \t]*\n/g, '')
    .replace(/=([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
