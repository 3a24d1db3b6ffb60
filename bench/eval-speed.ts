// What matching costs: 100 papers x 10,000 distinct keyword queries, and 100 papers x all topics.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { indexPaper } from '../src/matching/index-paper.ts';
import { parseQuery, type Query } from '../src/matching/query/query.ts';
import { matchQuery } from '../src/matching/query/query-matcher.ts';
import { splitWords } from '../src/matching/words/split-words.ts';
import { parseTopics } from '../src/topics/read-topics.ts';
import { compileTopics } from '../src/topics/topic-matcher.ts';
import { readListedPapers, readPapers } from './eval-papers.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const papers = [
  ...readListedPapers(here('../seeds/daily-papers-2025-12-12.txt'), here('eval-seed.yaml')),
  ...readPapers(here('eval-tuning.yaml')),
].slice(0, 100);

/** Runs of one to three words of the papers, as phrases, pairs and alternatives: all of them find something somewhere. */
function writeQueries(count: number): Query[] {
  const words = papers.flatMap(({ title, abstract }) =>
    splitWords(`${title} ${abstract}`).map(({ text }) => text),
  );
  const queries = new Map<string, Query>();
  for (let i = 0; queries.size < count; i++) {
    const at = (i * 7919) % (words.length - 12);
    const [one, two, far] = [words[at], words[at + 1], words[at + 11]];
    const shapes = [
      one,
      `"${one} ${two}"`,
      `${one} ${far}`,
      `"${one} ${two}" OR ${far}`,
      `${one} ${two} -${far}`,
    ];
    const parsed = parseQuery(shapes[i % shapes.length] ?? '');
    if (parsed.type === 'query') queries.set(parsed.query.text, parsed.query);
  }
  return [...queries.values()];
}

function time<Result>(what: string, run: () => Result): Result {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = run();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${what}: ${seconds.toFixed(2)} s (processor ${((user + system) / 1e6).toFixed(2)} s)`);
  return result;
}

const queries = time('10,000 queries parsed', () => writeQueries(10_000));
const indexed = time(`${papers.length} papers indexed`, () => papers.map(indexPaper));
const matches = time(`${papers.length} papers x ${queries.length} queries`, () =>
  indexed.reduce(
    (sum, paper) => sum + queries.filter((query) => matchQuery(query, paper) !== null).length,
    0,
  ),
);
console.log(`${matches} matches`);

const topicsFile = here('../seeds/topics.yaml');
const matcher = time('topics compiled', () =>
  compileTopics(parseTopics(readFileSync(topicsFile, 'utf8'), topicsFile), papers),
);
time(`${papers.length} papers x topics`, () => papers.map((paper) => matcher.assign(paper)));
