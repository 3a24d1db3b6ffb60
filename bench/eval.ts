// How well the curated topics find their papers: npm run eval. Prints precision, recall and F1 per topic and overall
// for each set of labelled papers; with --errors also every paper of the tuning sets that was judged wrongly. Then how well papers
// are ranked for readers who like three, see eval-ranking.ts.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseTopics } from '../src/topics/read-topics.ts';
import { compileTopics, type TopicMatcher } from '../src/topics/topic-matcher.ts';
import { type LabelledPaper, readListedPapers, readPapers } from './eval-papers.ts';
import { evaluateRanking } from './eval-ranking.ts';

const { values, positionals } = parseArgs({
  options: { errors: { type: 'boolean' } },
  allowPositionals: true,
});

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const topicsFile = here('../seeds/topics.yaml');
const topics = parseTopics(readFileSync(topicsFile, 'utf8'), topicsFile);

type Judged = LabelledPaper & { given: string[]; because: Map<string, string[]> };

const sets: { name: string; papers: LabelledPaper[]; isTuned: boolean }[] =
  positionals.length > 0
    ? positionals.map((file) => ({ name: file, papers: readPapers(file), isTuned: true }))
    : [
        {
          name: 'the seed listing of 2025-12-12 (tuned on)',
          papers: readListedPapers(here('../seeds/daily-papers-2025-12-12.txt'), here('eval-seed.yaml')),
          isTuned: true,
        },
        {
          name: 'hand-written papers (tuned on)',
          papers: readPapers(here('eval-tuning.yaml')),
          isTuned: true,
        },
        {
          name: 'hand-written papers (held out)',
          papers: readPapers(here('eval-heldout.yaml')),
          isTuned: false,
        },
      ];

/** Those that the first catalogue had, and what came of them: the goals for them are higher. */
const oldIds = new Set([
  ...['llm-training', 'llm-inference', 'mixture-of-experts', 'distributed-training', 'federated-learning'],
  ...['reinforcement-learning', 'computer-vision', 'image-generation', 'video-generation', 'graph-learning'],
  ...['recommender-systems', 'time-series', 'data-management', 'benchmarks-evaluation', 'agents-tools'],
  ...['retrieval-rag', 'parameter-efficient-finetuning', 'optimization-theory', 'robustness-ood'],
  ...['cloud-systems', 'hardware-accelerators', 'multimodal'],
]);

for (const { name, papers, isTuned } of sets) {
  const matcher = compileTopics(topics, papers);
  const judged = papers.map((paper) => judge(paper, matcher));
  console.log(`\n${name}: ${papers.length} papers, ${papers.flatMap((paper) => paper.topics).length} labels`);
  printTable(judged);
  if (values.errors && isTuned) printErrors(judged);
}

if (positionals.length === 0) printRanking();

function printRanking(): void {
  const handWritten = sets.slice(1).flatMap(({ papers }) => papers);
  const all = sets.flatMap(({ papers }) => papers);
  const { readers, ...precisions } = evaluateRanking(handWritten, { topics, learnFrom: all });
  const shown = Object.entries(precisions).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  console.log(
    `\nranking ${handWritten.length} hand-written papers for ${readers} readers of three likes, learnt from ${all.length}: ` +
      `mean average precision ${shown.join(', ')}`,
  );
}

function judge(paper: LabelledPaper, matcher: TopicMatcher): Judged {
  const unknown = paper.topics.find((id) => !topics.some((topic) => topic.id === id));
  if (unknown) throw new Error(`"${paper.title}" is labelled with ${unknown}, which is no topic`);
  const matches = matcher.assign(paper);
  return {
    ...paper,
    given: matches.map(({ id }) => id),
    because: new Map(matches.map(({ id, because }) => [id, because])),
  };
}

type Counts = { right: number; extra: number; missed: number };

function count(judged: Judged[], ids: string[]): Counts {
  const counts = { right: 0, extra: 0, missed: 0 };
  for (const { topics: wanted, given } of judged) {
    for (const id of ids) {
      if (wanted.includes(id) && given.includes(id)) counts.right++;
      else if (given.includes(id)) counts.extra++;
      else if (wanted.includes(id)) counts.missed++;
    }
  }
  return counts;
}

function printTable(judged: Judged[]): void {
  const ids = topics.map(({ id }) => id);
  const rows = [
    ...ids.map((id) => [id, count(judged, [id])] as const),
    [
      'topics of the first catalogue',
      count(
        judged,
        ids.filter((id) => oldIds.has(id)),
      ),
    ] as const,
    [
      'topics that came later',
      count(
        judged,
        ids.filter((id) => !oldIds.has(id)),
      ),
    ] as const,
    ['all topics', count(judged, ids)] as const,
  ];
  console.log(`${'topic'.padEnd(30)} labels  found  extra  precision  recall     F1`);
  for (const [name, { right, extra, missed }] of rows) {
    const precision = right / (right + extra);
    const recall = right / (right + missed);
    const f1 = (2 * right) / (2 * right + extra + missed);
    const shown = [precision, recall, f1].map((value) => (Number.isNaN(value) ? '-' : value.toFixed(2)));
    console.log(
      `${name.padEnd(30)} ${String(right + missed).padStart(6)} ${String(right).padStart(6)} ${String(extra).padStart(6)} ` +
        `${shown[0]?.padStart(10)} ${shown[1]?.padStart(7)} ${shown[2]?.padStart(6)}`,
    );
  }
  const without = judged.filter(({ given }) => given.length === 0).length;
  console.log(
    `without any topic: ${without} of ${judged.length} papers (${Math.round((100 * without) / judged.length)} %)`,
  );
}

function printErrors(judged: Judged[]): void {
  for (const { title, topics: wanted, given, because } of judged) {
    const extra = given
      .filter((id) => !wanted.includes(id))
      .map((id) => `+${id} (${because.get(id)?.join(', ')})`);
    const missed = wanted.filter((id) => !given.includes(id)).map((id) => `-${id}`);
    if (extra.length + missed.length > 0) console.log(`  ${title}\n    ${[...missed, ...extra].join('  ')}`);
  }
}
