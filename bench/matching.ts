// What picking papers costs: one edition's papers x distinct keyword queries, and one selection per subscriber.
// Prints a table, and the figures as one line of JSON. Nothing of it touches a database.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../src/config/config.ts';
import { questionOf, readInterests } from '../src/digests/interests.ts';
import { selectDigest } from '../src/digests/select.ts';
import type { VoteWish } from '../src/digests/weigh-votes.ts';
import { buildEdition, type Edition } from '../src/matching/edition.ts';
import { parseQuery } from '../src/matching/query/query.ts';
import { splitWords } from '../src/matching/words/split-words.ts';
import type { Paper } from '../src/papers/paper.ts';
import { paperKey } from '../src/papers/paper-ids.ts';
import { parseListing } from '../src/sources/listing-text.ts';
import { defaultPreferences, type Preferences } from '../src/subscribers/preferences/preferences.ts';
import type { Vote } from '../src/subscribers/subscriber.ts';
import { compileTopics } from '../src/topics/topic-matcher.ts';
import { readTopics } from '../src/topics/topics-file.ts';
import { round, startMeasuring } from './measure.ts';
import { printTable } from './table.ts';

const date = '2025-12-12';
const rounds = 5;
const queryCount = 10_000;
const readerCount = 10_000;
const goals = { matchingMs: 5000, selectionUs: 50 };

const { topics } = await readTopics({ topicsFile: null });
const matcher = compileTopics(topics);
const topicNames = new Map(topics.map(({ id, name }) => [id, name]));
const sample = await readSample();
const topicsOf = new Map(sample.map((paper) => [paper.key, matcher.assign(paper)]));
const hundred = [...sample, ...sample].slice(0, 100).map((paper, index) => ({ ...paper, seq: index + 1 }));
const queries = writeQueries(queryCount);

const matching = measureMatching();
const selections = [sample, hundred].map((papers) => measureSelection(papers));

printTable([
  ['step', 'on the clock', 'processor', 'goal'],
  [`${hundred.length} papers indexed`, ...inMs(matching.indexing), ''],
  [
    `${hundred.length} papers x ${queries.length} distinct queries, parsed and matched`,
    ...inMs(matching.matching),
    `< ${goals.matchingMs} ms`,
  ],
  ...selections.map(({ papers, perSelection, picks }) => [
    `one selection of ${papers} papers (${picks} picks on average)`,
    `${perSelection.clock} µs`,
    `${perSelection.processor} µs`,
    `< ${goals.selectionUs} µs`,
  ]),
]);
const isWithinGoals =
  matching.matching.processor < goals.matchingMs &&
  selections.every(({ perSelection }) => perSelection.processor < goals.selectionUs);
console.log(JSON.stringify({ queries: queries.length, ...matching, selections, isWithinGoals }));

function inMs({ clock, processor }: Took): string[] {
  return [`${clock} ms`, `${processor} ms`];
}

/** All that the first readers with each query would wait for, in a fresh edition. */
function measureMatching() {
  const indexing = measure(makeEdition, () => hundred);
  const matching = measure(
    (edition) => {
      for (const text of queries)
        edition.findMatches({ topics: [], queries: [text], organizations: [], authors: [] });
    },
    () => makeEdition(hundred),
  );
  const asked = { topics: [], queries, organizations: [], authors: [] };
  const matches = makeEdition(hundred)
    .findMatches(asked)
    .reduce((sum, paper) => sum + paper.queries.length, 0);
  return { papers: hundred.length, matches, indexing, matching };
}

/** Each reader's part of a run, once the queries of all were found: interests, matches, picks. */
function measureSelection(papers: Paper[]) {
  const edition = makeEdition(papers);
  const readers = Array.from({ length: readerCount }, (_, number) => makeReader(number));
  const pick = ({ preferences, votes }: Reader) => {
    const interests = readInterests(preferences, { topicNames, votes });
    const found = edition.findMatches(questionOf(interests));
    return selectDigest({ edition: date, papers: found, interests, maxPapers: preferences.maxPapers });
  };
  const picks = readers.reduce((sum, reader) => sum + pick(reader).picks.length, 0) / readerCount;
  const all = measure(
    (each) => each.forEach(pick),
    () => readers,
  );
  const usEach = (ms: number) => round((ms * 1000) / readerCount, 1);
  return {
    papers: papers.length,
    readers: readerCount,
    picks: round(picks, 1),
    perSelection: { clock: usEach(all.clock), processor: usEach(all.processor) },
  };
}

type Took = { clock: number; processor: number };

/** Milliseconds: the middle one of the rounds, each figure for itself. `prepare` is not measured. */
function measure<Input>(run: (input: Input) => unknown, prepare: () => Input): Took {
  const times = Array.from({ length: rounds }, () => {
    const input = prepare();
    const stop = startMeasuring();
    const startedAt = performance.now();
    run(input);
    return { clock: performance.now() - startedAt, processor: stop().cpuMs };
  });
  return {
    clock: round(takeMiddle(times.map(({ clock }) => clock)), 1),
    processor: round(takeMiddle(times.map(({ processor }) => processor)), 1),
  };
}

type Reader = { preferences: Preferences; votes: Vote[] };

/** 1 to 5 topics; a fifth have keywords too, a tenth organisations, exclusions or votes each: the same in every run. */
function makeReader(number: number): Reader {
  const draw = drawFrom(number);
  const chosen = Array.from({ length: 1 + draw(5) }, () => topics[draw(topics.length)]?.id ?? '');
  const hasSome = (share: number) => draw(share) === 0;
  const excluded = hasSome(10) ? [topics[draw(topics.length)]?.id ?? ''] : [];
  const wish: VoteWish = hasSome(2) ? 'more' : 'fewer';
  return {
    preferences: {
      ...defaultPreferences,
      topics: [...new Set(chosen)],
      keywords: hasSome(5) ? Array.from({ length: 1 + draw(3) }, () => queries[draw(200)] ?? '') : [],
      organizations: hasSome(10) ? [sample[draw(sample.length)]?.organization ?? 'Nobody'] : [],
      excludedTopics: excluded.filter((id) => !chosen.includes(id)),
      excludedKeywords: hasSome(10) ? [queries[200 + draw(50)] ?? ''] : [],
    },
    votes: hasSome(10) ? chosen.map((id, seq) => ({ paperSeq: seq, wish, interests: [`topic:${id}`] })) : [],
  };
}

/** Topics are given to papers when they are stored, not for an edition. */
function makeEdition(papers: Paper[]): Edition {
  return buildEdition(papers, new Map(papers.map((paper) => [paper.seq, topicsOf.get(paper.key) ?? []])));
}

async function readSample(): Promise<Paper[]> {
  const fileName = 'daily-papers-2025-12-12.txt';
  const bytes = await readFile(join(packageFolder, 'seeds', fileName));
  const listing = parseListing(bytes, { fileName, today: date });
  if (listing.type === 'refused') throw new Error(listing.reason);
  return listing.papers.map((paper, index) => ({
    ...paper,
    seq: index + 1,
    key: paperKey(paper),
    firstListedOn: date,
  }));
}

/** Runs of one to three words of the papers, as phrases, pairs and alternatives: each finds something somewhere. */
function writeQueries(count: number): string[] {
  const words = sample.flatMap(({ title, abstract }) =>
    splitWords(`${title} ${abstract}`).map(({ text }) => text),
  );
  const texts = new Set<string>();
  for (let i = 0; texts.size < count; i += 1) {
    const at = (i * 7919) % (words.length - 12);
    const [one, two, far] = [words[at], words[at + 1], words[at + 2 + (i % 10)]];
    const shapes = [
      one,
      `"${one} ${two}"`,
      `${one} ${far}`,
      `"${one} ${two}" OR ${far}`,
      `${one} ${two} -${far}`,
    ];
    const parsed = parseQuery(shapes[i % shapes.length] ?? '');
    if (parsed.type === 'query') texts.add(parsed.query.text);
  }
  return [...texts];
}

function drawFrom(seed: number): (below: number) => number {
  let state = (seed + 1) * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return (state >>> 8) % below;
  };
}

function takeMiddle(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
