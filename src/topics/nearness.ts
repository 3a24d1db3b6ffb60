// How near a paper lies to what a topic says of itself: a second opinion on words, which may mean something else.
import type { MatchablePaper } from '../matching/match.ts';
import { learnModel } from '../vectors/learn.ts';
import { createVectorizer, type PaperVector } from '../vectors/paper-vector.ts';
import { buildProfile, createScorer, type Profile } from '../vectors/profile.ts';
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
 * day is enough, and even a single paper.
 */
export function learnNearness(topics: readonly Topic[], papers: readonly FoundPaper[]): Nearness {
  const descriptions = topics.map(describeTopic);
  const model = learnModel([...papers.map(({ paper }) => paper), ...descriptions], {
    fewestPapers: Number.POSITIVE_INFINITY,
  });
  const toVector = createVectorizer(model);
  const scorer = createScorer(model.terms.length);
  const vectors = descriptions.map(toVector);
  const listed = papers.map(({ paper, found }) => ({ vector: toVector(paper), found }));
  const around = topics.map((_, place) => {
    const profile = buildProfile(vectors.slice(place, place + 1));
    const others = [
      ...listed.filter(({ found }) => !found.has(place)).map(({ vector }) => vector),
      ...vectors.filter((_, other) => other !== place),
    ];
    return profile === null || others.length < fewestOthers ? null : describeOthers(profile, others);
  });

  function describeOthers(profile: Profile, others: PaperVector[]) {
    const scores = scorer.score(profile, others);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
    return { profile, mean, deviation: Math.sqrt(variance) || 1 };
  }

  return {
    rate(paper) {
      const vector = toVector(paper);
      return around.map((one) =>
        one === null ? null : ((scorer.score(one.profile, [vector])[0] ?? 0) - one.mean) / one.deviation,
      );
    },
  };
}

/** As if it were a paper: the rules' words stand apart, so that no pair runs over two of them. */
function describeTopic({ name, description, examples, strong }: Topic): MatchablePaper {
  const words = strong.map(({ text }) => text.replace(/ OR |[()"]/g, ' . ').replace(/-/g, ' '));
  return { title: name, abstract: [description, ...examples, ...words].join('. ') };
}
