// What one reader gets for one edition.
import type { Paper } from '../papers/paper.ts';

/** Why a paper was picked: one thing the reader follows, and the words in the paper that spoke for it. */
export type Reason =
  | { type: 'topic'; id: string; name: string; score: number; because: string[] }
  | { type: 'query'; query: string; score: number; because: string[] }
  /** `name` as the paper has it, `key` as `organizationKey` makes it. The name is all that speaks for it. */
  | { type: 'organization'; key: string; name: string; score: number; because: [] }
  /** `author` as the reader wrote it, `name` as the paper has it. */
  | { type: 'author'; author: string; name: string; score: number; because: [] }
  /** Nothing that is followed: it is like a paper that the reader likes, or (null) like what they wrote about themselves. */
  | { type: 'alike'; like: string | null; score: number; because: string[] };

/** The reasons that are something followed. */
export type FollowedType = Exclude<Reason['type'], 'alike'>;

export type Pick = {
  paper: Paper;
  /** Relevance to this reader; comparable within one digest only. */
  score: number;
  /** Strongest first; empty only where nothing matched, and the reader gets the top papers instead. */
  reasons: Reason[];
};

export type Digest = {
  /** The day it is for, YYYY-MM-DD. */
  edition: string;
  /** At most the reader's `maxPapers`, best first. */
  picks: Pick[];
  /** How many papers matched, those beyond `picks` included. */
  matched: number;
};
