// Curated topics against papers: weighs the evidence that a topic's definition names.

import { type IndexedPaper, indexPaper, wordLength } from '../matching/index-paper.ts';
import type { MatchablePaper, TopicMatch } from '../matching/match.ts';
import { findSpans } from '../matching/query/find-spans.ts';
import type { Span } from '../matching/query/phrase.ts';
import type { Group, Query } from '../matching/query/query.ts';
import { indexQueries } from '../matching/query/query-index.ts';
import { isWhole, mergeSpans, quoteSpans } from '../matching/query/quote-spans.ts';
import { functionWords } from '../matching/words/function-words.ts';
import { genericStems } from '../matching/words/generic-words.ts';
import { commonWords, splitWords } from '../matching/words/split-words.ts';
import { stemWord } from '../matching/words/stem-word.ts';
import { learnNearness } from './nearness.ts';
import type { Topic } from './read-topics.ts';

export type TopicMatcher = {
  /** The paper's topics, best first; empty when none fits. Whoever has its index already gives it, too. */
  assign(paper: MatchablePaper, indexed?: IndexedPaper): TopicMatch[];
  /** What speaks for each of the topics, be it enough or not; for whoever writes one. */
  weigh(paper: MatchablePaper, indexed?: IndexedPaper): WeighedTopic[];
  /** The same for the first topic alone. */
  weighFirst(paper: MatchablePaper, indexed?: IndexedPaper): WeighedTopic | null;
};

export type WeighedTopic = {
  id: string;
  /** Of the points that are enough; 0 without any of the phrases and strong lines. */
  share: number;
  /** How near the paper is to the topic's profile; null when too little is known to tell. */
  nearness: number | null;
  /** The share that is asked for. */
  asked: number;
  isGiven: boolean;
  because: string[];
};

/**
 * `around` are papers of the same kind, those to be matched among them: what they are like tells how near is near. Without
 * any the topics' own descriptions do; what their words say is not looked for twice. Whoever looks at the same papers again
 * keeps their indices: `index` gives them.
 */
export function compileTopics(
  topics: Topic[],
  around: readonly MatchablePaper[] = [],
  index: (paper: MatchablePaper) => IndexedPaper = indexPaper,
): TopicMatcher {
  const lines = indexQueries(topics.flatMap(listLines));
  const weighAll = (some: Topic[], indexed: IndexedPaper) => {
    const answered = lines.narrow(indexed);
    return some.map((topic) => weighTopic(topic, indexed, answered));
  };
  const weights = new Map(around.map((paper) => [paper, weighAll(topics, index(paper))]));
  const nearness = learnNearness(
    topics,
    [...weights].map(([paper, found]) => ({ paper, found: findByWords(found) })),
  );
  const weigh = (paper: MatchablePaper, indexed = index(paper), some = topics): WeighedTopic[] => {
    const near = nearness.rate(paper);
    const nearest = Math.max(...near.map((one) => one ?? Number.NEGATIVE_INFINITY));
    const known = weights.get(paper) ?? weighAll(some, indexed);
    const weighed = some.map((topic, place) => {
      const weight = known[place] ?? null;
      const nearness = near[place] ?? null;
      const share = weight?.share ?? 0;
      const because = weight === null ? [] : quoteEvidence(weight.evidence, { topic, paper: indexed });
      return { id: topic.id, share, nearness, asked: askShare(nearness, nearest), isGiven: false, because };
    });
    give(weighed);
    return weighed;
  };
  const weighFirst = (paper: MatchablePaper, indexed = index(paper)): WeighedTopic | null => {
    const first = weigh(paper, indexed, topics.slice(0, 1))[0] ?? null;
    // Only then do the others matter, and weighing them all takes long.
    return first?.isGiven === true ? (weigh(paper, indexed)[0] ?? null) : first;
  };
  return {
    weigh: (paper, indexed) => weigh(paper, indexed),
    weighFirst,
    assign: (paper, indexed) =>
      weigh(paper, indexed)
        .filter(({ isGiven }) => isGiven)
        .map(({ id, share, because }) => ({ id, score: 1 - 2 ** -share, because }))
        .sort((one, other) => other.score - one.score || one.id.localeCompare(other.id)),
  };
}

function listLines({ strong, hints, titles, against, needs }: Topic): Query[] {
  return [...strong, ...hints, ...titles, ...against, ...needs];
}

function findByWords(weights: readonly (Weight | null)[]): ReadonlySet<number> {
  const places = weights.map((weight, place) => ((weight?.share ?? 0) >= 1 ? place : -1));
  return new Set(places.filter((place) => place >= 0));
}

/**
 * The farther a paper lies from the topic's profile, the more its words must say: alone they may mean something else. `nearest`:
 * how near the topic lies that it is nearest to. 1.8 times the usual where it is no nearer than other papers, 0.7 of it for the nearest.
 */
export function askShare(nearness: number | null, nearest: number): number {
  if (nearness === null) return 1;
  const closeness = nearest > 0 ? Math.min(1, Math.max(0, nearness / nearest)) : 0;
  return 1.8 * (0.7 / 1.8) ** closeness;
}

/** A paper is about few things: of each topic after the second so much more is asked than of the one before it. */
const furtherFactor = 1.2;

function give(weighed: WeighedTopic[]): void {
  let given = 0;
  const worthOf = ({ share, asked }: WeighedTopic) => share / asked;
  for (const one of weighed.toSorted((first, second) => worthOf(second) - worthOf(first))) {
    one.asked *= furtherFactor ** Math.max(0, given - 1);
    one.isGiven = one.share >= one.asked;
    if (one.isGiven) given += 1;
  }
}

/** Points of one line of evidence that one sentence of the abstract holds. */
const points = { strong: 2, hint: 1, against: -2 };

/** What the title says counts as much as this many sentences of the abstract. */
const titleFactor = 2;

/** A sentence that tells of experiments counts for less than one that tells what the paper is about. */
const resultsFactor = 0.5;

/** What one sentence of the abstract adds at most: a paper that names a subject in passing is not about it. */
const mostPerSentence = 3;

/** Hints, those in the title among them, add at most as much as this many times the phrases: common words gather in any long abstract. */
const hintsLimit = 1;

/** `share` is that of the points that are enough. */
type Weight = { share: number; evidence: Evidence[] };

/** Null when nothing speaks for it, or what it needs is not there. `answered`: the lines that the paper may answer. */
function weighTopic(topic: Topic, paper: IndexedPaper, answered: ReadonlyMap<Query, Group>): Weight | null {
  const narrow = (lines: Query[]) => lines.flatMap((line) => answered.get(line) ?? []);
  if (
    topic.needs.length > 0 &&
    !narrow(topic.needs).some((line) => findSpans(line, paper, 'sentence').size > 0)
  ) {
    return null;
  }
  const strong = findEvidence(narrow(topic.strong), { points: points.strong, paper, taken: [] });
  if (strong.length === 0) return null;
  const titles = findInTitle(narrow(topic.titles), { paper, taken: listPlaces(strong) });
  const taken = listPlaces([...strong, ...titles]);
  const hints = findEvidence(narrow(topic.hints), { points: points.hint, paper, taken });
  const evidence = [...strong, ...titles, ...hints];
  const against = findEvidence(narrow(topic.against), { points: points.against, paper, taken: [] });
  const speaking = Math.min(sumBySentence(evidence), (1 + hintsLimit) * sumBySentence(strong));
  const total = speaking + against.reduce((sum, one) => sum + one.points, 0);
  return { share: total / (topic.threshold * rateLength(paper)), evidence };
}

/**
 * Strongest first; single words out of a line that several words answer say little each, and come last: those that most
 * papers have only where the topic is named by them.
 */
function quoteEvidence(
  evidence: Evidence[],
  { topic, paper }: { topic: Topic; paper: IndexedPaper },
): string[] {
  const places = [...evidence]
    .sort((one, other) => other.points - one.points)
    .map(({ spans }) => joinNearSpans(spans, paper).flatMap((span) => trimSpan(span, paper)));
  const isLoose = (span: Span) => /^[\p{L}\p{N}]\p{Ll}*$/u.test(paper.textOf(span));
  const named = new Set(splitWords(topic.name).map(({ text }) => stemWord(text)));
  const saysMuch = (span: Span) => {
    const stem = stemWord(paper.textOf(span).toLowerCase());
    return !isLoose(span) || !genericStems.has(stem) || named.has(stem);
  };
  const telling = places.flatMap((spans) =>
    spans.length === 1 ? spans : spans.filter((span) => !isLoose(span)),
  );
  const quotes = [...telling, ...places.flat().filter(saysMuch)];
  return quoteSpans(quotes.length > 0 ? quotes : evidence.flatMap(({ spans }) => spans), paper).slice(0, 5);
}

/** Without the words of grammar at its ends, as they are parted from it by a space; none where it has no others. */
function trimSpan(given: Span, paper: IndexedPaper): Span[] {
  const isGrammar = ({ text }: { text: string }) => functionWords.has(text) || /^\p{N}+$/u.test(text);
  if (splitWords(paper.textOf(given)).every(isGrammar)) return [];
  if (!isWhole(given)) return [given];
  const span = { ...given };
  const isCommon = (pattern: RegExp) =>
    commonWords.has(pattern.exec(paper.textOf(span))?.[1]?.toLowerCase() ?? '');
  while (isCommon(/^(\p{L}+) /u)) span.start += wordLength;
  while (isCommon(/ (\p{L}+)$/u)) span.end -= wordLength;
  return [span];
}

/** A long abstract names more in passing than a short one: the threshold is that for 150 words. */
function rateLength({ abstractLength }: IndexedPaper): number {
  return Math.min(1.1, Math.max(0.6, 0.4 + (0.6 * abstractLength) / 150));
}

/** That one sentence holds one line. */
type Evidence = { sentence: number; points: number; spans: readonly Span[] };

/**
 * A line that several sentences hold counts in full once, half for each further sentence, twice in all. No place
 * counts for two lines, and none that is `taken` counts.
 */
function findEvidence(
  lines: Group[],
  { points, paper, taken }: { points: number; paper: IndexedPaper; taken: Span[] },
): Evidence[] {
  const evidence: Evidence[] = [];
  const used = [...taken];
  for (const line of lines) {
    const found = [...findSpans(line, paper, 'sentence')]
      .filter(([, spans]) => !isCovered(spans, used))
      .sort(([one], [other]) => rateSentence(other, paper) - rateSentence(one, paper));
    let [share, left] = [1, 2];
    for (const [sentence, spans] of found) {
      const inAbstract = Math.min(left, share * rateSentence(sentence, paper));
      evidence.push({ sentence, spans, points: points * (sentence === 0 ? titleFactor : inAbstract) });
      if (sentence > 0) [share, left] = [0.5, left - inAbstract];
      used.push(...spans);
    }
  }
  return evidence;
}

/** Hints that say nothing outside the title. */
function findInTitle(lines: Group[], { paper, taken }: { paper: IndexedPaper; taken: Span[] }): Evidence[] {
  return findEvidence(lines, { points: points.hint, paper, taken }).filter(({ sentence }) => sentence === 0);
}

function listPlaces(evidence: Evidence[]): Span[] {
  return evidence.flatMap(({ spans }) => spans);
}

function rateSentence(sentence: number, paper: IndexedPaper): number {
  if (sentence === 0) return titleFactor;
  return paper.reportsResults(sentence) ? resultsFactor : 1;
}

function isCovered(spans: readonly Span[], used: Span[]): boolean {
  return spans.every(({ start, end }) => used.some((other) => start < other.end && other.start < end));
}

function sumBySentence(evidence: Evidence[]): number {
  const sums = new Map<number, number>();
  for (const { sentence, points } of evidence) sums.set(sentence, (sums.get(sentence) ?? 0) + points);
  return [...sums].reduce(
    (total, [sentence, sum]) => total + (sentence === 0 ? sum : Math.min(sum, mostPerSentence)),
    0,
  );
}

/** Words that stand side by side, or with one word between them that joins them, become one place. */
function joinNearSpans(spans: readonly Span[], paper: IndexedPaper): Span[] {
  return mergeSpans(spans, wordLength).flatMap((near) => {
    const text = paper.textOf(near);
    const isOne =
      near.end - near.start <= 5 * wordLength &&
      !/[(),;:]/.test(text) &&
      splitWords(text).every(({ text: word }) => !functionWords.has(word) || joining.has(word));
    return isOne ? near : spans.filter(({ start, end }) => near.start <= start && end <= near.end);
  });
}

/** Mixture of experts, search on the web. */
const joining: ReadonlySet<string> = new Set(
  'a an and at by for in of on or per the to under up via with'.split(' '),
);
