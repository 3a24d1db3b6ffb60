// What the matcher reads and what it answers.
import type { Paper } from '../papers/paper.ts';

/** The part of a paper that matching reads. */
export type MatchablePaper = { title: string; abstract: string | null; authors?: readonly string[] };

/** A topic that a paper was given. */
export type TopicMatch = {
  id: string;
  /** 0 to 1; a topic that was given has at least 0.5. */
  score: number;
  /** The words of the paper that spoke for the topic, best first, at most 5. */
  because: string[];
};

/** A reader's query that a paper answers. */
export type QueryMatch = {
  /** The query's canonical text. */
  query: string;
  /** Above 0, to 1: everything in the title. */
  score: number;
  /** The words of the paper that the query found, best first, at most 5. */
  because: string[];
};

/** An author of the paper whom a reader follows. */
export type AuthorMatch = {
  /** As the reader wrote it. */
  author: string;
  /** As the paper has it: all that speaks for it. */
  name: string;
  /** Its own, for this name: mails tell reasons apart by it. */
  because: [];
};

/** A paper with everything that it can be wanted, or not wanted, for. */
export type MatchedPaper = {
  paper: Paper;
  /** All topics of the paper, best first. */
  topics: readonly TopicMatch[];
  /** Those that were asked about. */
  queries: readonly QueryMatch[];
  /** Those that were asked about. */
  authors: readonly AuthorMatch[];
  /** The key of the paper's organisation, if it has one. */
  organization: string | null;
};
