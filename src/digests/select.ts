// Picks the papers of one reader's digest from everything that matched anything. It runs once per reader and day, so
// it makes few objects: reasons are written for the papers that are picked only.
import type { MatchedPaper } from '../matching/match.ts';
import { strengthWeight } from '../vectors/rank.ts';
import type { Digest, Pick, Reason } from './digest.ts';
import { findHits, type Hit, type Interest, noWords, startCounts } from './find-hits.ts';
import type { Interests } from './interests.ts';

export type { MatchedPaper };

/**
 * Only matches of what the reader follows count, and no paper with a match that they exclude. First comes what is most
 * relevant, as their votes weigh it; every interest has its best paper in before any of them has a third; then upvotes,
 * then the newer paper decide. The order of `papers` changes nothing.
 */
export function selectDigest({
  edition,
  papers,
  interests,
  maxPapers,
  liking = noLiking,
}: {
  edition: string;
  papers: readonly MatchedPaper[];
  interests: Interests;
  maxPapers: number;
  liking?: Liking | undefined;
}): Digest {
  const candidates = listCandidates(papers, interests, liking);
  const picks = pickInTurn(candidates, maxPapers);
  return {
    edition,
    picks: picks.map((candidate) => toPick(candidate, interests)),
    matched: candidates.length,
  };
}

/** All that match what the reader follows, best first: what selection picks from. */
export function rateMatches(papers: readonly MatchedPaper[], interests: Interests): Pick[] {
  return listCandidates(papers, interests, noLiking).map((candidate) => toPick(candidate, interests));
}

/** What is known of a reader's examples; see `findLiking`. */
export type Liking = {
  /** By sequence number: how near a paper comes to them. */
  nearness: ReadonlyMap<number, number>;
  /** Papers that match nothing, and are to come for that alone. */
  alike: readonly { paper: Pick['paper']; nearness: number; reason: Reason }[];
};

const noLiking: Liking = { nearness: new Map(), alike: [] };

function listCandidates(
  papers: readonly MatchedPaper[],
  interests: Interests,
  { nearness, alike }: Liking,
): Candidate[] {
  const counts = startCounts(interests);
  const candidates: Candidate[] = [];
  for (const matched of papers) {
    const { paper } = matched;
    const hits = findHits(matched, interests, counts);
    if (hits.length === 0) continue;
    const liked = (nearness.get(paper.seq) ?? 0) / strengthWeight;
    const score = addUp(hits, strengthOf) + liked;
    candidates.push({ paper, hits, liked, score, gain: score, likeness: null, isPicked: false });
  }
  for (const { paper, nearness, reason } of alike) {
    const liked = nearness / strengthWeight;
    candidates.push({
      paper,
      hits: noHits,
      liked,
      score: liked,
      gain: liked,
      likeness: reason,
      isPicked: false,
    });
  }
  return candidates.sort(compareCandidates);
}

function toPick({ paper, score, hits, likeness }: Candidate, interests: Interests): Pick {
  const reasons = likeness === null ? hits.map((hit) => toReason(hit, paper, interests)) : [likeness];
  return { paper, score, reasons };
}

const noHits: Hit[] = [];

type Candidate = {
  paper: Pick['paper'];
  hits: Hit[];
  /** What being near to the reader's examples counts for, in the measure of hits. */
  liked: number;
  /** Why it is there without a hit. */
  likeness: Reason | null;
  score: number;
  /** What it would add to the papers picked so far, or more: it only falls. */
  gain: number;
  isPicked: boolean;
};

/** What an interest's next paper counts for, after each that it already has. */
const fatigue = 0.9;

const strengthOf = (hit: Hit): number => hit.strength;
const tiredStrengthOf = (hit: Hit): number => hit.strength * fatigue ** hit.interest.picked;

/** Two good reasons count for more than one, and many weak ones for less than a strong one. */
function addUp(hits: readonly Hit[], rate: (hit: Hit) => number): number {
  const [first, second, third] = hits;
  if (first === undefined) return 0;
  if (second === undefined) return rate(first);
  if (third === undefined) {
    const [one, other] = [rate(first), rate(second)];
    return Math.max(one, other) + Math.min(one, other) / 2;
  }
  return hits
    .map(rate)
    .sort((one, other) => other - one)
    .reduce((sum, strength, index) => sum + strength / 2 ** index, 0);
}

/** `candidates` come best first. */
function pickInTurn(candidates: readonly Candidate[], maxPapers: number): Candidate[] {
  const bestOnes = findBestOfEach(candidates);
  const picks: Candidate[] = [];
  while (picks.length < Math.min(maxPapers, candidates.length)) {
    let next: Candidate | null = null;
    for (const candidate of candidates) {
      if (candidate.isPicked || (next !== null && candidate.gain < next.gain)) continue;
      if (mustWait(candidate, bestOnes)) continue;
      candidate.gain = addUp(candidate.hits, tiredStrengthOf) + candidate.liked;
      if (next === null || candidate.gain > next.gain) next = candidate;
    }
    if (next === null) break;
    next.isPicked = true;
    bestOnes.delete(next);
    for (const { interest } of next.hits) interest.picked += 1;
    picks.push(next);
  }
  return picks;
}

/** No interest has a third paper while another still waits for its best. */
function mustWait(candidate: Candidate, bestOnes: ReadonlySet<Candidate>): boolean {
  return (
    bestOnes.size > 0 &&
    !bestOnes.has(candidate) &&
    candidate.hits.some(({ interest }) => interest.picked >= 2)
  );
}

/** Of equal papers for an interest, the first of `candidates` is its best. */
function findBestOfEach(candidates: readonly Candidate[]): Set<Candidate> {
  const best = new Map<Interest, { candidate: Candidate; strength: number }>();
  for (const candidate of candidates) {
    for (const { interest, strength } of candidate.hits) {
      const known = best.get(interest);
      if (known === undefined || strength > known.strength) best.set(interest, { candidate, strength });
    }
  }
  return new Set([...best.values()].map(({ candidate }) => candidate));
}

/** Better first. Sequence numbers differ, so that no two papers are equal. */
function compareCandidates(one: Candidate, other: Candidate): number {
  return (
    other.score - one.score ||
    (other.paper.upvotes ?? 0) - (one.paper.upvotes ?? 0) ||
    other.paper.seq - one.paper.seq
  );
}

function toReason(
  { interest, score, because, name }: Hit,
  paper: Pick['paper'],
  { topics }: Interests,
): Reason {
  const { key } = interest;
  switch (interest.type) {
    case 'topic':
      return { type: 'topic', id: key, name: topics.get(key) ?? key, score, because };
    case 'query':
      return { type: 'query', query: key, score, because };
    case 'organization':
      return { type: 'organization', key, name: paper.organization ?? key, score, because: noWords };
    case 'author':
      return { type: 'author', author: key, name: name ?? key, score, because: because as [] };
  }
}
