// The matches of one edition: topics from the database, keyword queries found once per process, however many readers
// follow them.

import { buildEdition, type Edition, type Question, type TopQuestion } from '../matching/edition.ts';
import { type IndexedPaper, indexPaper } from '../matching/index-paper.ts';
import type { MatchedPaper } from '../matching/match.ts';
import { listInOrder, listNewestReady } from '../papers/browse-store.ts';
import type { Paper } from '../papers/paper.ts';
import { listNews, listSeqsOfDay } from '../papers/store.ts';
import { breathe } from '../platform/breathe.ts';
import type { Db } from '../platform/postgres/db.ts';
import { askForAll } from '../platform/postgres/shared-pool.ts';
import { findSummaries } from '../summaries/summary-store.ts';
import { findPaperTopics, hasUnassignedPapers } from '../topics/store.ts';
import { createNearness, type Nearness } from './nearness.ts';

export type { MatchedPaper };

/** The papers with `after < seq <= through` that were listed on `listedFrom` or later. */
export type Window = { after: number; through: number; listedFrom: string };

/** Only papers that match something asked about; oldest first. */
export type MatchFinder = {
  findMatches(input: Window & Question): Promise<MatchedPaper[]>;
  findTop(input: Window & TopQuestion): Promise<Paper[]>;
  /** Everything that is not excluded, whether it matches or not. */
  findAll(input: Window & Exclusions): Promise<MatchedPaper[]>;
  findAllOfDay(input: { date: string } & Exclusions): Promise<MatchedPaper[]>;
  /** Of these papers to what a reader likes. */
  nearness: Nearness;
  /** Among the papers listed on `date`, however old they are. */
  findMatchesOfDay(input: { date: string } & Question): Promise<MatchedPaper[]>;
  /** What is kept is read anew: a paper was withdrawn since. */
  forget(): void;
  /** Among the `count` papers of the newest days. */
  findMatchesOfNewest(input: { count: number } & Question): Promise<MatchedPaper[]>;
};

type Exclusions = Omit<TopQuestion, 'count'>;

/** A window, or a day, with more papers has its newest ones only: nobody reads more, and an indexed paper takes 40 KB. */
export const mostPapers = 2000;

/** How many editions are kept: readers in other time zones may still be at the one before, and weekly ones at the week. */
const keptEditions = 12;
/** And so many papers in all of them: what they take in memory has an end. */
const keptPapers = 3 * mostPapers;

export function createMatchFinder({ db }: { db: Db }): MatchFinder {
  const editions = new Map<string, Promise<LoadedEdition>>();
  const sizes = new Map<string, number>();

  /** Papers that are still to be looked at for topics make an edition that is not kept. */
  function getEdition(key: string, load: () => Promise<Paper[]>): Promise<LoadedEdition> {
    const known = editions.get(key);
    if (known !== undefined) {
      // Used last, dropped last.
      editions.delete(key);
      editions.set(key, known);
      return known;
    }
    const edition = askForAll(() => load().then((papers) => loadEdition(db, papers)));
    editions.set(key, edition);
    const drop = (old: string) => editions.delete(old) && sizes.delete(old);
    const forget = () => editions.get(key) === edition && drop(key);
    edition.then(({ isComplete, size }) => {
      if (!isComplete) forget();
      else if (editions.get(key) === edition) sizes.set(key, size);
      dropOldest(drop);
    }, forget);
    return edition;
  }

  /** One that is being built has no size yet, and stays until it has. */
  function dropOldest(drop: (key: string) => void): void {
    let papers = 0;
    for (const [place, key] of [...editions.keys()].reverse().entries()) {
      papers += sizes.get(key) ?? 0;
      if (sizes.has(key) && place > 0 && (place >= keptEditions || papers > keptPapers)) drop(key);
    }
  }

  function getWindow({ after, through, listedFrom }: Window): Promise<LoadedEdition> {
    const start = roundDown({ after, through });
    return getEdition(`${start}-${through} ${listedFrom}`, () =>
      listNews(db, { after: start, through, listedFrom, most: mostPapers }),
    );
  }

  async function getDay(date: string): Promise<LoadedEdition> {
    const rows = (await listSeqsOfDay(db, date)).slice(-mostPapers);
    return getEdition(`${date} ${writeSeqs(rows)}`, () => listInOrder(db, rows));
  }

  return {
    nearness: createNearness({ db }),
    async findAll({ after, through, listedFrom, ...question }) {
      const edition = await getWindow({ after, through, listedFrom });
      await lookUp(edition, question.excludedQueries);
      return edition.findAll(question, after);
    },
    async findAllOfDay({ date, ...question }) {
      const edition = await getDay(date);
      await lookUp(edition, question.excludedQueries);
      return edition.findAll(question);
    },
    async findMatches({ after, through, listedFrom, ...question }) {
      const edition = await getWindow({ after, through, listedFrom });
      await lookUp(edition, question.queries);
      return edition.findMatches(question, after);
    },
    async findTop({ after, through, listedFrom, ...question }) {
      const edition = await getWindow({ after, through, listedFrom });
      await lookUp(edition, question.excludedQueries);
      return edition.findTop(question, after);
    },
    async findMatchesOfDay({ date, ...question }) {
      const edition = await getDay(date);
      await lookUp(edition, question.queries);
      return edition.findMatches(question);
    },
    forget() {
      editions.clear();
      sizes.clear();
    },
    async findMatchesOfNewest({ count, ...question }) {
      const rows = await listNewestReady(db, count);
      const edition = await getEdition(`newest ${writeSeqs(rows)}`, () => listInOrder(db, rows));
      await lookUp(edition, question.queries);
      return edition.findMatches(question);
    },
  };
}

/** Each query is found once and kept; between two of them others have their turn. */
async function lookUp(edition: Edition, queries: Iterable<string>): Promise<void> {
  for (const text of queries) {
    await breathe();
    edition.lookUp(text);
  }
}

const writeSeqs = (papers: readonly { seq: number }[]) => papers.map(({ seq }) => seq).join();

/**
 * So that readers whose windows differ a little share an edition, and all windows to one end are a few editions: it begins
 * 256 papers before the end, or 512, 1,024 and so on.
 */
function roundDown({ after, through }: Pick<Window, 'after' | 'through'>): number {
  let reach = 256;
  while (reach < through - after) reach *= 2;
  return Math.max(0, through - reach);
}

/** Complete: every paper was looked at for topics. */
type LoadedEdition = Edition & { isComplete: boolean; size: number };

async function loadEdition(db: Db, listed: readonly Paper[]): Promise<LoadedEdition> {
  const seqs = listed.map(({ seq }) => seq);
  const written = await findSummaries(db, seqs);
  const papers = listed.map((paper) => {
    const summaries = written.get(paper.seq);
    return summaries === undefined ? paper : { ...paper, summaries };
  });
  const isComplete = !(await hasUnassignedPapers(db, seqs));
  const topics = await findPaperTopics(db, seqs);
  const indexed = new Map<Paper, IndexedPaper>();
  for (const paper of papers) {
    await breathe();
    indexed.set(paper, indexPaper(paper));
  }
  return { isComplete, size: papers.length, ...buildEdition(papers, topics, (paper) => indexed.get(paper)) };
}
