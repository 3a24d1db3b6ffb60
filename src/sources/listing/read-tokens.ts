// The lines of a listing, each by what it looks like on its own. What it means is decided by its neighbours.
import { cleanLine } from '../../text/clean-text.ts';
import { readReferences } from '../../text/html-references.ts';
import { isBanner, isCardButton, isPageWord, isSubmitterLine, isSurelyButtons } from './page-words.ts';
import { readCount, readShownDate, type ShownDate } from './read-day.ts';
import {
  findButtonLinks,
  findLinkedPaper,
  findStarredCode,
  hasPageMarkup,
  resolveLinks,
  stripMarkup,
} from './strip-markup.ts';

/** `line` is 1-based in the input. `gap`: a blank line or an empty bullet stood before it. */
type Place = {
  line: number;
  gap: boolean;
  /** Where the buttons below it lead, in a capture that keeps links. */
  links?: string[];
};
export type TextToken = Place & {
  type: 'text';
  text: string;
  isIndented: boolean;
  isPageWord: boolean;
  /** In a capture that keeps headings: a title, whatever it reads like. */
  isHeading?: boolean;
  /** Of the paper whose page it leads to, in a capture that keeps links. */
  arxivId?: string;
};
export type CountToken = Place & { type: 'count'; value: number; text: string; isDash: boolean };
export type DateToken = Place & { type: 'date'; text: string; shown: ShownDate };
export type Token =
  | TextToken
  | CountToken
  | DateToken
  | (Place & { type: 'authors'; count: number | null; text: string })
  /** Upvotes that stand below their card, as *trending* pages have them. */
  | (Place & { type: 'likes'; value: number })
  | (Place & { type: 'comments'; value: number })
  | (Place & { type: 'dot' })
  | (Place & { type: 'banner' })
  | (Place & { type: 'submitter' });

const emptyBullet = /^[•◦▪●‣*](?: [•◦▪●‣*])*$/;
const headingLine = /^\s*#{1,6} /;
/** A line below a heading, or between two parts of a page. */
const ruler = /^(?:[-=_*~—–─━] ?){3,}$/;
/** What stands for pictures: `[Image: avatar]`. */
const pictures = /^(?:\[(?:image|img|avatar|logo)\b[^[\]]{0,200}\] ?)+|^(?:image|img): .{0,200}$/i;
/** The page's day between its two arrows, of which one may be missing: on the newest page, or in a capture. */
const turnedDay = /^(?:previous|←|‹|<) ?(.{4,20}?) ?(?:next|→|›|>)$/i;
const halfTurnedDay = /^(?:previous|←|‹|<) ?(.{4,20})$|^(.{4,20}?) ?(?:next|→|›|>)$/i;
const dotMark = /^[·∙⋅‧・]$/;
const lastSeparator = /[·•∙⋅](?=[^·•∙⋅]*$)/;
const leadingDot = /^[·∙⋅‧・] ?\p{L}/u;
/** A bullet, or a dot that was damaged. */
const leadingSign = /^[^\p{L}\p{N}]{1,2} ?/u;
const authorsLine =
  /^[^\p{L}\p{N}]{0,6}(\d{1,3}(?:,?\d{3})?) (?:authors?|autor(?:en|es|i|zy|ów)?|auteurs?|автор(?:ов|а|и|ів)?|yazar)$/iu;
/** As browsers translate it. */
const easternAuthors =
  /^(?:[•◦▪●‣*·+-] ?)*(?:(?:著者|저자) ?)?(\d{1,4}) ?[位名人명]? ?(?:の?著者|作者|저자)?$/;
const damagedAuthors = /^[•◦▪●‣] ?\S{0,8} ?authors?$/i;
/** A button with its number. */
const upvotesButton = /^upvotes? ([\d.,]+k?)$/i;
/** The same among others. */
const upvotesAmongButtons = /^([\d.,]+k?) |(?:^|[ |·•])upvotes? ?([\d.,]+k?)(?![\w.])/i;
/** `▲ 3`, `12 upvotes`: as other programs write it. */
const upvotesSign = /^(?:(?:[▲△⬆↑👍❤]\ufe0f? ?)([\d.,]+k?)|([\d.,]+k?) (?:up)?votes?)$/iu;
const commentsLine = /^(?:💬 ?)?([\d.,]+k?) comments?$|^💬 ?([\d.,]+k?)$/iu;
/** Longer lines are never details of a card. */
const longestDetail = 160;

/** Reads every line once. Blank lines leave only the `gap` of the next token. */
export function readTokens(given: string): Token[] {
  const tokens: Token[] = [];
  const text = resolveLinks(dropQuoteMarks(given));
  const isMarkup = hasPageMarkup(text);
  const clean = isMarkup ? (raw: string) => cleanLine(stripMarkup(cleanLine(raw))) : cleanLine;
  let gap = true;
  let expectsSubmitterName = false;
  /** What the last line announced a number of; a page of which that is unclear is read as if nothing did. */
  let announced: 'upvotes' | 'stars' | null = null;
  let hasDetails = false;

  const lines = text.split(/\r\n|\n|\r/);
  lines.forEach((raw, index) => {
    const arxivId = isMarkup ? findLinkedPaper(raw) : null;
    if (isMarkup) addLinks(tokens, findStarredCode(raw));
    const plain = dropArrows(readReferences(clean(raw)));
    const isHeading = isMarkup && plain !== '' && headingLine.test(raw);
    const isPicture = !isHeading && pictures.test(plain) && !isAboveAbstract(lines, index);
    const line = isPicture ? plain.replace(pictures, '') : plain;
    if (isHeading && arxivId !== null) {
      tokens.push({ ...toText(line, { line: index + 1, gap: true }), isPageWord: false, isHeading, arxivId });
      announced = null;
      gap = false;
      return;
    }
    const above = tokens.at(-1);
    const isApart = gap || above?.type !== 'text';
    const announcedHere = announced;
    if (line !== '') announced = null;
    const count = announcedHere === null ? null : readCount(line);
    if (count !== null) {
      if (announcedHere === 'upvotes') tokens.push({ type: 'likes', line: index + 1, gap, value: count });
      gap = true;
      return;
    }
    const isLinked = isMarkup && raw.includes('](');
    const isFurniture = isSurelyButtons(line) && (isApart || isLinked || /\d/.test(line));
    const button = isFurniture ? upvotesAmongButtons.exec(line) : isApart ? upvotesButton.exec(line) : null;
    const upvotes = button === null ? null : readCount(button[1] ?? button[2] ?? '');
    if (upvotes !== null) {
      tokens.push(readUpvotes(upvotes, { line: index + 1, gap, isBelow: hasDetails }));
      if (isMarkup) addLinks(tokens, findButtonLinks(raw));
      gap = true;
      return;
    }
    if (
      line === '' ||
      emptyBullet.test(line) ||
      ruler.test(line) ||
      isFurniture ||
      (isApart && isCardButton(line) && !isAboveAbstract(lines, index))
    ) {
      if (isMarkup && isCardButton(line)) addLinks(tokens, findButtonLinks(raw));
      // Above the first card's details, upvotes stand above their cards everywhere.
      if (/^upvotes?$/i.test(line) && hasDetails) announced = 'upvotes';
      if (/^github$/i.test(line)) announced = 'stars';
      gap = true;
      return;
    }
    if (expectsSubmitterName && isName(line)) {
      expectsSubmitterName = false;
      gap = true;
      return;
    }
    const isIndented = /^\s/.test(raw);
    const isBelowPage = gap || (above?.type === 'text' && above.isPageWord);
    const place = { line: index + 1, gap };
    const found = isBanner(line, isBelowPage ? 'apart' : 'attached')
      ? [{ ...place, type: 'banner' as const }]
      : readLine(line, place, isIndented ? 'indented' : 'flush');
    expectsSubmitterName = found.some(({ type }) => type === 'submitter') && /by$/i.test(line);
    hasDetails ||= found.some(({ type }) => type === 'authors' || type === 'dot');
    if (found[0]?.type === 'authors' && !gap) dropEmptyItems(tokens);
    for (const token of found) {
      if (token.type !== 'text') {
        tokens.push(token);
        continue;
      }
      const linked = arxivId === null ? token : { ...token, arxivId };
      tokens.push(isHeading && !token.isPageWord ? { ...linked, isHeading } : linked);
    }
    gap = false;
  });
  return tokens;
}

const quoteMark = /^[ \t]{0,9}>[> \t]{0,20}/gm;

/** Those of a mail that was answered or passed on, where nearly all of the text has them. */
function dropQuoteMarks(text: string): string {
  const quoted = text.match(quoteMark)?.length ?? 0;
  if (quoted === 0) return text;
  const lines = text.match(/^.*\S/gm)?.length ?? 0;
  return quoted > 0.75 * lines ? text.replace(quoteMark, '') : text;
}

/** No title, no menu and no details are so long. */
const surelyAbstract = 200;

/** Whether a long paragraph follows, so that a line is a title by its place, whatever it reads like. */
function isAboveAbstract(lines: readonly string[], index: number): boolean {
  let length = 0;
  for (let at = index + 1; at < lines.length && length < surelyAbstract; at += 1) {
    const line = cleanLine(lines[at] ?? '');
    if (line === '' && length > 0) break;
    length += line.length;
  }
  return length >= surelyAbstract;
}

/** The day alone, where the page's arrows stand beside it. */
function dropArrows(line: string): string {
  const [, before, behind] = halfTurnedDay.exec(line) ?? [];
  const day = before ?? behind;
  if (day !== undefined && readShownDate(day) !== null) return day;
  return line.replace(turnedDay, '$1');
}

/** They belong to the card above, as its last line does. */
function addLinks(tokens: Token[], links: string[]): void {
  const above = links.length === 0 ? undefined : tokens.pop();
  if (above !== undefined) tokens.push({ ...above, links: [...(above.links ?? []), ...links] });
}

/** Dashes right above an author count were avatars. */
function dropEmptyItems(tokens: Token[]): void {
  for (let last = tokens.at(-1); last?.type === 'count' && last.isDash; last = tokens.at(-1)) tokens.pop();
}

/** Above the first card's details, upvotes stand above their cards everywhere. */
function readUpvotes(value: number, { isBelow, ...place }: Place & { isBelow: boolean }): Token {
  if (isBelow) return { ...place, type: 'likes', value };
  return { ...place, type: 'count', value, text: String(value), isDash: false };
}

function readLine(line: string, place: Place, margin: 'indented' | 'flush'): Token[] {
  if (line.length > longestDetail) return [toText(line, place)];
  if (isSubmitterLine(line)) return [{ ...place, type: 'submitter' }];
  return (
    readDetail(line, place) ?? readDetailsOnOneLine(line, place, margin) ?? [toText(line, place, margin)]
  );
}

function readDetail(line: string, place: Place): Token[] | null {
  if (dotMark.test(line)) return [{ ...place, type: 'dot' }];
  const value = readCount(line);
  if (value !== null) return [{ ...place, type: 'count', value, text: line, isDash: !/\d/.test(line) }];
  const signed = upvotesSign.exec(line);
  const upvotes = signed === null ? null : readCount(signed[1] ?? signed[2] ?? '');
  if (upvotes !== null) return [{ ...place, type: 'count', value: upvotes, text: line, isDash: false }];
  const told = commentsLine.exec(line);
  const comments = told === null ? null : readCount(told[1] ?? told[2] ?? '');
  if (comments !== null) return [{ ...place, type: 'comments', value: comments }];
  const shown = readShownDate(line.replace(leadingSign, ''));
  if (shown !== null && !leadingDot.test(line)) return [{ ...place, type: 'date', text: line, shown }];
  const authors = authorsLine.exec(line) ?? (/[著作者저]/.test(line) ? easternAuthors.exec(line) : null);
  if (authors !== null) return [{ ...place, type: 'authors', count: toNumber(authors[1]), text: line }];
  if (damagedAuthors.test(line)) return [{ ...place, type: 'authors', count: null, text: line }];
  return null;
}

/** "• 10 authors · Jun 21", "Gensyn Gensyn · Feb 27", "· Jun 21": details that the capture put on one line. */
function readDetailsOnOneLine(line: string, place: Place, margin: 'indented' | 'flush'): Token[] | null {
  const at = line.search(lastSeparator);
  if (at === -1) return null;
  const before = line.slice(0, at).trim();
  const after = line.slice(at + 1).trim();
  const rest: Place = { line: place.line, gap: false };

  const shown = readShownDate(after);
  if (shown === null) {
    const named = readOrganizationAndAuthors(line, place, margin);
    if (named !== null) return named;
    const authors = after === '' ? readDetail(before, place) : null;
    return authors === null ? null : [...authors, { ...rest, type: 'dot' }];
  }
  const head =
    before === ''
      ? []
      : (readDetail(before, place) ??
        readOrganizationAndAuthors(before, place, margin) ?? [toText(before, place, margin)]);
  return [
    ...head,
    { ...(head.length === 0 ? place : rest), type: 'dot' },
    { ...rest, type: 'date', text: after, shown },
  ];
}

/** "Lake Lab · 10 authors" */
function readOrganizationAndAuthors(
  line: string,
  place: Place,
  margin: 'indented' | 'flush',
): Token[] | null {
  const at = line.search(lastSeparator);
  const organization = line.slice(0, Math.max(at, 0)).trim();
  if (!/\p{L}/u.test(organization)) return null;
  const rest: Place = { line: place.line, gap: false };
  const [authors] = readDetail(line.slice(at + 1).trim(), rest) ?? [];
  if (authors?.type !== 'authors') return null;
  return [toText(organization, place, margin), { ...rest, type: 'dot' }, authors];
}

/** The title of a card for sure, in a capture that keeps headings and links. */
export function isLinkedHeading(token: Token): boolean {
  return token.type === 'text' && token.isHeading === true && token.arxivId !== undefined;
}

/** A line of running text. */
export function toText(
  text: string,
  { line, gap }: Place,
  margin: 'indented' | 'flush' = 'flush',
): TextToken {
  return { type: 'text', line, gap, text, isIndented: margin === 'indented', isPageWord: isPageWord(text) };
}

/** A user's name: one word, and not a count or a date. */
function isName(line: string): boolean {
  return line.length <= 42 && !line.includes(' ') && readCount(line) === null;
}

function toNumber(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits.replaceAll(',', ''));
}
