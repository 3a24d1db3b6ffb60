// What of a matched paper one reader follows, and how strongly it speaks for the paper.
import { writeInterest } from '../matching/interest.ts';
import type { MatchedPaper } from '../matching/match.ts';
import type { FollowedType } from './digest.ts';
import type { Interests } from './interests.ts';
import type { Weights } from './weigh-votes.ts';

/** Something that is followed, during one selection. */
export type Interest = {
  type: FollowedType;
  /** A topic's id, a query's text, an organisation's key or an author's name. */
  key: string;
  weight: number;
  /** How many of its papers are picked already. */
  picked: number;
};

export type Hit = {
  interest: Interest;
  score: number;
  /** The score as this reader's votes weigh it. */
  strength: number;
  because: string[];
  /** An author's, as the paper has it. */
  name?: string;
};

export type Counts = Record<FollowedType, ReadonlyMap<string, Interest>>;

export function startCounts({ topics, queries, organizations, authors, weights }: Interests): Counts {
  return {
    topic: startCounting('topic', topics.keys(), weights),
    query: startCounting('query', queries, weights),
    organization: startCounting('organization', organizations, weights),
    author: startCounting('author', authors, weights),
  };
}

function startCounting(
  type: FollowedType,
  keys: Iterable<string>,
  weights: Weights,
): ReadonlyMap<string, Interest> {
  const counts = new Map<string, Interest>();
  for (const key of keys) counts.set(key, { type, key, weight: weightOf(weights, type, key), picked: 0 });
  return counts;
}

/** In the order in which reasons are named. Empty when nothing is followed, or something is excluded. */
export function findHits(matched: MatchedPaper, interests: Interests, counts: Counts): Hit[] {
  if (isExcluded(matched, interests)) return noHits;
  const hits: Hit[] = [];
  const lean = leanOf(matched, interests.weights, counts);
  for (const { id, score, because } of matched.topics) {
    const interest = counts.topic.get(id);
    if (interest !== undefined) hits.push(toHit(interest, { score, because, lean }));
  }
  for (const { query, score, because } of matched.queries) {
    const interest = counts.query.get(query);
    if (interest !== undefined) hits.push(toHit(interest, { score, because, lean }));
  }
  const organization = counts.organization.get(matched.organization ?? '');
  if (organization !== undefined)
    hits.push(toHit(organization, { score: organizationScore, because: noWords, lean }));
  for (const { author, name, because } of matched.authors) {
    const interest = counts.author.get(author);
    if (interest !== undefined)
      hits.push({ ...toHit(interest, { score: authorScore, because, lean }), name });
  }
  return hits.length > 1 ? hits.sort(compareHits) : hits;
}

function toHit(
  interest: Interest,
  { score, because, lean }: { score: number; because: string[]; lean: number },
): Hit {
  return { interest, score, strength: score * interest.weight * lean, because };
}

/** As much as a topic that a paper is clearly about: who follows an organisation wants to know what it does. */
const organizationScore = 0.7;
/** Whose every paper is wanted, by name. */
const authorScore = 0.9;

const noHits: Hit[] = [];
/** The same object for all: mails tell reasons apart by it. */
export const noWords: [] = [];

function isExcluded(
  { topics, queries }: MatchedPaper,
  { excludedTopics, excludedQueries }: Interests,
): boolean {
  return (
    (excludedTopics.size > 0 && topics.some(({ id }) => excludedTopics.has(id))) ||
    (excludedQueries.size > 0 && queries.some(({ query }) => excludedQueries.has(query)))
  );
}

/**
 * Votes also speak of what is not followed: it brings no paper in, but moves those that share it. Without that a
 * reader of one topic could vote as they like, and the order of its papers would stay.
 */
function leanOf(
  { topics, organization }: MatchedPaper,
  weights: Weights,
  counts: Pick<Counts, 'topic' | 'organization'>,
): number {
  if (weights.size === 0) return 1;
  const besides = topics
    .filter(({ id }) => !counts.topic.has(id))
    .map(({ id }) => weightOf(weights, 'topic', id));
  if (organization !== null && !counts.organization.has(organization))
    besides.push(weightOf(weights, 'organization', organization));
  const product = besides.reduce((lean, weight) => lean * Math.sqrt(weight), 1);
  return Math.min(2, Math.max(0.5, product));
}

function weightOf(weights: Weights, type: FollowedType, key: string): number {
  return weights.size === 0 ? 1 : (weights.get(writeInterest(type, key)) ?? 1);
}

/** A reader's own words speak before a curated topic that says as much. */
const rank: Record<FollowedType, number> = { author: 0, query: 1, organization: 2, topic: 3 };

/** By what the paper says, not by the votes: readers with the same papers are given the same reasons. */
function compareHits(one: Hit, other: Hit): number {
  return (
    other.score - one.score ||
    rank[one.interest.type] - rank[other.interest.type] ||
    compareText(one.interest.key, other.interest.key)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
