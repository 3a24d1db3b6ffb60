// A list of papers under the days that brought them.
import type { Words } from '../../languages/words.ts';
import type { Paper } from '../../papers/paper.ts';
import type { Links } from '../../platform/links.ts';

export type DayGroup<View> = { day: string; href: string; papers: View[] };

/** `views` are those of `papers`, one each. Papers of one day must stand together. */
export function groupByDay<View>(
  papers: readonly Paper[],
  views: readonly View[],
  { links, words }: { links: Links; words: Words },
): DayGroup<View>[] {
  const groups = new Map<string, View[]>();
  papers.forEach(({ firstListedOn }, index) => {
    const view = views[index];
    if (view === undefined) return;
    groups.set(firstListedOn, [...(groups.get(firstListedOn) ?? []), view]);
  });
  return [...groups].map(([date, papers]) => ({
    day: words.days.full(date),
    href: links.papersOf(date),
    papers,
  }));
}
