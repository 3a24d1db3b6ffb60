// Picks the papers of one reader's digest from everything that matched anything.
import type { MatchedPaper } from '../matching/match-finder.ts';
import type { Digest, Pick, Reason } from './digest.ts';

export type { MatchedPaper };

export type Following = {
  /** Id to name. */
  topics: ReadonlyMap<string, string>;
  /** Texts of keyword queries, in their stored form. */
  queries: ReadonlySet<string>;
};

/**
 * Only matches of what the reader follows count. First comes what is most relevant; every interest has its best paper
 * in before any of them has a third; then upvotes, then the newer paper decide. The order of `papers` changes nothing.
 */
export function selectDigest({
  edition,
  papers,
  maxPapers,
  ...following
}: Following & { edition: string; papers: readonly MatchedPaper[]; maxPapers: number }): Digest {
  const candidates = papers.flatMap((matched) => {
    const reasons = findReasons(matched, following);
    return reasons.length === 0
      ? []
      : [{ paper: matched.paper, score: scoreOf(reasons.map(({ score }) => score)), reasons }];
  });
  return { edition, picks: pickInTurn(candidates, maxPapers), matched: candidates.length };
}

/** What of the match this reader follows, strongest first. */
function findReasons({ topics, queries }: MatchedPaper, following: Following): Reason[] {
  const byTopic = topics.flatMap(({ id, score, because }): Reason[] => {
    const name = following.topics.get(id);
    return name === undefined ? [] : [{ type: 'topic', id, name, score, because }];
  });
  const byQuery = queries
    .filter(({ query }) => following.queries.has(query))
    .map((match): Reason => ({ type: 'query', ...match }));
  // A reader's own words speak before a curated topic that says as much.
  return [...byQuery, ...byTopic].sort(
    (one, other) =>
      other.score - one.score ||
      one.type.localeCompare(other.type) ||
      compareText(interestOf(one), interestOf(other)),
  );
}

/** Two good reasons count for more than one, and many weak ones for less than a strong one. */
function scoreOf(scores: number[]): number {
  return scores
    .toSorted((one, other) => other - one)
    .reduce((sum, score, index) => sum + score / 2 ** index, 0);
}

/** What an interest's next paper counts for, after each that it already has. */
const fatigue = 0.9;

function pickInTurn(candidates: readonly Pick[], maxPapers: number): Pick[] {
  const bestOnes = findBestOfEach(candidates);
  const picked = new Map<string, number>();
  const timesPicked = (reason: Reason) => picked.get(interestOf(reason)) ?? 0;
  const mustWait = (pick: Pick) =>
    bestOnes.size > 0 && !bestOnes.has(pick) && pick.reasons.some((reason) => timesPicked(reason) >= 2);
  const gainOf = ({ reasons }: Pick) =>
    scoreOf(reasons.map((reason) => reason.score * fatigue ** timesPicked(reason)));

  const left = new Set(candidates);
  const picks: Pick[] = [];
  while (picks.length < maxPapers && left.size > 0) {
    let next: { pick: Pick; gain: number } | null = null;
    for (const pick of left) {
      if (mustWait(pick)) continue;
      const gain = gainOf(pick);
      if (next === null || (next.gain - gain || comparePicks(pick, next.pick)) < 0) next = { pick, gain };
    }
    if (next === null) break;
    left.delete(next.pick);
    bestOnes.delete(next.pick);
    for (const reason of next.pick.reasons) picked.set(interestOf(reason), timesPicked(reason) + 1);
    picks.push(next.pick);
  }
  return picks;
}

function findBestOfEach(candidates: readonly Pick[]): Set<Pick> {
  const best = new Map<string, { pick: Pick; score: number }>();
  for (const pick of candidates) {
    for (const reason of pick.reasons) {
      const known = best.get(interestOf(reason));
      const order = known === undefined ? 1 : reason.score - known.score || comparePicks(known.pick, pick);
      if (order > 0) best.set(interestOf(reason), { pick, score: reason.score });
    }
  }
  return new Set([...best.values()].map(({ pick }) => pick));
}

/** Better first. Sequence numbers differ, so that no two papers are equal. */
function comparePicks(one: Pick, other: Pick): number {
  return (
    other.score - one.score ||
    (other.paper.upvotes ?? 0) - (one.paper.upvotes ?? 0) ||
    other.paper.seq - one.paper.seq
  );
}

function interestOf(reason: Reason): string {
  return reason.type === 'topic' ? `topic ${reason.id}` : `query ${reason.query}`;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
