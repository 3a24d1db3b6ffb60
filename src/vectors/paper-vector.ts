// A paper as numbers: where it lies among all papers (dense), and the terms that say most about it (sparse). Of texts that
// are no papers too: a title, a sentence about what somebody works on.
import type { MatchablePaper } from '../matching/match.ts';
import { type VectorModel, weighTerm } from './learn.ts';
import { countTerms } from './terms.ts';

/** Both have length 1, or 0 where the model knows none of the paper's terms. */
export type PaperVector = {
  /** To be multiplied with `denseScale`. Empty where the model has no dimensions. */
  dense: Int8Array;
  denseScale: number;
  /** Numbers of terms, and what each weighs, to be multiplied with `sparseScale`. */
  terms: Uint16Array;
  weights: Uint8Array;
  sparseScale: number;
};

/** Three bytes each. */
const mostTerms = 120;

export type Vectorizer = (paper: MatchablePaper) => PaperVector;

export function createVectorizer({ terms, idf, dimensions, matrix, scales }: VectorModel): Vectorizer {
  const numberOf = new Map(terms.map((term, number) => [term, number]));
  const sum = new Float64Array(dimensions);

  function addUp(weighed: readonly Weighed[]): Float64Array {
    sum.fill(0);
    for (const { number, weight } of weighed) {
      const factor = weight * (scales[number] ?? 0);
      const from = number * dimensions;
      for (let i = 0; i < dimensions; i += 1)
        sum[i] = (sum[i] as number) + factor * (matrix[from + i] as number);
    }
    return sum;
  }

  return (paper) => {
    const weighed: Weighed[] = [];
    for (const [term, count] of countTerms(paper)) {
      const number = numberOf.get(term);
      if (number !== undefined) weighed.push({ number, weight: weighTerm(count, idf[number] ?? 0) });
    }
    return { ...toDense(addUp(weighed)), ...toSparse(weighed) };
  };
}

type Weighed = { number: number; weight: number };

function toDense(values: Float64Array): Pick<PaperVector, 'dense' | 'denseScale'> {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const dense = new Int8Array(values.length);
  if (largest === 0) return { dense, denseScale: 0 };
  for (let i = 0; i < dense.length; i += 1) dense[i] = Math.round(((values[i] as number) / largest) * 127);
  return { dense, denseScale: 1 / lengthOf(dense) };
}

function toSparse(weighed: Weighed[]): Pick<PaperVector, 'terms' | 'weights' | 'sparseScale'> {
  const kept =
    weighed.length <= mostTerms
      ? weighed
      : weighed.sort((one, other) => other.weight - one.weight).slice(0, mostTerms);
  let largest = 0;
  for (const { weight } of kept) largest = Math.max(largest, weight);
  const terms = new Uint16Array(kept.length);
  const weights = new Uint8Array(kept.length);
  for (const [place, { number, weight }] of kept.entries()) {
    terms[place] = number;
    weights[place] = Math.round((weight / largest) * 255);
  }
  return { terms, weights, sparseScale: kept.length === 0 ? 0 : 1 / lengthOf(weights) };
}

/** Of what was rounded: the cosine of a paper with itself is 1. */
export function lengthOf(values: Int8Array | Uint8Array | Float32Array): number {
  let square = 0;
  for (const value of values) square += value * value;
  return Math.sqrt(square);
}
