// What a reader leans to, from papers that they liked and disliked, and how near a paper comes to it.
import { lengthOf, type PaperVector } from './paper-vector.ts';

export type Profile = {
  /** Empty where the model has no dimensions. */
  dense: Float32Array;
  terms: Uint16Array;
  weights: Float32Array;
};

/** A disliked paper is mostly one that was nearly liked: at its full weight it would cost more than it tells. */
const dislikeWeight = 0.25;
const mostTerms = 50;

/** Null without anything liked: beside it, what is followed in words counts as one paper more. */
export function buildProfile(
  liked: readonly PaperVector[],
  disliked: readonly PaperVector[] = [],
  followed: PaperVector | null = null,
): Profile | null {
  if (liked.length === 0) return null;
  const wanted = followed === null ? liked : [...liked, followed];
  const dense = meanDense(wanted);
  const without = meanDense(disliked);
  for (let i = 0; i < without.length; i += 1)
    dense[i] = (dense[i] as number) - dislikeWeight * (without[i] as number);
  const sparse = meanSparse(wanted);
  for (const [term, weight] of meanSparse(disliked))
    sparse.set(term, (sparse.get(term) ?? 0) - dislikeWeight * weight);
  const kept = [...sparse]
    .sort(([one, light], [other, heavy]) => Math.abs(heavy) - Math.abs(light) || one - other)
    .slice(0, mostTerms);
  return {
    dense,
    terms: Uint16Array.from(kept, ([term]) => term),
    weights: Float32Array.from(kept, ([, weight]) => weight),
  };
}

/** Of length 1, like that of the sparse ones. */
function meanDense(vectors: readonly PaperVector[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.dense.length ?? 0);
  for (const { dense, denseScale } of vectors)
    for (let i = 0; i < mean.length; i += 1)
      mean[i] = (mean[i] as number) + (dense[i] as number) * denseScale;
  const length = lengthOf(mean) || 1;
  return mean.map((value) => value / length);
}

function meanSparse(vectors: readonly PaperVector[]): Map<number, number> {
  const mean = new Map<number, number>();
  for (const { terms, weights, sparseScale } of vectors)
    for (const [place, term] of terms.entries())
      mean.set(term, (mean.get(term) ?? 0) + (weights[place] as number) * sparseScale);
  const length = Math.hypot(...mean.values()) || 1;
  for (const [term, weight] of mean) mean.set(term, weight / length);
  return mean;
}

/** One per process and model: a table of all terms, in which each profile is spread out in its turn. */
export type Scorer = {
  /** About -0.5 to 2, one per vector. */
  score(profile: Profile, vectors: readonly PaperVector[]): Float64Array;
};

export function createScorer(termCount: number): Scorer {
  const table = new Float32Array(termCount);
  return {
    score({ dense, terms, weights }, vectors) {
      for (let i = 0; i < terms.length; i += 1) table[terms[i] as number] = weights[i] as number;
      const scores = new Float64Array(vectors.length);
      for (let number = 0; number < vectors.length; number += 1)
        scores[number] = scoreOne(dense, table, vectors[number] as PaperVector);
      for (let i = 0; i < terms.length; i += 1) table[terms[i] as number] = 0;
      return scores;
    },
  };
}

function scoreOne(profile: Float32Array, table: Float32Array, vector: PaperVector): number {
  const { dense, terms, weights } = vector;
  let near = 0;
  for (let i = 0; i < profile.length; i += 1) near += (profile[i] as number) * (dense[i] as number);
  let shared = 0;
  for (let i = 0; i < terms.length; i += 1)
    shared += (table[terms[i] as number] as number) * (weights[i] as number);
  return near * vector.denseScale + shared * vector.sparseScale;
}
