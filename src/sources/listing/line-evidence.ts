// What a line of running text says about itself: does it read like a title or like prose, does it end a sentence,
// and would a program that wraps lines have ended it here?
import type { TextToken } from './read-tokens.ts';

export type LineEvidence = {
  text: string;
  /** A blank line parts it from the line above. */
  gap: boolean;
  length: number;
  firstWordLength: number;
  wordCount: number;
  /** 0 to 1: the share of longer words that have a capital or a digit, as in a title. */
  capitalShare: number;
  endsSentence: boolean;
  endsWithPeriod: boolean;
  /** Starts with a word in small letters: normally the middle of a sentence. */
  startsSmall: boolean;
  hasUrl: boolean;
  isIndented: boolean;
  /** The capture says that it is a title. */
  isHeading: boolean;
};

/** The rest of a longer line says nothing more about its kind. */
const charactersLookedAt = 160;
/** Articles and prepositions are small in titles too. */
const shortestTellingWord = 4;
/** Few titles are longer. */
export const longTitle = 250;
const spaceCode = 32;

export function readLineEvidence({ text, gap, isIndented, isHeading = false }: TextToken): LineEvidence {
  const words = readWords(text.slice(0, charactersLookedAt));
  return {
    text,
    gap,
    isIndented,
    isHeading,
    length: text.length,
    firstWordLength: words.firstWordLength,
    wordCount: words.wordCount,
    capitalShare: words.capitalShare,
    endsSentence: endsSentence(text),
    endsWithPeriod: /[.。]["'”’)\]}]?$/.test(text.slice(-2)),
    startsSmall: !words.firstHasCapital && /^\p{Ll}/u.test(text),
    hasUrl: text.includes('://'),
  };
}

type WordEvidence = Pick<LineEvidence, 'firstWordLength' | 'wordCount' | 'capitalShare'>;

/** 0 to 1: how much a paragraph of this one line looks like a title. */
export function scoreTitle(line: LineEvidence): number {
  if (line.length > longTitle || line.hasUrl || line.endsWithPeriod || line.startsSmall) return 0;
  return Math.min(1, line.capitalShare * 1.2) * (line.wordCount < 2 ? 0.5 : 1);
}

/** One walk over the characters: this runs for every line of a wrapped listing. */
function readWords(text: string): WordEvidence & { firstHasCapital: boolean } {
  let wordCount = 0;
  let telling = 0;
  let capitals = 0;
  let start = 0;
  let hasCapital = false;
  let firstWordLength = text.length;
  let firstHasCapital = false;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? spaceCode : text.charCodeAt(at);
    if (code !== spaceCode) {
      hasCapital ||= isCapital(code);
      continue;
    }
    if (wordCount === 0) [firstWordLength, firstHasCapital] = [at, hasCapital];
    wordCount += 1;
    if (at - start >= shortestTellingWord) {
      telling += 1;
      if (hasCapital) capitals += 1;
    }
    start = at + 1;
    hasCapital = false;
  }
  return {
    wordCount,
    firstWordLength,
    firstHasCapital,
    capitalShare: telling === 0 ? 0.5 : capitals / telling,
  };
}

/** Capitals and digits. */
function isCapital(code: number): boolean {
  if (code < 128) return (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
  return /\p{Lu}/u.test(String.fromCharCode(code));
}

/** True when nothing has to follow: a full stop, also inside quotes or brackets, or a link. */
export function endsSentence(text: string): boolean {
  return /[.!?。！？]["'”’)\]}*]{0,3}$/.test(text.slice(-4)) || /https?:\/\/\S*$/.test(text.slice(-200));
}

/**
 * The width that lines were wrapped at: two lines in a row that end near each other show it. Null without such a pair,
 * as in a text with a paragraph per line.
 */
export function findWrapWidth(lines: LineEvidence[]): number | null {
  let width = 0;
  lines.forEach(({ length, wordCount }, at) => {
    const above = lines[at - 1];
    if (above === undefined || wordCount === 1 || above.wordCount === 1) return;
    const isPair = Math.min(length, above.length) >= 30 && Math.abs(length - above.length) <= 12;
    if (isPair) width = Math.max(width, length, above.length);
  });
  return width > 0 ? width : null;
}
