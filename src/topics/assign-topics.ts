// Looks at every stored paper once, for its topics and for the words that search finds it by; again when topics change.
import { createHash } from 'node:crypto';
import { storePaperWords } from '../matching/browse-store.ts';
import type { TopicMatch } from '../matching/match.ts';
import { listWordNumbers } from '../matching/words/word-numbers.ts';
import { lockImports } from '../papers/store.ts';
import { breathe } from '../platform/breathe.ts';
import type { Db } from '../platform/postgres/db.ts';
import { parseTopicsFile, type Topic, type TopicGroup } from './read-topics.ts';
import { listNewestTexts, listUnassignedPapers, storePaperTopics, storeTopics } from './store.ts';
import { compileTopics, type TopicMatcher } from './topic-matcher.ts';

export type PaperAssigner = {
  /** Any number of times, also after a kill: looks at the papers that were not looked at yet. Returns how many. */
  assignTopics(db: Db): Promise<number>;
};

export type TopicAssigner = PaperAssigner & {
  topics: Topic[];
  groups: TopicGroup[];
  /** Stores names and order of the topics, so that they can be chosen. */
  storeTopics(db: Db): Promise<void>;
};

/** Part of every stored assignment's version: raise it when the matcher itself finds other topics or words. */
const matcherVersion = 4;
const papersPerStep = 200;
/** What papers are like in general is told by as many of the newest. */
const papersAround = 400;

/** `yaml` is the text of `fileName`. Throws ConfigError with the line of a mistake in it. */
export function createTopicAssigner(yaml: string, fileName: string): TopicAssigner {
  const { topics, groups } = parseTopicsFile(yaml, fileName);
  return {
    topics,
    groups,
    storeTopics: (db) => db.$transaction((tx) => storeTopics(tx, topics, groups)),
    assignTopics: (db) => assignTopics(db, { yaml, readTopics: () => topics }),
  };
}

/** Takes its time to read `yaml` only when a paper has come that was not looked at yet. */
export function createPaperAssigner(yaml: string, fileName: string): PaperAssigner {
  return {
    assignTopics: (db) =>
      assignTopics(db, { yaml, readTopics: () => parseTopicsFile(yaml, fileName).topics }),
  };
}

async function assignTopics(
  db: Db,
  { yaml, readTopics }: { yaml: string; readTopics: () => Topic[] },
): Promise<number> {
  const version = createHash('sha256').update(`${matcherVersion}\n${yaml}`).digest('hex').slice(0, 16);
  let matcher: TopicMatcher | null = null;
  for (let count = 0; ; ) {
    const papers = await listUnassignedPapers(db, { version, limit: papersPerStep });
    if (papers.length === 0) return count;
    matcher ??= compileTopics(readTopics(), await listNewestTexts(db, papersAround));
    const assigned: { seq: number; topics: TopicMatch[] }[] = [];
    const words: { seq: number; words: number[] }[] = [];
    for (const paper of papers) {
      assigned.push({ seq: paper.seq, topics: matcher.assign(paper) });
      await breathe();
      words.push({ seq: paper.seq, words: listWordNumbers(paper) });
      await breathe();
    }
    await db.$transaction(
      async (tx) => {
        await lockImports(tx);
        await storePaperTopics(tx, { version, assigned });
        await storePaperWords(tx, words);
      },
      { maxWait: 30_000, timeout: 60_000 },
    );
    count += papers.length;
  }
}
