// What a listing is read into, and what may be known of it before.
import type { ListedPaper } from '../../papers/paper.ts';

/** `line` is the 1-based line of the input. */
export type ListingWarning = { line: number; message: string };
/** `date` is YYYY-MM-DD. `reason` is one sentence: what the input looks like, and what to do. */
export type ParsedListing =
  | { type: 'listing'; date: string; papers: ListedPaper[]; warnings: ListingWarning[] }
  | { type: 'refused'; reason: string };

/** Days are YYYY-MM-DD. `date` is the listing's day when it is known; else the file's name or its text tells. */
export type ListingOptions = {
  today: string;
  date?: string | undefined;
  fileName?: string | undefined;
};
