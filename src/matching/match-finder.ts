// The matches of one edition: papers x topics from the database, papers x keyword queries found once per process,
// however many readers follow them.
import type { Db } from '../db.ts';
import type { Paper } from '../papers/paper.ts';
import { listPapersBetween } from '../papers/store.ts';
import { type IndexedPaper, indexPaper } from './index-paper.ts';
import type { QueryMatch, TopicMatch } from './match.ts';
import { parseQuery } from './query.ts';
import { matchQuery } from './query-matcher.ts';
import { findPaperTopics } from './store.ts';

export type MatchedPaper = { paper: Paper; topics: TopicMatch[]; queries: QueryMatch[] };

/** The papers with `after < seq <= through`. */
export type Window = { after: number; through: number };

export type MatchFinder = {
  /** Only papers that match something followed, each with those matches only; oldest first. */
  findMatches(input: Window & { topics: string[]; queries: string[] }): Promise<MatchedPaper[]>;
};

/** How many editions (distinct `through`) are kept: readers in other time zones may still be at the one before. */
const keptEditions = 3;

export function createMatchFinder({ db }: { db: Db }): MatchFinder {
  const editions = new Map<number, Promise<Edition>>();

  /** An edition that reaches back far enough; a reader who was served long ago widens it for all. */
  async function getEdition({ after, through }: Window): Promise<Edition> {
    const known = editions.get(through);
    if (known !== undefined && (await known).after <= after) return known;
    const edition = loadEdition(db, { after, through });
    editions.delete(through);
    editions.set(through, edition);
    edition.catch(() => editions.delete(through));
    for (const old of [...editions.keys()].slice(0, -keptEditions)) editions.delete(old);
    return edition;
  }

  return {
    async findMatches({ after, through, topics, queries }) {
      const edition = await getEdition({ after, through });
      const found = new Map<number, MatchedPaper>();
      const entryOf = (paper: Paper) => {
        const entry = found.get(paper.seq) ?? { paper, topics: [], queries: [] };
        found.set(paper.seq, entry);
        return entry;
      };
      for (const id of topics) {
        for (const { paper, match } of edition.byTopic.get(id) ?? []) entryOf(paper).topics.push(match);
      }
      for (const text of queries) {
        for (const { paper, match } of edition.findByQuery(text)) entryOf(paper).queries.push(match);
      }
      return [...found.values()]
        .filter(({ paper }) => paper.seq > after)
        .sort((one, other) => one.paper.seq - other.paper.seq);
    },
  };
}

type Found<Match> = { paper: Paper; match: Match }[];

type Edition = {
  after: number;
  byTopic: Map<string, Found<TopicMatch>>;
  findByQuery(text: string): Found<QueryMatch>;
};

async function loadEdition(db: Db, window: Window): Promise<Edition> {
  const papers = await listPapersBetween(db, window);
  const topicsOf = await findPaperTopics(
    db,
    papers.map(({ seq }) => seq),
  );
  const byTopic = new Map<string, Found<TopicMatch>>();
  for (const paper of papers) {
    for (const match of topicsOf.get(paper.seq) ?? []) {
      const found = byTopic.get(match.id) ?? [];
      found.push({ paper, match });
      byTopic.set(match.id, found);
    }
  }

  const indexed = papers.map((paper) => ({ paper, index: indexPaper(paper) }));
  const byQuery = new Map<string, Found<QueryMatch>>();
  return {
    after: window.after,
    byTopic,
    findByQuery(text) {
      const found = byQuery.get(text) ?? findByQuery(indexed, text);
      byQuery.set(text, found);
      return found;
    },
  };
}

/** A stored query that no longer parses, after a change of the query language, finds nothing. */
function findByQuery(papers: { paper: Paper; index: IndexedPaper }[], text: string): Found<QueryMatch> {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') return [];
  return papers.flatMap(({ paper, index }) => {
    const match = matchQuery(parsed.query, index);
    return match === null ? [] : [{ paper, match: { ...match, query: text } }];
  });
}
