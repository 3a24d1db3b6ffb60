// The matches of one edition: papers x topics from the database, papers x keyword queries found once per process,
// however many readers follow them.
import type { Db } from '../db.ts';
import type { Paper } from '../papers/paper.ts';
import { listPapersBetween, listPapersOfDay } from '../papers/store.ts';
import { type IndexedPaper, indexPaper } from './index-paper.ts';
import type { QueryMatch, TopicMatch } from './match.ts';
import { parseQuery } from './query.ts';
import { matchQuery } from './query-matcher.ts';
import { findPaperTopics, hasUnassignedPapers } from './store.ts';

export type MatchedPaper = { paper: Paper; topics: TopicMatch[]; queries: QueryMatch[] };

/** The papers with `after < seq <= through`. */
export type Window = { after: number; through: number };

type Follows = { topics: string[]; queries: string[] };

/** Only papers that match something followed, each with those matches only; oldest first. */
export type MatchFinder = {
  findMatches(input: Window & Follows): Promise<MatchedPaper[]>;
  /** Among the papers listed on `date`, however old they are. */
  findMatchesOfDay(input: { date: string } & Follows): Promise<MatchedPaper[]>;
};

/** How many editions are kept: readers in other time zones may still be at the one before. */
const keptEditions = 4;
/** What visitors try out in previews must not pile up; beyond this many queries it is found anew. */
const keptQueries = 20_000;

export function createMatchFinder({ db }: { db: Db }): MatchFinder {
  const editions = new Map<string, Promise<Edition>>();

  /** Papers that are still to be looked at for topics make an edition that is not kept. */
  function getEdition(key: string, load: () => Promise<Paper[]>): Promise<Edition> {
    const known = editions.get(key);
    if (known !== undefined) return known;
    const edition = load().then((papers) => buildEdition(db, papers));
    editions.set(key, edition);
    for (const old of [...editions.keys()].slice(0, -keptEditions)) editions.delete(old);
    const forget = () => editions.delete(key);
    edition.then(({ isComplete }) => isComplete || forget(), forget);
    return edition;
  }

  return {
    async findMatches({ after, through, ...follows }) {
      // Most readers were served the same: one who was not costs an edition that reaches further back.
      const start = roundDown(after);
      const edition = await getEdition(`${start}-${through}`, () =>
        listPapersBetween(db, { after: start, through }),
      );
      return matchesIn(edition, follows).filter(({ paper }) => paper.seq > after);
    },
    async findMatchesOfDay({ date, ...follows }) {
      const papers = await listPapersOfDay(db, date);
      const key = `${date} ${papers.map(({ seq }) => seq).join()}`;
      return matchesIn(await getEdition(key, async () => papers), follows);
    },
  };
}

/** To a multiple of 256, so that readers whose windows differ a little share an edition. */
function roundDown(seq: number): number {
  return seq - (seq % 256);
}

function matchesIn(edition: Edition, { topics, queries }: Follows): MatchedPaper[] {
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
  return [...found.values()].sort((one, other) => one.paper.seq - other.paper.seq);
}

type Found<Match> = { paper: Paper; match: Match }[];

type Edition = {
  /** Every paper was looked at for topics. */
  isComplete: boolean;
  byTopic: Map<string, Found<TopicMatch>>;
  findByQuery(text: string): Found<QueryMatch>;
};

async function buildEdition(db: Db, papers: Paper[]): Promise<Edition> {
  const seqs = papers.map(({ seq }) => seq);
  const isComplete = !(await hasUnassignedPapers(db, seqs));
  const topicsOf = await findPaperTopics(db, seqs);
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
    isComplete,
    byTopic,
    findByQuery(text) {
      const found = byQuery.get(text) ?? findByQuery(indexed, text);
      if (byQuery.size >= keptQueries) byQuery.clear();
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
