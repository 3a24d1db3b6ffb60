// An edition: its papers with their topics, indexed once. Readers' queries are found in it once each, whoever has
// them; what one reader's interests match is then put together from what is there.

import { askForAuthor, listAuthorKeys } from '../papers/authors.ts';
import { organizationKey } from '../papers/organizations.ts';
import type { Paper } from '../papers/paper.ts';
import { type IndexedPaper, indexPaper } from './index-paper.ts';
import type { AuthorMatch, MatchedPaper, QueryMatch, TopicMatch } from './match.ts';
import { parseQuery } from './query/query.ts';
import { matchCandidate } from './query/query-matcher.ts';
import { indexWords, type WordIndex } from './words/word-index.ts';

/** What is asked about an edition: ids of topics, texts of queries, keys of organisations, authors as they were typed. */
export type Question = {
  topics: Iterable<string>;
  queries: Iterable<string>;
  organizations: Iterable<string>;
  authors: Iterable<string>;
};

export type Edition = {
  /** The papers that match anything asked about, oldest first. Those that no query and no author matches are shared: not to be changed. */
  findMatches(question: Question, after?: number): MatchedPaper[];
  /** Finds a query's papers, which are then known: what takes long can be done a query at a time. */
  lookUp(query: string): void;
  /** All that have no such topic and are found by no such query, oldest first. Shared: not to be changed. */
  findAll(question: Omit<TopQuestion, 'count'>, after?: number): MatchedPaper[];
  /** The papers with most upvotes, then those listed first; whether they match anything or not. */
  findTop(question: TopQuestion, after?: number): Paper[];
};

/** At most `count` papers, none that has such a topic or is found by such a query. */
export type TopQuestion = {
  excludedTopics: ReadonlySet<string>;
  excludedQueries: Iterable<string>;
  count: number;
};

/** What visitors try out in previews must not pile up; beyond this many queries it is found anew. */
const keptQueries = 20_000;

/**
 * `topicsOf` has no entry for a paper without topics. What was withdrawn is in no edition. `indexOf` has the papers that are
 * indexed already.
 */
export function buildEdition(
  papers: readonly Paper[],
  topicsOf: ReadonlyMap<number, readonly TopicMatch[]>,
  indexOf: (paper: Paper) => IndexedPaper | undefined = () => undefined,
): Edition {
  const entries: MatchedPaper[] = papers
    .filter(({ isWithdrawn }) => isWithdrawn !== true)
    .sort((one, other) => one.seq - other.seq)
    .map((paper) => ({
      paper,
      topics: topicsOf.get(paper.seq) ?? [],
      queries: noQueries,
      authors: noAuthors,
      organization: organizationKey(paper.organization ?? '') || null,
    }));
  const byTopic = groupNumbers(entries, ({ topics }) => topics.map(({ id }) => id));
  const byOrganization = groupNumbers(entries, ({ organization }) => organization ?? []);
  const indexed = entries.map(({ paper }) => indexOf(paper) ?? indexPaper(paper));
  const words = indexWords(indexed);
  const byQuery = new Map<string, Found[]>();

  function findByQuery(text: string): Found[] {
    const known = byQuery.get(text);
    if (known !== undefined) return known;
    if (byQuery.size >= keptQueries) byQuery.clear();
    const found = matchPapers(indexed, words, text);
    byQuery.set(text, found);
    return found;
  }

  let authorIndex: AuthorIndex | null = null;
  const byAuthor = new Map<string, FoundAuthor[]>();

  function findByAuthor(author: string): FoundAuthor[] {
    const known = byAuthor.get(author);
    if (known !== undefined) return known;
    if (byAuthor.size >= keptQueries) byAuthor.clear();
    authorIndex ??= indexAuthors(entries);
    const found = matchAuthors(authorIndex, author);
    byAuthor.set(author, found);
    return found;
  }

  let ranked: number[] | null = null;

  return {
    lookUp: (query) => void findByQuery(query),
    findTop({ excludedTopics, excludedQueries, count }, after = 0) {
      ranked ??= rankPapers(entries);
      const excluded = new Set<number>();
      for (const text of excludedQueries) for (const { number } of findByQuery(text)) excluded.add(number);
      const top: Paper[] = [];
      for (const number of ranked) {
        if (top.length === count) break;
        const entry = entries[number];
        if (entry === undefined || entry.paper.seq <= after || excluded.has(number)) continue;
        if (!entry.topics.some(({ id }) => excludedTopics.has(id))) top.push(entry.paper);
      }
      return top;
    },
    findAll({ excludedTopics, excludedQueries }, after = 0) {
      const excluded = new Set<number>();
      for (const text of excludedQueries) for (const { number } of findByQuery(text)) excluded.add(number);
      return entries.filter(
        ({ paper, topics }, number) =>
          paper.seq > after && !excluded.has(number) && !topics.some(({ id }) => excludedTopics.has(id)),
      );
    },
    findMatches({ topics, queries, organizations, authors }, after = 0) {
      const found: (MatchedPaper | undefined)[] = new Array(entries.length);
      for (const id of topics) for (const number of byTopic.get(id) ?? none) found[number] = entries[number];
      for (const key of organizations)
        for (const number of byOrganization.get(key) ?? none) found[number] = entries[number];
      for (const text of queries) {
        for (const { number, match } of findByQuery(text)) {
          const entry = found[number] ?? entries[number];
          if (entry !== undefined) found[number] = { ...entry, queries: [...entry.queries, match] };
        }
      }
      for (const author of authors) {
        for (const { number, match } of findByAuthor(author)) {
          const entry = found[number] ?? entries[number];
          if (entry !== undefined) found[number] = { ...entry, authors: [...entry.authors, match] };
        }
      }
      return found.filter((entry): entry is MatchedPaper => entry !== undefined && entry.paper.seq > after);
    },
  };
}

const none: readonly number[] = [];
const noQueries: readonly QueryMatch[] = [];
const noAuthors: readonly AuthorMatch[] = [];

/** Places of the entries, most upvotes first. */
function rankPapers(entries: readonly MatchedPaper[]): number[] {
  const votesOf = (number: number) => entries[number]?.paper.upvotes ?? 0;
  return [...entries.keys()].sort((one, other) => votesOf(other) - votesOf(one) || one - other);
}

/** A paper by its place in the edition. */
type Found = { number: number; match: QueryMatch };

/** The places of the entries, by what each is listed under. */
function groupNumbers(
  entries: readonly MatchedPaper[],
  keysOf: (entry: MatchedPaper) => string | string[],
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [number, entry] of entries.entries()) {
    for (const key of [keysOf(entry)].flat()) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [number]);
      else group.push(number);
    }
  }
  return groups;
}

/** A stored query that no longer parses, after a change of the query language, finds nothing. */
function matchPapers(papers: readonly IndexedPaper[], words: WordIndex, text: string): Found[] {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') return [];
  const found: Found[] = [];
  for (const number of words.findCandidates(parsed.query.root)) {
    const paper = papers[number];
    const match = paper === undefined ? null : matchCandidate(parsed.query, paper);
    if (match !== null) found.push({ number, match: { ...match, query: text } });
  }
  return found;
}

type FoundAuthor = { number: number; match: AuthorMatch };
/** By what names are looked up by. */
type AuthorIndex = ReadonlyMap<string, readonly { number: number; name: string }[]>;

function indexAuthors(entries: readonly MatchedPaper[]): AuthorIndex {
  const index = new Map<string, { number: number; name: string }[]>();
  for (const [number, { paper }] of entries.entries()) {
    for (const name of paper.authors?.slice(0, mostAuthors) ?? []) {
      for (const key of listAuthorKeys(name)) {
        const named = index.get(key);
        if (named === undefined) index.set(key, [{ number, name }]);
        else named.push({ number, name });
      }
    }
  }
  return index;
}

/** A collaboration of thousands is followed by its name. */
const mostAuthors = 300;

/** Of a paper that has two such names, the first. */
function matchAuthors(index: AuthorIndex, author: string): FoundAuthor[] {
  const isAsked = askForAuthor(author);
  if (isAsked === null) return [];
  const found = new Map<number, FoundAuthor>();
  for (const key of listAuthorKeys(author)) {
    for (const { number, name } of index.get(key) ?? []) {
      if (!found.has(number) && isAsked(name))
        found.set(number, { number, match: { author, name, because: [] } });
    }
  }
  return [...found.values()];
}
