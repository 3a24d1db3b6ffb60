// Numbers that stand alone are the comments of the card above or the upvotes of the card below. A single one can be
// either, so the whole page decides: does it show upvotes above its titles?

import { endsSentence } from './line-evidence.ts';
import type { ListingWarning } from './listing.ts';
import { type CountToken, type TextToken, type Token, toText } from './read-tokens.ts';

export type PlacedToken =
  | Exclude<Token, CountToken>
  | { type: 'upvotes' | 'comments'; line: number; value: number };
export type PlacedCounts = { tokens: PlacedToken[]; warnings: ListingWarning[] };

/** `above` and `below` are the neighbours of a run of numbers; undefined at the ends of the page. */
type Run = {
  counts: CountToken[];
  above: Token | undefined;
  below: Token | undefined;
  /** Of the paragraph that begins below. */
  lengthBelow: number;
  /** That paragraph is an abstract, and no title stands between it and the numbers. */
  lacksTitle: boolean;
};
type Placed = { tokens: PlacedToken[]; warning: string | null };

/** Gives every lone number its meaning. One that has none stays text, or is left out with a warning. */
export function placeCounts(tokens: Token[]): PlacedCounts {
  const upvotes = showsUpvotes(tokens) ? 'shown' : 'hidden';
  const placed: PlacedToken[] = [];
  const warnings: ListingWarning[] = [];

  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.type !== 'count') {
      placed.push(token);
      continue;
    }
    const run = takeRun(tokens, at);
    const { tokens: meant, warning } = placeRun(run, upvotes);
    // One at a time: an input may hold a million numbers, and a call takes only so many arguments.
    for (const one of meant) placed.push(one);
    if (warning !== null) warnings.push({ line: token.line, message: warning });
    at += run.counts.length - 1;
  }
  return { tokens: placed, warnings };
}

function takeRun(tokens: Token[], start: number): Run {
  const counts: CountToken[] = [];
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.type !== 'count') break;
    counts.push(token);
  }
  const below = start + counts.length;
  return {
    counts,
    above: tokens[start - 1],
    below: tokens[below],
    lengthBelow: measureParagraph(tokens, below),
    lacksTitle: startsWithAbstract(tokens, below),
  };
}

/** A paragraph that is too long for a title, and is none: no other of its kind follows. */
function startsWithAbstract(tokens: Token[], start: number): boolean {
  if (measureParagraph(tokens, start) < surelyAbstract) return false;
  const next = tokens.findIndex((token, at) => at > start && (token.type !== 'text' || token.gap));
  return next === -1 || measureParagraph(tokens, next) < surelyAbstract;
}

/** Signs for upvote lines against cards that clearly have none. */
function showsUpvotes(tokens: Token[]): boolean {
  let signs = 0;
  let cardsWithout = 0;
  let singles = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const above = tokens[at - 1];
    const startsCard = above === undefined || above.type === 'date' || above.type === 'submitter';
    if (token?.type === 'text' && startsCard) cardsWithout += 1;
    if (token?.type !== 'count') continue;

    const { counts, below } = takeRun(tokens, at);
    at += counts.length - 1;
    if (below === undefined) continue;
    const isBelowDate = above?.type === 'date';
    if (isBelowDate && counts.length === 1) singles += 1;
    if (above?.type === 'authors' || above?.type === 'dot') continue;
    const isSign = !isBelowDate || counts.length > 1 || token.isDash || above.shown.comments !== null;
    if (isSign && above?.type !== 'text') signs += 1;
  }
  return signs > 0 ? signs >= cardsWithout : singles >= 3 && cardsWithout === 0;
}

function placeRun(run: Run, upvotes: 'shown' | 'hidden'): Placed {
  const { counts, above, below } = run;
  const first = counts[0];
  const last = counts.at(-1);
  if (first === undefined || last === undefined) return { tokens: [], warning: null };

  if (above?.type === 'text') return placeInText(run, upvotes);
  if (above === undefined || above.type === 'banner' || above.type === 'submitter') {
    const title = findNumberTitle(run, upvotes);
    if (title !== null) return { tokens: [...counts.slice(0, -1).map(toUpvotes), title], warning: null };
    return { tokens: [toUpvotes(last)], warning: counts.length > 1 ? describeExtra(counts) : null };
  }
  const hasComments = above.type === 'date' && above.shown.comments !== null;
  const title = findNumberTitle(run, upvotes);
  if (title !== null) {
    const placed = placeRun(
      { ...run, counts: counts.slice(0, -1), below: title, lacksTitle: false },
      upvotes,
    );
    return { tokens: [...placed.tokens, title], warning: placed.warning };
  }
  if (counts.length === 1) {
    // What introduces the next card also parts it from this number.
    const isLast = below === undefined || below.type === 'submitter' || below.type === 'banner';
    if (upvotes === 'shown' && !isLast) return { tokens: [toUpvotes(first)], warning: null };
    if (first.isDash || hasComments) return { tokens: [], warning: describeStray(first) };
    return { tokens: [toComments(first)], warning: null };
  }
  const isUsual = counts.length === 2 && !hasComments && below !== undefined;
  return {
    tokens: [...(hasComments ? [] : [toComments(first)]), toUpvotes(last)],
    warning: isUsual ? null : describeExtra(counts),
  };
}

/** Between two lines of text: a card without details ends here, or a wrapped line is just a number. */
function placeInText({ counts, above, below }: Run, upvotes: 'shown' | 'hidden'): Placed {
  const [first] = counts;
  const last = counts.at(-1);
  if (first === undefined || last === undefined || above?.type !== 'text')
    return { tokens: [], warning: null };
  if (first.gap && below?.type === 'submitter' && counts.length === 1 && !first.isDash)
    return { tokens: [toComments(first)], warning: null };
  if (upvotes === 'shown' && (first.gap || endsSentence(above.text))) {
    return { tokens: [toUpvotes(last)], warning: counts.length > 1 ? describeExtra(counts) : null };
  }
  if (first.gap) return { tokens: [], warning: describeStray(first) };
  return { tokens: counts.map((count) => toText(count.text, count)), warning: null };
}

/** So long a paragraph below it is an abstract. */
const surelyAbstract = 120;

/** Of the lines of text from there to the next gap, as far as it matters. */
export function measureParagraph(tokens: readonly { type: string }[], start: number): number {
  let length = 0;
  for (let at = start; at < tokens.length && length < surelyAbstract; at += 1) {
    const token = tokens[at] as Token;
    if (token.type !== 'text' || (at > start && token.gap)) break;
    length += token.text.length;
  }
  return length;
}

/** One number more than a card may have, or the one that stands for a title, right above an abstract: a paper may be called `1984`. */
function findNumberTitle(
  { counts, above, below, lengthBelow, lacksTitle }: Run,
  upvotes: 'shown' | 'hidden',
): TextToken | null {
  const [first] = counts;
  const last = counts.at(-1);
  if (last?.gap !== true || last.isDash) return null;
  const isInPlace = lacksTitle && first?.gap === true && /^\d+$/.test(last.text);
  if (isInPlace && counts.length === (upvotes === 'shown' ? 2 : 1)) return toText(last.text, last);
  const most = above?.type === 'date' && above.shown.comments === null ? 2 : 1;
  const isOneMore = counts.length === (upvotes === 'shown' ? most + 1 : most);
  const isExpected = upvotes === 'shown' || above?.type === 'submitter';
  const isAboveAuthors = above?.type === 'submitter' && below?.type === 'authors';
  const isAboveAbstract = below?.type === 'text' && lengthBelow >= surelyAbstract;
  if (!isOneMore || !isExpected || !(isAboveAuthors || isAboveAbstract)) return null;
  return toText(last.text, last);
}

function toUpvotes({ line, value }: CountToken): PlacedToken {
  return { type: 'upvotes', line, value };
}

function toComments({ line, value }: CountToken): PlacedToken {
  return { type: 'comments', line, value };
}

function describeStray({ text }: CountToken): string {
  return `${text} stands alone, belongs to no paper and was left out`;
}

function describeExtra(counts: CountToken[]): string {
  const shown = counts.slice(0, 3).map(({ text }) => text);
  return `${shown.join(', ')}${counts.length > 3 ? ', ...' : ''}: more numbers than a card has`;
}
