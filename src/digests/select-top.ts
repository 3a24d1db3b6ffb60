// What a reader gets when nothing matched and they asked for the top of the day: the same few papers for everybody,
// but for what somebody never wants.
import type { MatchFinder, Window } from '../digests/match-finder.ts';
import type { Digest } from './digest.ts';
import type { Wishes } from './interests.ts';

const topPapers = 3;

/** Without reasons: nothing that the reader follows speaks for these papers. Empty when there are none. */
export async function selectTop(
  { matches }: { matches: MatchFinder },
  {
    edition,
    window,
    wishes: { excludedTopics, excludedQueries },
    maxPapers,
  }: { edition: string; window: Window; wishes: Wishes; maxPapers: number },
): Promise<Digest> {
  const count = Math.min(topPapers, maxPapers);
  const papers = await matches.findTop({ ...window, excludedTopics, excludedQueries, count });
  return {
    edition,
    picks: papers.map((paper) => ({ paper, score: 0, reasons: [] })),
    matched: papers.length,
  };
}
