// A paper in a list for everyone: besides what `viewPaper` shows, where it leads to and which topics it has.

import type { Reason } from '../../digests/digest.ts';
import type { WordsInPlace } from '../../digests/reason-view.ts';
import type { Translate } from '../../languages/catalogue.ts';
import type { Words } from '../../languages/words.ts';
import type { Paper } from '../../papers/paper.ts';
import { locatePaper } from '../../papers/paper-ids.ts';
import { labelLinks } from '../../papers/paper-links.ts';
import type { Links } from '../../platform/links.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { findPaperTopics, type Topics } from '../../topics/store.ts';
import { type PaperLink, type PaperView, viewPaper } from './paper-view.ts';

export type TopicLink = { id: string; name: string; href: string };

export type ListedPaperView = PaperView & {
  outside: PaperLink[];
  topics: TopicLink[];
  /** What a search found, where neither title nor excerpt shows it. */
  found: WordsInPlace[];
};

/** `why`: what a search found in it. In the order of `papers`. */
export async function viewListedPapers(
  { db, links, words, topics }: { db: Db; links: Links; words: Words; topics: Topics },
  papers: readonly Paper[],
  why: ReadonlyMap<number, Reason> = noReasons,
): Promise<ListedPaperView[]> {
  const topicsOf = await findTopicLinks({ db, links, topics }, papers);
  return papers.map((paper) => {
    const reason = why.get(paper.seq);
    const view = viewPaper(paper, { links, words, reasons: reason === undefined ? [] : [reason] });
    const isShown = [...view.marked, ...view.markedExcerpt].some(({ isHit }) => isHit);
    return {
      ...view,
      found: isShown ? [] : view.reasons.flatMap(({ places }) => places),
      outside: listOutsideLinks(paper, words.t),
      topics: topicsOf.get(paper.seq) ?? [],
    };
  });
}

const noReasons: ReadonlyMap<number, Reason> = new Map();

/** By paper, in the order in which topics are offered; a paper without topics has no entry. */
export async function findTopicLinks(
  { db, links, topics: { offered } }: { db: Db; links: Links; topics: Topics },
  papers: readonly Paper[],
): Promise<ReadonlyMap<number, TopicLink[]>> {
  const given = await findPaperTopics(
    db,
    papers.map(({ seq }) => seq),
  );
  return new Map(
    [...given].map(([seq, topics]) => {
      const ids = new Set(topics.map(({ id }) => id));
      const named = offered.filter(({ id }) => ids.has(id));
      return [seq, named.map(({ id, name }) => ({ id, name, href: links.topic(id) }))];
    }),
  );
}

/** The paper's own page and its PDF, then code and pages. */
export function listOutsideLinks(paper: Paper, t: Translate): PaperLink[] {
  const place = locatePaper(paper);
  const named = labelLinks(paper.links, t).map(({ label, url }) => ({ label, href: url }));
  if (place === null) return named;
  const own = [
    { href: place.url, label: place.label },
    ...(place.pdf === null ? [] : [{ href: place.pdf, label: 'PDF' }]),
  ];
  return [...own, ...named.filter(({ label }) => label !== t('paper.link.paper'))];
}
