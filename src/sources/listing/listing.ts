// What a listing is read into, and what may be known of it before.
import type { ListedPaper } from '../../papers/paper.ts';

/** `line` is the 1-based line of the input; null for what no line can be told of. */
export type ListingWarning = { line: number | null; message: string };
/** `date` is YYYY-MM-DD. `reason` is one sentence: what the input looks like, and what to do. */
export type ParsedListing =
  | {
      type: 'listing';
      date: string;
      papers: ListedPaper[];
      /** arXiv's ids of earlier papers that are withdrawn since. */
      withdrawn?: string[];
      warnings: ListingWarning[];
    }
  | { type: 'refused'; reason: string };

/** Days are YYYY-MM-DD. `date` is the listing's day when it is known; else the file's name or its text tells. */
export type ListingOptions = {
  today: string;
  date?: string | undefined;
  fileName?: string | undefined;
  /** `papers`: what day it is of does not matter, so that a guess is nothing to be warned of. */
  wanted?: 'listing' | 'papers';
};

/** For people, behind the name of the file. */
export function describeWarning({ line, message }: ListingWarning): string {
  return line === null ? `: ${message}` : `, line ${line}: ${message}`;
}
