// Whoever tells a paper by its title.
import type { ListedPaper } from '../../papers/paper.ts';

export type FoundTitle =
  | { type: 'found'; paper: ListedPaper }
  /** None, or more than one: then nobody knows which is meant. */
  | { type: 'none' }
  /** `isFinal`: the same question will never be answered. */
  | { type: 'failed'; reason: string; isFinal: boolean };

/** What of a paper is compared. `attempt` is 0 for the first: later ones may ask in other ways. */
export type WantedTitle = {
  title: string;
  authorsCount: number | null;
  publishedOn: string | null;
  attempt: number;
};

/** Never throws, except when the signal is aborted. */
export type TitleSearch = { find(wanted: WantedTitle, signal: AbortSignal): Promise<FoundTitle> };
