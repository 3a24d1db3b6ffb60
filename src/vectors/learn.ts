// What the service learns from the papers that it has: which terms say how much, and where each lies among the others.
// Latent semantic analysis (https://doi.org/10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9).
import type { MatchablePaper } from '../matching/match.ts';
import { type Decomposition, decompose, type SparseRows } from './svd.ts';
import { countTerms } from './terms.ts';
import { chooseVocabulary, type Vocabulary } from './vocabulary.ts';

export type VectorModel = Vocabulary & {
  /** How many papers it was learnt from. */
  papers: number;
  /** 0: too few papers; then terms speak for themselves alone. */
  dimensions: number;
  /** `dimensions` numbers per term, to be multiplied with the term's scale. */
  matrix: Int8Array;
  scales: Float32Array;
};

/** From fewer, vectors find less than the terms alone. */
export const fewestPapersForVectors = 300;
/** The newest papers of a store; more make vectors no better, and learning slower. */
export const mostLearntFrom = 5000;
const usualDimensions = 128;

export function learnModel(
  papers: readonly MatchablePaper[],
  {
    dimensions = usualDimensions,
    fewestPapers = fewestPapersForVectors,
  }: { dimensions?: number; fewestPapers?: number } = {},
): VectorModel {
  const vocabulary = chooseVocabulary(listTermsOf(papers));
  const terms = vocabulary.terms.length;
  if (papers.length < fewestPapers || terms === 0)
    return {
      ...vocabulary,
      papers: papers.length,
      dimensions: 0,
      matrix: new Int8Array(),
      scales: new Float32Array(),
    };
  const found = decompose(weighTerms(papers, vocabulary), { dimensions: dimensions + 1 });
  return { ...vocabulary, papers: papers.length, ...placeTerms(leaveOutCommon(found)) };
}

function* listTermsOf(papers: readonly MatchablePaper[]): Generator<Iterable<string>> {
  for (const paper of papers) yield countTerms(paper).keys();
}

/** TF-IDF, a row of length 1 per paper. */
function weighTerms(papers: readonly MatchablePaper[], { terms, idf }: Vocabulary): SparseRows {
  const numberOf = new Map(terms.map((term, number) => [term, number]));
  const starts = new Uint32Array(papers.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [row, paper] of papers.entries()) {
    const from = values.length;
    let square = 0;
    for (const [term, count] of countTerms(paper)) {
      const number = numberOf.get(term);
      if (number === undefined) continue;
      const weight = weighTerm(count, idf[number] ?? 0);
      square += weight * weight;
      columns.push(number);
      values.push(weight);
    }
    const length = Math.sqrt(square) || 1;
    for (let at = from; at < values.length; at += 1) values[at] = (values[at] ?? 0) / length;
    starts[row + 1] = values.length;
  }
  return {
    starts,
    columns: Uint16Array.from(columns),
    values: Float32Array.from(values),
    columnCount: terms.length,
  };
}

/** A term that occurs ten times does not say ten times as much. */
export function weighTerm(count: number, idf: number): number {
  return (1 + Math.log(count)) * idf;
}

/**
 * The first direction is what all papers have in common: kept, it makes any two of them near, the more so the fewer there are to learn
 * from. With it, vectors of 300 or 500 papers find less than the terms alone (Mu, Viswanath 2018, https://arxiv.org/abs/1702.01417).
 */
function leaveOutCommon({ singularValues, right }: Decomposition): Decomposition {
  const width = singularValues.length;
  return { singularValues: singularValues.slice(1), right: right.filter((_, at) => at % width > 0) };
}

/**
 * Term vectors V·√S, each divided by the root of its length: without that, frequent terms outshout the others. A scale
 * for each, because a rare term's numbers would all be rounded to zero by a common one.
 */
function placeTerms({
  singularValues,
  right,
}: Decomposition): Pick<VectorModel, 'dimensions' | 'matrix' | 'scales'> {
  const dimensions = singularValues.length;
  const roots = singularValues.map(Math.sqrt);
  const matrix = new Int8Array(right.length);
  const scales = new Float32Array(dimensions === 0 ? 0 : right.length / dimensions);
  const row = new Float64Array(dimensions);
  for (let term = 0; term < scales.length; term += 1) {
    let square = 0;
    let largest = 0;
    for (let i = 0; i < dimensions; i += 1) {
      const value = (right[term * dimensions + i] as number) * (roots[i] as number);
      row[i] = value;
      square += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest === 0) continue;
    scales[term] = largest / 127 / Math.sqrt(Math.sqrt(square));
    for (let i = 0; i < dimensions; i += 1)
      matrix[term * dimensions + i] = Math.round(((row[i] as number) / largest) * 127);
  }
  return { dimensions, matrix, scales };
}
