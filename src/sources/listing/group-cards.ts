// From lines to cards: running text, then the details that belong to it.
import type { ListingWarning } from '../listing-text.ts';
import { endsSentence } from './line-evidence.ts';
import type { PlacedToken } from './place-counts.ts';
import { resemblesDate, type ShownDate } from './read-day.ts';
import { type DateToken, type TextToken, toText } from './read-tokens.ts';
import type { TextEnding } from './split-text.ts';

/** One card's details and the text above them, which may hold further papers: those whose details are missing. */
export type CardFrame = {
  line: number;
  upvotes: number | null;
  text: TextToken[];
  ending: TextEnding;
  authorsCount: number | null;
  date: { line: number; shown: ShownDate } | null;
  comments: number | null;
};
export type GroupedCards = { frames: CardFrame[]; warnings: ListingWarning[] };

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

  for (const token of tokens) {
    isInBanner = token.type === 'banner' || (isInBanner && (token.type === 'date' || isPageLine(token)));
    switch (token.type) {
      case 'banner':
        frame.text = dropPageWordsAtEnd(frame.text);
        startNext(token.line);
        break;
      case 'submitter':
        startNext(token.line);
        break;
      case 'upvotes':
        startNext(token.line, token.value);
        break;
      case 'comments':
        frame.comments ??= token.value;
        break;
      case 'authors':
        if (hasDetails(frame)) startNext(token.line);
        frame.ending = 'details';
        frame.authorsCount = token.count;
        if (token.count === null) warn(token.line, 'the author count is damaged and was left out');
        break;
      case 'dot':
        if (frame.ending === 'dot' || frame.date !== null) startNext(token.line);
        if (frame.ending === 'none') frame.ending = 'dot';
        break;
      case 'date':
        switch (readDateFor(frame, token)) {
          case 'page':
            warn(token.line, `${token.text} is a second page date: the first one counts`);
            break;
          case 'text':
            frame.text.push(toText(token.text, token));
            break;
          case 'alone':
            warn(token.line, `${token.text} stands alone: it was read as the date of the paper above it`);
            frame.ending = 'details';
            setDate(frame, token);
            break;
          case 'card':
            setDate(frame, token);
            break;
        }
        if (token.shown.isGlued && frame.date?.line === token.line) {
          warn(
            token.line,
            `${token.text} was read as day ${token.shown.day} with ${token.shown.comments} comments`,
          );
        }
        break;
      case 'text':
        if (isInBanner) break;
        if (hasDetails(frame) && frame.date === null && resemblesDate(token.text)) {
          warn(token.line, `the date "${token.text}" was not understood and was left out`);
          break;
        }
        if (hasDetails(frame)) startNext(token.line);
        if (frame.text.length === 0) frame.line = token.line;
        frame.text.push(token);
        break;
    }
  }
  if (!hasDetails(frame)) frame.text = dropPageWordsAtEnd(frame.text);
  startNext(0);
  return { frames, warnings };
}

function openFrame(line: number, upvotes: number | null): CardFrame {
  return { line, upvotes, text: [], ending: 'none', authorsCount: null, date: null, comments: null };
}

function isEmpty(frame: CardFrame): boolean {
  return frame.text.length === 0 && !hasDetails(frame);
}

function hasDetails(frame: CardFrame): boolean {
  return frame.ending !== 'none' || frame.date !== null;
}

function isPageLine(token: PlacedToken): boolean {
  return token.type === 'text' && token.isPageWord;
}

/** What a date means after what was read so far. */
function readDateFor(frame: CardFrame, token: DateToken): 'card' | 'alone' | 'page' | 'text' {
  if (frame.date !== null || isEmpty(frame)) return 'page';
  if (hasDetails(frame)) return 'card';
  return token.gap || endsSentence(frame.text.at(-1)?.text ?? '') ? 'alone' : 'text';
}

function setDate(frame: CardFrame, { line, shown }: DateToken): void {
  frame.date = { line, shown };
  frame.comments = shown.comments;
}

/** Menus and the page's foot, where they stand apart from the text above. */
function dropPageWordsAtEnd(text: TextToken[]): TextToken[] {
  let kept = text.length;
  for (let at = text.length - 1; at >= 0 && text[at]?.isPageWord; at -= 1) {
    if (text[at]?.gap) kept = at;
  }
  return text.slice(0, kept);
}
