// From lines to cards: running text, then the details that belong to it.

import { endsSentence } from './line-evidence.ts';
import type { ListingWarning } from './listing.ts';
import { measureParagraph, type PlacedToken } from './place-counts.ts';
import { resemblesDate, type ShownDate } from './read-day.ts';
import { type DateToken, type TextToken, toText } from './read-tokens.ts';
import type { TextEnding } from './step-prices.ts';

/** One card's details and the text above them, which may hold further papers: those whose details are missing. */
export type CardFrame = {
  line: number;
  upvotes: number | null;
  text: TextToken[];
  ending: TextEnding;
  authorsCount: number | null;
  date: { line: number; text: string; shown: ShownDate } | null;
  comments: number | null;
  /** Where its buttons lead. */
  links: string[];
  /** Who submitted it stands above it. */
  isSubmitted: boolean;
  /** A line was left out where the date belongs, so that the next one is not taken for it too. */
  hasStray: boolean;
};
export type GroupedCards = { frames: CardFrame[]; warnings: ListingWarning[] };

/** A title that stands so close below another card's details is longer. */
const longestStray = 40;

/** Groups the lines below the page's head. */
export function groupCards(tokens: PlacedToken[]): GroupedCards {
  const frames: CardFrame[] = [];
  const warnings: ListingWarning[] = [];
  let frame = openFrame(tokens[0]?.line ?? 1, null);
  let isInBanner = false;

  const warn = (line: number, message: string) => warnings.push({ line, message });
  const startNext = (line: number, upvotes: number | null = null) => {
    if (!isEmpty(frame)) frames.push(frame);
    frame = openFrame(line, upvotes);
  };

  for (const [at, token] of tokens.entries()) {
    isInBanner = token.type === 'banner' || (isInBanner && (token.type === 'date' || isPageLine(token)));
    switch (token.type) {
      case 'banner':
        frame.text = dropPageWordsAtEnd(frame.text);
        startNext(token.line);
        break;
      case 'submitter':
        startNext(token.line);
        frame.isSubmitted = true;
        break;
      case 'upvotes': {
        const isSubmitted = frame.isSubmitted && isEmpty(frame);
        startNext(token.line, token.value);
        frame.isSubmitted = isSubmitted;
        break;
      }
      case 'comments':
        frame.comments = token.value;
        break;
      case 'likes':
        frame.upvotes ??= token.value;
        break;
      case 'authors':
        if (isTitle(token, { frame, next: tokens[at + 1], lengthBelow: measureParagraph(tokens, at + 1) })) {
          if (hasDetails(frame)) startNext(token.line);
          frame.text.push(toText(token.text, token));
          break;
        }
        if (!isBelowOrganization(frame)) {
          if (hasDetails(frame)) startNext(token.line);
          frame.ending = 'details';
        }
        frame.authorsCount = token.count;
        if (token.count === null) warn(token.line, 'the author count is damaged and was left out');
        break;
      case 'dot':
        if (isBelowOrganization(frame) || frame.date !== null) startNext(token.line);
        if (frame.ending === 'none') frame.ending = 'dot';
        break;
      case 'date': {
        if (isTitle(token, { frame, next: tokens[at + 1], lengthBelow: measureParagraph(tokens, at + 1) })) {
          if (hasDetails(frame)) startNext(token.line);
          frame.text.push(toText(token.text, token));
          break;
        }
        const { meaning, warning } = readDate(frame, token);
        if (meaning === 'text') frame.text.push(toText(token.text, token));
        if (meaning === 'card') {
          frame.date = { line: token.line, text: token.text, shown: token.shown };
          frame.comments = token.shown.comments;
        }
        if (warning !== null) warn(token.line, warning);
        break;
      }
      case 'text':
        if (isInBanner) break;
        if (isStray(token, { frame, next: tokens[at + 1] })) {
          frame.hasStray = true;
          warn(token.line, `"${token.text}" was left out: a date or nothing was expected among the details`);
          break;
        }
        if (hasDetails(frame)) startNext(token.line);
        if (frame.text.length === 0) frame.line = token.line;
        frame.text.push(token);
        break;
    }
    if ('links' in token && token.links !== undefined && !isEmpty(frame)) frame.links.push(...token.links);
  }
  if (!hasDetails(frame)) frame.text = dropPageWordsAtEnd(frame.text);
  startNext(0);
  return { frames, warnings };
}

function openFrame(line: number, upvotes: number | null): CardFrame {
  return {
    line,
    upvotes,
    text: [],
    ending: 'none',
    authorsCount: null,
    date: null,
    comments: null,
    links: [],
    isSubmitted: false,
    hasStray: false,
  };
}

function isEmpty(frame: CardFrame): boolean {
  return frame.text.length === 0 && !hasDetails(frame);
}

/** True when a line below the text says something about its last paper. */
export function hasDetails(frame: CardFrame): boolean {
  return frame.ending !== 'none' || frame.date !== null;
}

/** Behind the dot stand the authors or the date, or the authors, another dot and the date. */
function isBelowOrganization({ text, ending, authorsCount, date }: CardFrame): boolean {
  return text.length > 0 && ending === 'dot' && authorsCount === null && date === null;
}

function isPageLine(token: PlacedToken): boolean {
  return token.type === 'text' && token.isPageWord;
}

/** So long a paragraph below it is an abstract. */
const surelyAbstract = 120;

/** A title may read like a date or like an author line: where a title is due, and an abstract follows, it is one. */
function isTitle(
  { gap }: { gap: boolean },
  { frame, next, lengthBelow }: { frame: CardFrame; next: PlacedToken | undefined; lengthBelow: number },
): boolean {
  const isDue = frame.upvotes !== null || frame.isSubmitted;
  if (isEmpty(frame) && isDue && next?.type === 'authors') return true;
  if (next?.type !== 'text' || lengthBelow < surelyAbstract) return false;
  return isEmpty(frame) ? isDue : gap && frame.date !== null;
}

type DateReading = { meaning: 'card' | 'page' | 'text'; warning: string | null };

/** Whether a date belongs to the card, to the page, or to a sentence, and what is doubtful about that. */
function readDate(frame: CardFrame, { text, shown, gap }: DateToken): DateReading {
  if (frame.date !== null || isEmpty(frame)) {
    return { meaning: 'page', warning: `${text} is a second page date: the first one counts` };
  }
  if (hasDetails(frame)) {
    const { day, comments, isGlued } = shown;
    return {
      meaning: 'card',
      warning: isGlued ? `${text} was read as day ${day} with ${comments} comments` : null,
    };
  }
  if (!gap && !endsSentence(frame.text.at(-1)?.text ?? '')) return { meaning: 'text', warning: null };
  return {
    meaning: 'card',
    warning: `${text} stands alone: it was read as the date of the paper above it`,
  };
}

/** A line among the details of a card that still lacks its date: that date damaged, or something foreign. */
function isStray(
  token: TextToken,
  { frame, next }: { frame: CardFrame; next: PlacedToken | undefined },
): boolean {
  if (!hasDetails(frame) || frame.date !== null || frame.hasStray) return false;
  if (resemblesDate(token.text) || next?.type === 'dot' || next?.type === 'date') return true;
  const isAttached = !token.gap && (next === undefined || ('gap' in next && next.gap));
  return isAttached && token.text.length <= longestStray;
}

/** Menus and the page's foot, where they stand apart from the text above. */
function dropPageWordsAtEnd(text: TextToken[]): TextToken[] {
  let kept = text.length;
  for (let at = text.length - 1; at >= 0 && text[at]?.isPageWord; at -= 1) {
    if (at === 0 || text[at]?.gap) kept = at;
  }
  return text.slice(0, kept);
}
