// The lines of a listing, each by what it looks like on its own. What it means is decided by its neighbours.
import { cleanLine } from '../../text/clean-text.ts';
import { isBanner, isCardButton, isPageWord, isSubmitterLine } from './page-words.ts';
import { readCount, readShownDate, type ShownDate } from './read-day.ts';
import { hasPageMarkup, stripMarkup } from './strip-markup.ts';

/** `line` is 1-based in the input. `gap`: a blank line or an empty bullet stood before it. */
type Place = { line: number; gap: boolean };
export type TextToken = Place & { type: 'text'; text: string; isIndented: boolean; isPageWord: boolean };
export type CountToken = Place & { type: 'count'; value: number; text: string; isDash: boolean };
export type DateToken = Place & { type: 'date'; text: string; shown: ShownDate };
export type Token =
  | TextToken
  | CountToken
  | DateToken
  | (Place & { type: 'authors'; count: number | null; text: string })
  /** Upvotes that stand below their card, as *trending* pages have them. */
  | (Place & { type: 'likes'; value: number })
  | (Place & { type: 'dot' })
  | (Place & { type: 'banner' })
  | (Place & { type: 'submitter' });

const emptyBullet = /^[•◦▪●‣*](?: [•◦▪●‣*])*$/;
const dotMark = /^[·∙⋅‧・]$/;
const lastSeparator = /[·•∙⋅](?=[^·•∙⋅]*$)/;
const leadingDot = /^[·∙⋅‧・] ?\p{L}/u;
/** A bullet, or a dot that was damaged. */
const leadingSign = /^[^\p{L}\p{N}]{1,2} ?/u;
const authorsLine = /^(?:[•◦▪●‣*·+-] ?)*(\d{1,3}(?:,?\d{3})?) authors?$/i;
const damagedAuthors = /^[•◦▪●‣] ?\S{0,8} ?authors?$/i;
/** A button with its number. */
const upvotesButton = /^upvotes? ([\d.,]+k?)$/i;
/** Longer lines are never details of a card. */
const longestDetail = 160;

/** Reads every line once. Blank lines leave only the `gap` of the next token. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const clean = hasPageMarkup(text) ? (raw: string) => cleanLine(stripMarkup(cleanLine(raw))) : cleanLine;
  let gap = true;
  let expectsSubmitterName = false;
  /** What the last line announced a number of; a page of which that is unclear is read as if nothing did. */
  let announced: 'upvotes' | 'stars' | null = null;
  let hasDetails = false;

  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const line = clean(raw);
    const isApart = gap || tokens.at(-1)?.type !== 'text';
    const announcedHere = announced;
    if (line !== '') announced = null;
    const count = announcedHere === null ? null : readCount(line);
    if (count !== null) {
      if (announcedHere === 'upvotes') tokens.push({ type: 'likes', line: index + 1, gap, value: count });
      gap = true;
      return;
    }
    const button = isApart ? upvotesButton.exec(line) : null;
    const upvotes = button === null ? null : readCount(button[1] ?? '');
    if (upvotes !== null) {
      tokens.push(readUpvotes(upvotes, { line: index + 1, gap, isBelow: hasDetails }));
      gap = true;
      return;
    }
    if (line === '' || emptyBullet.test(line) || (isApart && isCardButton(line))) {
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
    const found = readLine(line, { line: index + 1, gap }, isIndented ? 'indented' : 'flush');
    expectsSubmitterName = found.some(({ type }) => type === 'submitter') && /by$/i.test(line);
    hasDetails ||= found.some(({ type }) => type === 'authors' || type === 'dot');
    for (const token of found) tokens.push(token);
    gap = false;
  });
  return tokens;
}

/** Above the first card's details, upvotes stand above their cards everywhere. */
function readUpvotes(value: number, { isBelow, ...place }: Place & { isBelow: boolean }): Token {
  if (isBelow) return { ...place, type: 'likes', value };
  return { ...place, type: 'count', value, text: String(value), isDash: false };
}

function readLine(line: string, place: Place, margin: 'indented' | 'flush'): Token[] {
  if (line.length > longestDetail) return [toText(line, place)];
  if (isBanner(line, place.gap ? 'apart' : 'attached')) return [{ ...place, type: 'banner' }];
  if (isSubmitterLine(line)) return [{ ...place, type: 'submitter' }];
  return (
    readDetail(line, place) ?? readDetailsOnOneLine(line, place, margin) ?? [toText(line, place, margin)]
  );
}

function readDetail(line: string, place: Place): Token[] | null {
  if (dotMark.test(line)) return [{ ...place, type: 'dot' }];
  const value = readCount(line);
  if (value !== null) return [{ ...place, type: 'count', value, text: line, isDash: !/\d/.test(line) }];
  const shown = readShownDate(line.replace(leadingSign, ''));
  if (shown !== null && !leadingDot.test(line)) return [{ ...place, type: 'date', text: line, shown }];
  const authors = authorsLine.exec(line);
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
    const authors = after === '' ? readDetail(before, place) : null;
    return authors === null ? null : [...authors, { ...rest, type: 'dot' }];
  }
  const head = before === '' ? [] : (readDetail(before, place) ?? [toText(before, place, margin)]);
  return [
    ...head,
    { ...(head.length === 0 ? place : rest), type: 'dot' },
    { ...rest, type: 'date', text: after, shown },
  ];
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
