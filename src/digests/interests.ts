// What one reader wants and does not want, in the form that matching asks by and selection decides by.
import type { Question } from '../matching/edition.ts';
import type { MatchablePaper } from '../matching/match.ts';
import { listWantedPhrases, parseQuery } from '../matching/query/query.ts';
import { organizationKey } from '../papers/organizations.ts';
import type { Wishes } from '../subscribers/preferences/preferences.ts';
import { type Vote, type Weights, weighVotes } from './weigh-votes.ts';

export type Interests = {
  /** Followed: id to name. */
  topics: ReadonlyMap<string, string>;
  /** Texts of keyword queries, in their stored form. */
  queries: ReadonlySet<string>;
  /** Keys of organisations that are followed. */
  organizations: ReadonlySet<string>;
  /** Authors who are followed, as the reader wrote them. */
  authors: ReadonlySet<string>;
  /** Ids of topics that are never wanted, whatever else a paper matches. */
  excludedTopics: ReadonlySet<string>;
  /** Texts of queries that are never wanted. */
  excludedQueries: ReadonlySet<string>;
  weights: Weights;
};

/** A topic that `topicNames` does not have goes by its id. */
export function readInterests(
  wanted: Wishes,
  { topicNames, votes }: { topicNames: ReadonlyMap<string, string>; votes: readonly Vote[] },
): Interests {
  return {
    topics: new Map(wanted.topics.map((id) => [id, topicNames.get(id) ?? id])),
    queries: new Set(wanted.keywords),
    organizations: new Set(wanted.organizations.map(organizationKey)),
    authors: new Set(wanted.authors),
    excludedTopics: new Set(wanted.excludedTopics),
    excludedQueries: new Set(wanted.excludedKeywords),
    weights: weighVotes(votes),
  };
}

/** What is followed by queries, as a paper that others can be near to. Null where no query says what papers are about. */
export function describeQueries(queries: readonly string[]): MatchablePaper | null {
  const phrases = queries.flatMap((text) => {
    const parsed = parseQuery(text);
    return parsed.type === 'query' ? listWantedPhrases(parsed.query.root) : [];
  });
  return phrases.length === 0 ? null : { title: [...new Set(phrases)].join('. '), abstract: null };
}

/** What to ask matching for. Excluded topics need not be asked about: a match has all topics of its paper. */
export function questionOf({
  topics,
  queries,
  organizations,
  authors,
  excludedQueries,
}: Interests): Question {
  return {
    topics: topics.keys(),
    queries: excludedQueries.size === 0 ? queries : [...queries, ...excludedQueries],
    organizations,
    authors,
  };
}

export function exclusionsOf({ excludedTopics, excludedQueries }: Interests): {
  excludedTopics: ReadonlySet<string>;
  excludedQueries: ReadonlySet<string>;
} {
  return { excludedTopics, excludedQueries };
}
