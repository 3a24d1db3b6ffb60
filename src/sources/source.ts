// What every source of papers promises, whoever publishes it.
import type { ListedPaper } from '../papers/paper.ts';
import type { Timetable } from './timetable.ts';

/** What makes the next request for the same address conditional. */
export type Validators = { url: string; etag: string | null; lastModified: string | null };

/** What a source has for a day. A `reason` is one sentence for an operator, and may reach a reader. */
export type DayAnswer =
  | {
      type: 'papers';
      papers: ListedPaper[];
      /** What it has on one day only, in parts that are made anew each by itself; `keys` are those of their papers. */
      onlyOnce?: { name: string; keys: string[] }[];
      /** Why there must be more, which is to be asked for again. */
      incomplete?: string;
      /** It shows some days' papers at once: what an earlier listing of it had is not listed again. */
      isRolling?: true;
      /** arXiv's ids of earlier papers that are withdrawn since. */
      withdrawn?: string[];
      warnings: string[];
      validators: Validators | null;
    }
  /** It answered well, and has nothing for the day. */
  | {
      type: 'empty';
      reason: string;
      withdrawn?: string[];
      warnings: string[];
      validators: Validators | null;
    }
  /** What it has is another day's. */
  | { type: 'stale'; reason: string; validators: Validators | null }
  /** As it was when the validators for `url` came. */
  | { type: 'unchanged'; url: string }
  /** `retryAfterMs`: what the server asked for. `isFinal`: the same request will never be answered. */
  | { type: 'failed'; reason: string; retryAfterMs: number | null; isFinal: boolean };

/** `day` is YYYY-MM-DD. With it `listing`, what the papers are stored under, is unique. */
export type SourceAnswer = DayAnswer & { day: string; listing: string };

export type SourceRequest = {
  day: string;
  now: Date;
  findValidators: (url: string) => Promise<Validators | null>;
  signal: AbortSignal;
};

export type Source = {
  /** Its kind's id, see registry.ts; with a colon and more behind it where there can be many of a kind. */
  id: string;
  /** For people. */
  name: string;
  /** When it is asked for which day; null for one that is looked at whenever there is time. */
  timetable: Timetable | null;
  /**
   * Its answers, one by one; a day's source gives exactly one. What it does after an answer it does when that is stored: a
   * process that ends in between finds the same answer again. An answer that could not be stored is thrown back into it.
   * Troubles that are to be expected are answers, and never thrown.
   */
  collect(request: SourceRequest): AsyncGenerator<SourceAnswer, void>;
};
