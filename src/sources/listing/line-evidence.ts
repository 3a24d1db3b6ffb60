// What a line of running text says about itself: does it read like a title or like prose, does it end a sentence,
// and would a program that wraps lines have ended it here?
import type { TextToken } from './read-tokens.ts';

export type LineEvidence = {
  length: number;
  firstWordLength: number;
  wordCount: number;
  /** 0 to 1: the share of longer words that start with a capital or a digit, as in a title. */
  capitalShare: number;
  endsSentence: boolean;
  endsWithPeriod: boolean;
  /** Starts with a small letter: normally the middle of a sentence. */
  startsSmall: boolean;
  hasUrl: boolean;
};

/** Words beyond these say nothing more about the line's kind. */
const WORDS_LOOKED_AT = 40;

export function readLineEvidence({ text }: TextToken): LineEvidence {
  const words = text.slice(0, 400).split(' ', WORDS_LOOKED_AT);
  const telling = words.filter((word) => word.length > 3);
  const capitals = telling.filter(
    (word) => /^\P{L}*(?:\p{Lu}|\d)/u.test(word) || /\p{Lu}/u.test(word.slice(1)),
  );
  return {
    length: text.length,
    firstWordLength: words[0]?.length ?? 0,
    wordCount: words.length,
    capitalShare: telling.length === 0 ? 0.5 : capitals.length / telling.length,
    endsSentence: endsSentence(text),
    endsWithPeriod: /[.。]["'”’)\]}]?$/.test(text),
    startsSmall: /^\p{Ll}/u.test(text) && !/^\S*\p{Lu}/u.test(words[0] ?? ''),
    hasUrl: /https?:\/\//.test(text),
  };
}

/** True when nothing has to follow: a full stop, also inside quotes or brackets, or a link. */
export function endsSentence(text: string): boolean {
  const end = text.slice(-200);
  return /[.!?。！？]["'”’)\]}*]{0,3}$/.test(end) || /https?:\/\/\S*$/.test(end);
}

/**
 * The width that lines were wrapped at, or null when no two of the longest lines agree, as in a text with a
 * paragraph per line. `fallback` is the width that the rest of the text was wrapped at.
 */
export function findWrapWidth(lines: LineEvidence[], fallback: number | null): number | null {
  const lengths = lines
    .filter(({ wordCount }) => wordCount > 1)
    .map(({ length }) => length)
    .sort((a, b) => b - a);
  const agreed = lengths.find((length, at) => length >= 30 && length - (lengths[at + 1] ?? 0) <= 12);
  const longest = lengths[0] ?? 0;
  if (agreed !== undefined && agreed >= longest * 0.6) return agreed;
  return fallback !== null && longest <= fallback ? fallback : null;
}

/** The width that most long lines of a whole text end just below. Null when there is none. */
export function findCommonWrapWidth(lengths: number[]): number | null {
  const long = lengths.filter((length) => length >= 30).sort((a, b) => b - a);
  const width = long[Math.floor(long.length * 0.02)];
  if (width === undefined || long.length < 6) return null;
  const near = long.filter((length) => length <= width && length > width - 15).length;
  return near >= long.length * 0.3 ? width : null;
}
