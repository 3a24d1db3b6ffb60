// The papers that a command was given, ranked for the reader that it describes: the way from files and the store to
// `rankFor`, which does the work.

import { listNewestPapers } from '../../papers/browse-store.ts';
import type { ListedPaper } from '../../papers/paper.ts';
import { ConfigError } from '../../platform/errors.ts';
import { openDatabase } from '../../service/open-database.ts';
import { mostLearntFrom } from '../../vectors/learn.ts';
import { readPapers } from '../read-papers.ts';
import type { Surroundings } from '../run.ts';
import { type RankedEntry, rankFor } from './rank-for.ts';
import { readNames } from './read-names.ts';

/** As the command has them, see program.ts. */
export type RankOptions = {
  liked: string[];
  disliked: string[];
  keywords: string[];
  topics: string[];
  about?: string;
  among: string;
  learnFrom?: string;
};

/** Of a store, the newest: what is older is ranked for nobody. */
const mostRanked = 20_000;

/** Throws ConfigError for what cannot be read, and when nothing says what is wanted. */
export async function rankGiven(
  { config, log, closer }: Surroundings,
  { among, learnFrom = among, ...wanted }: RankOptions,
): Promise<{ papers: RankedEntry[]; warnings: string[] }> {
  const { workingFolder } = config;
  const warnings: string[] = [];
  const readAll = async (given: string, most: number): Promise<ListedPaper[]> => {
    if (given === 'store') {
      const { db } = await openDatabase({ config, log }, closer);
      return listNewestPapers(db, most);
    }
    const read = await readPapers(given, { workingFolder, now: new Date() });
    warnings.push(...read.warnings);
    return read.papers;
  };
  const candidates = await readAll(among, mostRanked);
  const texts = learnFrom === among ? candidates : await readAll(learnFrom, mostLearntFrom);
  const named = {
    liked: await readNames(wanted.liked, workingFolder),
    disliked: await readNames(wanted.disliked, workingFolder),
  };
  const about = wanted.about?.trim() ?? '';
  if (named.liked.length + wanted.keywords.length + wanted.topics.length === 0 && about === '')
    throw new ConfigError('Name what to look for: --liked, --about, --keywords or --topics');
  const ranked = await rankFor(
    { ...wanted, ...named, about: about === '' ? null : about },
    { among: candidates, learnFrom: texts, config },
  );
  return { papers: ranked.papers, warnings: [...warnings, ...ranked.warnings] };
}
