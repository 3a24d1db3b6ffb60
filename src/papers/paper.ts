// What a paper is, from the card on a source's page to the row that digests are made of.

import type { PaperIds } from './paper-ids.ts';

/** A listing is one day's: more than that is an archive, or no listing. */
export const mostListedPapers = 10_000;

/** A paper as a source listed it. What the source did not say is null. Texts are as listed, damage included. */
export type ListedPaper = {
  title: string;
  /** Left out by sources that tell none. */
  ids?: PaperIds;
  abstract: string | null;
  /** What it says in a sentence, written by a machine: of the source, where it has one. */
  gist?: string | null;
  authorsCount: number | null;
  /** Names in the paper's order; left out by sources that only count them. */
  authors?: string[];
  /** Left out by sources that do not tell. */
  isWithdrawn?: boolean;
  /** Full name, without the handle. */
  organization: string | null;
  /** The day the paper came out, YYYY-MM-DD. */
  publishedOn: string | null;
  comments: number | null;
  upvotes: number | null;
  /** http(s) URLs: the paper's code and page where the source names them, then those in the abstract; each once. */
  links: string[];
};

/** A paper that is stored. `seq` grows in the order in which papers were first listed, and never changes. */
export type Paper = ListedPaper & {
  seq: number;
  /** `arxiv:` or `doi:` and the id, or `title:` and the normalised title until a source tells one. */
  key: string;
  /** The day of the listing that brought it first, YYYY-MM-DD. */
  firstListedOn: string;
  /** By language, where they were looked up: what the operator's language model wrote. */
  summaries?: ReadonlyMap<string, Summary>;
};

/** `translation`: of the abstract; null in the abstract's own language. */
export type Summary = { gist: string; translation: string | null };
