// Papers in the order in which somebody would want them: by what they liked, and by what they follow.
import type { MatchablePaper } from '../matching/match.ts';
import { type Because, type Example, explainNearness, findNearestExamples } from './explain.ts';
import type { VectorModel } from './learn.ts';
import type { PaperVector } from './paper-vector.ts';
import { buildProfile, createScorer } from './profile.ts';

/** By id, how much a paper is about it: 0 to 1. */
export type TopicScores = ReadonlyMap<string, number>;

export type Candidate<Paper extends MatchablePaper> = {
  paper: Paper;
  vector: PaperVector;
  topics: TopicScores;
  /** How strongly what the reader follows speaks for it; 0 when nothing does. */
  strength: number;
};

export type LikedExample = Example & { topics: TopicScores };

export type RankedPaper<Paper> = { paper: Paper; score: number; because: Because | null };

export const topicsWeight = 0.2;
export const strengthWeight = 0.3;

/** Best first; of equal ones those that came first. `followed`: of what is followed in words; null where nothing is. */
export function rankPapers<Paper extends MatchablePaper>(
  candidates: readonly Candidate<Paper>[],
  {
    liked,
    disliked,
    followed,
    model,
  }: {
    liked: readonly LikedExample[];
    disliked: readonly LikedExample[];
    followed: PaperVector | null;
    model: VectorModel;
  },
): RankedPaper<Paper>[] {
  const profile = buildProfile(
    liked.map(({ vector }) => vector),
    disliked.map(({ vector }) => vector),
    followed,
  );
  const vectors = candidates.map(({ vector }) => vector);
  const scorer = createScorer(model.terms.length);
  const nearness = profile === null ? null : scorer.score(profile, vectors);
  const nearest = findNearestExamples(vectors, { examples: liked, scorer });
  const leaning = addUpTopics(liked.map(({ topics }) => topics));
  return candidates
    .map(({ paper, vector, topics, strength }, number) => ({
      paper,
      vector,
      nearest: nearest[number] ?? null,
      score:
        (nearness?.[number] ?? 0) + topicsWeight * compareTopics(leaning, topics) + strengthWeight * strength,
    }))
    .sort((one, other) => other.score - one.score)
    .map(({ paper, vector, nearest, score }) => ({
      paper,
      score,
      because: nearest === null ? null : explainNearness({ paper, vector }, { nearest, model }),
    }));
}

export function addUpTopics(all: readonly TopicScores[]): TopicScores {
  const sum = new Map<string, number>();
  for (const topics of all) for (const [id, score] of topics) sum.set(id, (sum.get(id) ?? 0) + score);
  return sum;
}

/** The cosine; 0 where one has none. */
export function compareTopics(one: TopicScores, other: TopicScores): number {
  let product = 0;
  for (const [id, score] of one) product += score * (other.get(id) ?? 0);
  return product === 0 ? 0 : product / (Math.hypot(...one.values()) * Math.hypot(...other.values()));
}
