// A list of papers as people and programs write it: a table, or a paper on a line or a few, each with a link to it or its id.
import { type ListedPaper, mostListedPapers } from '../../papers/paper.ts';
import { longestTitle } from '../listed-entry.ts';
import { findDayInFileName } from '../listing/calendar.ts';
import { chooseListingDate } from '../listing/choose-date.ts';
import { isOfMonth, listReadings, readInOrder, settleDates } from '../listing/day-order.ts';
import { findLinks } from '../listing/find-links.ts';
import type { ListingOptions, ListingWarning, ParsedListing } from '../listing/listing.ts';
import { readPublication } from '../listing/publication.ts';
import { type DayOrder, readShownDate, resemblesDate, type ShownDate } from '../listing/read-day.ts';
import type { DateToken } from '../listing/read-tokens.ts';
import { resolveLinks } from '../listing/strip-markup.ts';
import { findField } from './details.ts';
import { type PaperLine, readPaperLine, readPlain } from './paper-line.ts';
import { findTables, readRow } from './table.ts';

type Entry = PaperLine & { line: number };

/** A text of which less is papers speaks of some, and lists none. */
const leastShare = 0.5;
const longestList = 4_000_000;
/** Patterns that look for gaps and names take the square of a line's length. */
const longestLine = 20_000;
const longGap = /([^\S\r\n]{20})[^\S\r\n]+/g;
/** A table is one whatever stands around it. */
type ListForm = 'table' | 'lines';

/** Null for a text that is no such list. `forms`: what is looked for, since a page of cards may hold a table at the most. Never throws. */
export function parsePaperList(
  given: string,
  options: ListingOptions,
  forms: 'tables' | 'all' = 'all',
): ParsedListing | null {
  if (given.length > longestList || /^\s*<(?:!|\?|html|head|body)/i.test(given)) return null;
  const text = resolveLinks(readTags(given));
  const lines = text.replace(longGap, '$1').split(/\r\n|\n|\r/);
  if (lines.some((line) => line.length > longestLine)) return null;
  const { entries, taken, left, form } = readEntries(lines, forms);
  if (entries.length === 0) return null;
  const size = (some: readonly string[]) => some.reduce((sum, line) => sum + line.trim().length, 0);
  const inPapers = size(lines.filter((_, at) => taken.has(at + 1)));
  if (form === 'lines' && inPapers < leastShare * size(lines)) return null;
  if (entries.length > mostListedPapers) return null;

  const dates = settle(entries, { head: findHeadDates(lines, taken), options });
  const chosen = chooseListingDate(
    {
      head: dates.head,
      papers: dates.shown.filter((shown) => shown !== null),
      arxiv: entries.flatMap(({ arxiv }) => arxiv ?? []),
    },
    options,
  );
  const built = entries.map((entry, at) => toPaper(entry, dates.shown[at] ?? null, chosen.date));
  const warnings = [...chosen.warnings, ...left, ...built.flatMap(({ warnings }) => warnings)];
  return {
    type: 'listing',
    date: chosen.date,
    papers: built.flatMap(({ paper }) => paper ?? []),
    warnings: warnings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, 1000),
  };
}

/** Links and emphasis that are written as HTML within Markdown. */
function readTags(text: string): string {
  if (!/<(?:a|b|i|em|strong)\b/i.test(text)) return text;
  return text
    .replace(/<\/?(?:b|i|u|em|strong|sup|sub|span|small|code)(?:\s[^<>]{0,200})?>/gi, '')
    .replace(
      /<a\s[^<>]{0,200}?href=["']([^"'<>\s]{1,1000})["'][^<>]{0,200}>([^<>]{0,500})<\/a>/gi,
      '[$2]($1)',
    );
}

type ReadEntries = { entries: Entry[]; taken: Set<number>; left: ListingWarning[]; form: ListForm };

function readEntries(lines: readonly string[], forms: 'tables' | 'all'): ReadEntries {
  const entries: Entry[] = [];
  const left: ListingWarning[] = [];
  const taken = new Set<number>();
  const tables = findTables(lines);
  const inTable = new Set(tables.flatMap((table) => table.lines));
  let rowsRead = 0;
  for (const { fields, rows, lines: ofTable } of tables) {
    const read = rows.map(({ line, cells }) => ({ line, paper: readRow(cells, fields) }));
    const papers = read.flatMap(({ line, paper }) => (paper === null ? [] : { ...paper, line }));
    if (papers.length === 0) continue;
    rowsRead += papers.length;
    entries.push(...papers);
    for (const line of ofTable) taken.add(line);
    for (const { line, paper } of read)
      if (paper === null)
        left.push({ line, message: 'the row is left out: it has no title, or no link to a paper' });
  }
  const isPage = forms === 'tables' && rowsRead === 0;
  const blocks = isPage
    ? []
    : findBlocks(lines.map((line, at) => (inTable.has(at + 1) || chatStamp.test(line) ? '' : line))).flatMap(
        splitSection,
      );
  for (const block of blocks) {
    const paper = readPaperLine(block.lines, block.place);
    if (paper !== null) {
      entries.push({ ...paper, line: block.from });
      for (const [at] of block.lines.entries()) taken.add(block.from + at);
    } else if (block.place === 'marked' && block.isItem && rowsRead === 0)
      left.push({
        line: block.from,
        message: 'this item is left out: it has no title, or no link to a paper',
      });
  }
  const first = left[0];
  return {
    entries: entries.toSorted((a, b) => a.line - b.line),
    taken,
    left:
      left.length > 5 && first !== undefined
        ? [
            {
              ...first,
              message: `${left.length} lines like this one are left out: they have no title, or no link to a paper`,
            },
          ]
        : left,
    form: rowsRead > 0 ? 'table' : 'lines',
  };
}

type Block = { from: number; place: 'marked' | 'bare'; isItem: boolean; isHeading: boolean; lines: string[] };

const item = /^(\s*)(?:[-*+•‣▪◦–]|\(?\d{1,4}[.)]|\[\d{1,4}\](?=\s+\D))\s+(?=\S)/u;
const heading = /^\s{0,3}#{1,6}\s+/;
const boldLine = /^\s*(?:\*\*|__).+(?:\*\*|__)\s*$/;
const ruler = /^\s*(?:[-*_=]\s?){3,}$/;
/** What stands further below than so many blank lines belongs to nothing above. */
const widestGap = 20;
const surelyAbstract = 150;
const fieldStart = /^\s*[*_]{0,2}(\p{L}[\p{L} ]{1,20})[*_]{0,2}:/u;

/** What may be a paper each: an item, what stands below a heading, a paragraph; with what belongs to it. */
function findBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let gap = true;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '' || ruler.test(line)) {
      gap = true;
      continue;
    }
    const above = blocks.at(-1);
    const [marker, indent = ''] = item.exec(line) ?? [];
    const isFar = above !== undefined && at + 1 - (above.from + above.lines.length) > widestGap;
    const isNested =
      marker !== undefined && above !== undefined && indent.length > 1 && (above.isItem || above.isHeading);
    const isBelowHeading =
      above?.isHeading === true && (marker === undefined || !hasId(line)) && !heading.test(line);
    const isHeading = heading.test(line);
    const starts =
      isFar ||
      (!isNested &&
        (isHeading ||
          (marker !== undefined && !isBelowHeading) ||
          (!isBelowHeading && (gap ? !belongs(line, above, lines[at + 1] ?? '') : isNext(line, above)))));
    if (starts || above === undefined) {
      const plain = line.replace(heading, '').replace(item, '');
      blocks.push({
        from: at + 1,
        place: isHeading || marker !== undefined || boldLine.test(line) ? 'marked' : 'bare',
        isItem: marker !== undefined,
        isHeading,
        lines: [plain],
      });
    } else {
      // Blank lines keep a block's lines at their numbers.
      while (above.from + above.lines.length < at + 1) above.lines.push('');
      above.lines.push(line.replace(item, ''));
    }
    gap = false;
  }
  return blocks;
}

const titleField = /^\s*[*_]{0,2}title[*_]{0,2}:/i;

/** A heading is a paper's title, or that of a section with papers whose own titles stand below it. */
function splitSection(block: Block): Block[] {
  const [title = '', ...below] = block.lines;
  if (!block.isHeading || hasId(title)) return [block];
  const inside = findBlocks(['', ...below]);
  const papers = inside.flatMap(({ lines, place }) => readPaperLine(lines, place) ?? []);
  const ids = new Set(papers.map(({ arxiv, doi, page }) => arxiv ?? doi ?? page));
  const [only] = papers;
  const isLinked = only !== undefined && below.some((line) => line.includes(`[${only.title}](`));
  if (ids.size < 2 && !isLinked) return [block];
  return inside.map((part) => ({ ...part, from: block.from + part.from - 1 }));
}

/** Without a blank line: one paper a line, and not what else tells the id of the one above. */
function isNext(line: string, above: Block | undefined): boolean {
  const isPaper = above !== undefined && !above.isItem && hasId(above.lines[0] ?? '') && hasId(line);
  const [id] = /\d{4}\.\d{4,5}/.exec(line) ?? [];
  return isPaper && (id === undefined || above.lines[0]?.includes(id) === false);
}

/** `ada  9:12 AM`: who says it, and when. */
const chatStamp = /^\s*\S.{0,60}\s\[?\d{1,2}:\d{2}(?: ?[ap]m)?\]?:?\s*$/i;
const addressLine = /^\s*<?https?:\/\/\S+>?\s*$/;

/** Behind a blank line: an address alone, a detail with its name, what is indented, an abstract. */
function belongs(line: string, above: Block | undefined, next: string): boolean {
  if (above === undefined) return false;
  if (/^\s{2,}\S/.test(line) && above.isItem) return true;
  if (addressLine.test(line)) return !above.lines.some(hasId);
  const [, name] = fieldStart.exec(line) ?? [];
  if (titleField.test(line) && above.lines.some((one) => titleField.test(one))) return false;
  // A title may begin like that, too: `Ferries: A Survey`, `Notes: On Reading`.
  const isDone = above.lines.some(hasId);
  const isTitle = isDone && addressLine.test(next) && hasId(next);
  const isField = name !== undefined && !isTitle && (findField(name) !== null || !isDone);
  if (isField && !hasId(above.lines[0] ?? '')) return true;
  return line.trim().length >= surelyAbstract && above.lines.some(hasId) && !hasId(line);
}

function hasId(line: string): boolean {
  return /arxiv|\d{4}\.\d{4,5}|\/papers\/|10\.\d{4,9}\//i.test(line);
}

/** Those above the first paper, and those of later headings. */
function findHeadDates(lines: readonly string[], taken: ReadonlySet<number>): DateToken[] {
  return lines.flatMap((line, at): DateToken[] => {
    if (taken.has(at + 1)) return [];
    const found = findDate(readPlain(line.replace(heading, '')));
    return found === null ? [] : [{ type: 'date', line: at + 1, gap: true, ...found }];
  });
}

const dateInText =
  /\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{1,2}(?:st|nd|rd|th)?\.? (?:of )?\p{L}{3,10}\.?,? \d{4}|\p{L}{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\p{L}{3,10}\.? \d{1,2}(?:st|nd|rd|th)?(?= *$)/gu;

function findDate(line: string): { text: string; shown: ShownDate } | null {
  if (line.length > 120) return null;
  const whole = readShownDate(line);
  if (whole !== null) return { text: line, shown: whole };
  for (const [text] of line.matchAll(dateInText)) {
    const shown = readShownDate(text);
    if (shown !== null) return { text, shown };
  }
  return null;
}

/** An arXiv id tells the month in which its paper came out. */
function settle(
  entries: readonly Entry[],
  { head, options }: { head: DateToken[]; options: ListingOptions },
): { head: DateToken[]; shown: (ShownDate | null)[] } {
  const orders = entries.flatMap(({ date, arxiv }) =>
    date === null || arxiv === null ? [] : orderByMonth(date.shown, arxiv),
  );
  const [order = null] = orders.every((one) => one === orders[0]) ? orders : [];
  const told = entries.map(({ date, line }): DateToken | null =>
    date === null
      ? null
      : { type: 'date', line, gap: true, text: date.text, shown: readInOrder(date.shown, order) },
  );
  const all = [
    ...head.map((date) => ({ ...date, shown: readInOrder(date.shown, order) })),
    ...told.filter((date) => date !== null),
  ];
  const settled = settleDates(all, {
    known: options.date ?? findDayInFileName(options.fileName ?? ''),
    head,
    today: options.today,
  }).filter((token) => token.type === 'date');
  let next = head.length;
  return {
    head: settled.slice(0, head.length),
    shown: told.map((date) => (date === null ? null : (settled[next++]?.shown ?? null))),
  };
}

function orderByMonth(shown: ShownDate, arxiv: string): DayOrder[] {
  if (shown.order !== 'unclear') return [];
  const [dayFirst = '', monthFirst = ''] = listReadings(shown);
  if (isOfMonth(dayFirst, arxiv) === isOfMonth(monthFirst, arxiv)) return [];
  return isOfMonth(dayFirst, arxiv) ? ['day first'] : ['month first'];
}

function toPaper(
  entry: Entry,
  shown: ShownDate | null,
  listingDay: string,
): { paper: ListedPaper | null; warnings: ListingWarning[] } {
  const { line, title, arxiv, doi, page, authors, abstract } = entry;
  const warn = (message: string) => [{ line, message }];
  if ([...title].length > longestTitle)
    return { paper: null, warnings: warn('the paper is left out: its title is longer than a page') };
  const dated = shown && { text: entry.date?.text ?? '', shown };
  const publication = dated && readPublication(dated, { listedOn: listingDay, arxiv });
  const unread = dated === null ? entry.unread.filter(resemblesDate) : [];
  const ids = {
    ...(arxiv === null ? {} : { arxiv }),
    ...(doi === null ? {} : { doi }),
    ...(page === null ? {} : { page }),
  };
  return {
    paper: {
      title,
      ids,
      abstract,
      authorsCount: authors.length > 0 ? authors.length : entry.authorsCount,
      ...(authors.length === 0 ? {} : { authors }),
      organization: entry.organization,
      publishedOn: publication?.publishedOn ?? null,
      comments: entry.comments,
      upvotes: entry.upvotes,
      links: [...new Set([...entry.links.flatMap(findLinks), ...findLinks(abstract ?? '')])],
    },
    warnings: [
      ...(publication?.message ? warn(publication.message) : []),
      ...unread.flatMap((text) => warn(`"${text}" is no day that can be told: it was left out`)),
    ],
  };
}
