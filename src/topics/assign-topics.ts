// Looks at every stored paper once, for its topics and for the words that search finds it by; again when topics change.
import { createHash } from 'node:crypto';
import { storePaperWords } from '../matching/browse-store.ts';
import { indexOnce } from '../matching/index-paper.ts';
import type { MatchablePaper, TopicMatch } from '../matching/match.ts';
import { listWordNumbers } from '../matching/words/word-numbers.ts';
import { lockImports } from '../papers/store.ts';
import { breathe } from '../platform/breathe.ts';
import type { Db } from '../platform/postgres/db.ts';
import { parseTopicsFile, type Topic, type TopicGroup, type TopicsFile } from './read-topics.ts';
import {
  listNewestTexts,
  listUnassignedPapers,
  lockTopics,
  storePaperTopics,
  storeTopics,
  type UnassignedPaper,
} from './store.ts';
import { compileTopics, type TopicMatcher } from './topic-matcher.ts';
import { layOver, listWritten, type WrittenTopic } from './written/written.ts';

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
const matcherVersion = 8;
const papersPerStep = 200;
/** What papers are like in general is told by as many of the newest. */
const papersAround = 400;

/** `yaml` is the text of `fileName`. Throws ConfigError with the line of a mistake in it. */
export function createTopicAssigner(yaml: string, fileName: string): TopicAssigner {
  const file = parseTopicsFile(yaml, fileName);
  return {
    ...file,
    storeTopics: (db) =>
      db.$transaction(async (tx) => {
        await lockTopics(tx);
        const { topics, groups } = layOver(file, await listWritten(tx));
        await storeTopics(tx, topics, groups);
      }),
    assignTopics: (db) => assignTopics(db, { yaml, readFile: () => file }),
  };
}

/** Takes its time to read `yaml` only when a paper has come that was not looked at yet. */
export function createPaperAssigner(yaml: string, fileName: string): PaperAssigner {
  return {
    assignTopics: (db) => assignTopics(db, { yaml, readFile: () => parseTopicsFile(yaml, fileName) }),
  };
}

async function assignTopics(
  db: Db,
  { yaml, readFile }: { yaml: string; readFile: () => TopicsFile },
): Promise<number> {
  const known = new Map<string, TopicMatcher>();
  for (let count = 0; ; ) {
    // Each time: what is written meanwhile counts for the papers that are left.
    const written = await listWritten(db);
    const version = tellVersion(yaml, written);
    const papers = await listUnassignedPapers(db, { version, limit: papersPerStep });
    if (papers.length === 0) return count;
    const index = indexOnce(papers);
    const matcher =
      known.get(version) ??
      compileTopics(layOver(readFile(), written).topics, await listAround(db, papers), index);
    known.set(version, matcher);
    const assigned: { seq: number; topics: TopicMatch[] }[] = [];
    const words: { seq: number; words: number[] }[] = [];
    for (const paper of papers) {
      const indexed = index(paper);
      assigned.push({ seq: paper.seq, topics: matcher.assign(paper, indexed) });
      await breathe();
      words.push({ seq: paper.seq, words: listWordNumbers(indexed) });
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

/** The newest, those to be assigned often among them: what is the same paper is the same object, and looked at once. */
async function listAround(db: Db, papers: readonly UnassignedPaper[]): Promise<MatchablePaper[]> {
  const bySeq = new Map(papers.map((paper) => [paper.seq, paper]));
  return (await listNewestTexts(db, papersAround)).map((paper) => bySeq.get(paper.seq) ?? paper);
}

/** Of what papers are given topics by. Where nothing is written it is that of the file alone. */
function tellVersion(yaml: string, written: readonly WrittenTopic[]): string {
  const changes = written
    .filter(({ definition, retired }) => definition !== null || retired)
    .map(({ id, definition, retired }) => JSON.stringify([id, definition, retired]));
  const text = [`${matcherVersion}`, yaml, ...changes].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
