// How near a paper lies to what a topic says of itself: a second opinion on words, which may mean something else.
import type { MatchablePaper } from '../matching/match.ts';
import { weighTerm } from '../vectors/learn.ts';
import { countTerms } from '../vectors/terms.ts';
import { chooseVocabulary } from '../vectors/vocabulary.ts';
import type { Topic } from './read-topics.ts';

export type Nearness = {
  /** One number per topic: standard deviations above papers of other topics. Null where too little is known to tell. */
  rate(paper: MatchablePaper): (number | null)[];
};

/** What the words of the topics found in a paper, by the topics' places. */
export type FoundPaper = { paper: MatchablePaper; found: ReadonlySet<number> };

/** What lies around a topic is told by papers that its words do not find: a day may be all about one topic. */
const fewestOthers = 20;

/**
 * By the terms alone, without a model from anywhere: of papers and of the topics' own descriptions, so that a listing of one
 * day is enough, and even a single paper. All terms count, also one that a single paper has: a topic is named by rare words.
 */
export function learnNearness(topics: readonly Topic[], papers: readonly FoundPaper[]): Nearness {
  const texts = [...papers.map(({ paper }) => paper), ...topics.map(describeTopic)].map(countTerms);
  const { terms, idf } = chooseVocabulary(
    texts.map((text) => text.keys()),
    { fewestPapers: 1, most: Number.POSITIVE_INFINITY },
  );
  const numberOf = new Map(terms.map((term, number) => [term, number]));
  const vectors = texts.map(toVector);
  const [listed, described] = [vectors.slice(0, papers.length), vectors.slice(papers.length)];
  const around = described.map((own, place) => {
    const profile: Profile = new Map(own.numbers.map((number, at) => [number, own.weights[at] ?? 0]));
    const others = [
      ...listed.filter((_, number) => !papers[number]?.found.has(place)),
      ...described.filter((_, other) => other !== place),
    ];
    return others.length < fewestOthers ? null : { profile, ...describeScores(profile, others) };
  });

  /** Of length 1. */
  function toVector(text: ReadonlyMap<string, number>): Vector {
    const numbers: number[] = [];
    const weights: number[] = [];
    for (const [term, count] of text) {
      const number = numberOf.get(term);
      if (number === undefined) continue;
      numbers.push(number);
      weights.push(weighTerm(count, idf[number] ?? 0));
    }
    const length = Math.hypot(...weights) || 1;
    return { numbers, weights: weights.map((weight) => weight / length) };
  }

  return {
    rate(paper) {
      const vector = toVector(countTerms(paper));
      return around.map((one) =>
        one === null ? null : (compare(one.profile, vector) - one.mean) / one.deviation,
      );
    },
  };
}

/** Terms by their numbers, and what each weighs. */
type Vector = { numbers: number[]; weights: number[] };

/** What a term weighs, by its number. */
type Profile = ReadonlyMap<number, number>;

/** The cosine of the two. */
function compare(profile: Profile, { numbers, weights }: Vector): number {
  let sum = 0;
  for (let place = 0; place < numbers.length; place += 1)
    sum += (profile.get(numbers[place] as number) ?? 0) * (weights[place] as number);
  return sum;
}

function describeScores(profile: Profile, others: Vector[]): { mean: number; deviation: number } {
  const scores = others.map((other) => compare(profile, other));
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** As if it were a paper: the rules' words stand apart, so that no pair runs over two of them. */
function describeTopic({ name, description, examples, strong }: Topic): MatchablePaper {
  const words = strong.map(({ text }) => text.replace(/ OR |[()"]/g, ' . ').replace(/-/g, ' '));
  return { title: name, abstract: [description, ...examples, ...words].join('. ') };
}
