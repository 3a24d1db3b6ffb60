// The matches of one edition: topics from the database, keyword queries found once per process, however many readers
// follow them.

import type { Paper } from '../papers/paper.ts';
import { listPapersBetween, listPapersOfDay } from '../papers/store.ts';
import type { Db } from '../platform/db.ts';
import { findPaperTopics, hasUnassignedPapers } from '../topics/store.ts';
import { buildEdition, type Edition, type Question, type TopQuestion } from './edition.ts';
import type { MatchedPaper } from './match.ts';

export type { MatchedPaper };

/** The papers with `after < seq <= through`. */
export type Window = { after: number; through: number };

/** Only papers that match something asked about; oldest first. */
export type MatchFinder = {
  findMatches(input: Window & Question): Promise<MatchedPaper[]>;
  findTop(input: Window & TopQuestion): Promise<Paper[]>;
  /** Among the papers listed on `date`, however old they are. */
  findMatchesOfDay(input: { date: string } & Question): Promise<MatchedPaper[]>;
};

/** How many editions are kept: readers in other time zones may still be at the one before, and weekly ones at the week. */
const keptEditions = 12;

export function createMatchFinder({ db }: { db: Db }): MatchFinder {
  const editions = new Map<string, Promise<LoadedEdition>>();

  /** Papers that are still to be looked at for topics make an edition that is not kept. */
  function getEdition(key: string, load: () => Promise<Paper[]>): Promise<LoadedEdition> {
    const known = editions.get(key);
    if (known !== undefined) {
      // Used last, dropped last.
      editions.delete(key);
      editions.set(key, known);
      return known;
    }
    const edition = load().then((papers) => loadEdition(db, papers));
    editions.set(key, edition);
    for (const old of [...editions.keys()].slice(0, -keptEditions)) editions.delete(old);
    const forget = () => editions.get(key) === edition && editions.delete(key);
    edition.then(({ isComplete }) => isComplete || forget(), forget);
    return edition;
  }

  /** Most readers were served the same: one who was not costs an edition that reaches further back. */
  function getWindow({ after, through }: Window): Promise<LoadedEdition> {
    const start = roundDown(after);
    return getEdition(`${start}-${through}`, () => listPapersBetween(db, { after: start, through }));
  }

  return {
    async findMatches({ after, through, ...question }) {
      return (await getWindow({ after, through })).findMatches(question, after);
    },
    async findTop({ after, through, ...question }) {
      return (await getWindow({ after, through })).findTop(question, after);
    },
    async findMatchesOfDay({ date, ...question }) {
      const papers = await listPapersOfDay(db, date);
      const key = `${date} ${papers.map(({ seq }) => seq).join()}`;
      return (await getEdition(key, async () => papers)).findMatches(question);
    },
  };
}

/** To a multiple of 256, so that readers whose windows differ a little share an edition. */
function roundDown(seq: number): number {
  return seq - (seq % 256);
}

/** Complete: every paper was looked at for topics. */
type LoadedEdition = Edition & { isComplete: boolean };

async function loadEdition(db: Db, papers: Paper[]): Promise<LoadedEdition> {
  const seqs = papers.map(({ seq }) => seq);
  const isComplete = !(await hasUnassignedPapers(db, seqs));
  return { isComplete, ...buildEdition(papers, await findPaperTopics(db, seqs)) };
}
