// A list with commas that was typed as one query: its words must all be in one paper, which is rarely what was meant.
import { unifySpelling } from '../../text/clean-text.ts';
import { commonWords, splitWords } from '../words/split-words.ts';
import type { Query } from './query.ts';

/** The parts, two at least; null for what is no list. */
export function readCommaList(typed: string, { root }: Query): string[] | null {
  if (root.alternatives.length > 1 || root.without.length > 0) return null;
  const parts = unifySpelling(typed)
    .split(/[,;、](?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((part) => part.trim())
    .filter((part) => splitWords(part).some(({ text }) => !commonWords.has(text)));
  return parts.length > 1 && parts.every((part) => !/[()]/.test(part)) ? parts : null;
}

/** One query that any of the parts answers. */
export function joinAlternatives(parts: readonly string[]): string {
  return parts.map((part) => (/^[^\s":]+$|"|:/.test(part) ? part : `"${part}"`)).join(' OR ');
}
