// How a digest presents itself: what it covers, and what it holds.

export type DigestForm = {
  /** Of a reader with one day in the week, a week. */
  covers: 'day' | 'week';
  /** What matched; or, where nothing did and the reader wishes it, the best of everything. */
  holds: 'matches' | 'top';
  /** The beginning of each abstract, or all of it. */
  abstracts: 'short' | 'full';
};

export const dailyForm: DigestForm = { covers: 'day', holds: 'matches', abstracts: 'short' };
