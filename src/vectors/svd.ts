// Truncated singular value decomposition of a sparse matrix, by subspace iteration from a random start (Halko, Martinsson,
// Tropp 2011, https://arxiv.org/abs/0909.4061). The start is seeded: the same rows give the same answer.

/** Compressed rows: row i has `columns` and `values` from `starts[i]` to `starts[i + 1]`. */
export type SparseRows = {
  starts: Uint32Array;
  columns: Uint16Array;
  values: Float32Array;
  columnCount: number;
};

export type Decomposition = {
  /** Largest first. */
  singularValues: Float64Array;
  /** A row per column of the matrix, with one number per singular value. */
  right: Float32Array;
};

/** More directions than asked for are followed, so that the last of those is found as well as the first. */
const spareDirections = 16;
const iterations = 4;

/** At most `dimensions` singular values; fewer where the matrix has no more. */
export function decompose(
  matrix: SparseRows,
  { dimensions, seed = 1 }: { dimensions: number; seed?: number },
): Decomposition {
  const rowCount = matrix.starts.length - 1;
  const width = Math.min(dimensions + spareDirections, rowCount, matrix.columnCount);
  const random = seedRandom(seed);
  let basis = Float32Array.from({ length: rowCount * width }, () => 2 * random() - 1);
  for (let round = 0; round < iterations; round += 1) {
    makeOrthonormal(basis, width);
    basis = multiply(matrix, multiplyTransposed(matrix, basis, width), width);
  }
  makeOrthonormal(basis, width);
  const projected = multiplyTransposed(matrix, basis, width);
  const { values, vectors } = findEigenvectors(multiplyByItself(projected, width), width);

  const order = Array.from(values.keys()).sort((one, other) => (values[other] ?? 0) - (values[one] ?? 0));
  const largest = Math.max(0, values[order[0] ?? 0] ?? 0);
  const kept = order.filter((index) => (values[index] ?? 0) > largest * 1e-9).slice(0, dimensions);
  const singularValues = Float64Array.from(kept, (index) => Math.sqrt(values[index] ?? 0));
  const right = new Float32Array(matrix.columnCount * kept.length);
  for (let column = 0; column < matrix.columnCount; column += 1) {
    for (const [place, index] of kept.entries()) {
      let sum = 0;
      for (let i = 0; i < width; i += 1)
        sum += (projected[column * width + i] as number) * (vectors[i * width + index] as number);
      right[column * kept.length + place] = sum / (singularValues[place] as number);
    }
  }
  return { singularValues, right };
}

/** mulberry32: any seed gives a sequence of its own. */
function seedRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The matrix times a dense one of `width` columns. */
function multiply(
  { starts, columns, values }: SparseRows,
  dense: Float32Array,
  width: number,
): Float32Array<ArrayBuffer> {
  const rowCount = starts.length - 1;
  const product = new Float32Array(rowCount * width);
  for (let row = 0; row < rowCount; row += 1) {
    const to = row * width;
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at += 1)
      addTimes(product, to, dense, (columns[at] as number) * width, values[at] as number, width);
  }
  return product;
}

function multiplyTransposed(
  { starts, columns, values, columnCount }: SparseRows,
  dense: Float32Array,
  width: number,
): Float32Array<ArrayBuffer> {
  const product = new Float32Array(columnCount * width);
  for (let row = 0; row < starts.length - 1; row += 1) {
    const from = row * width;
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at += 1)
      addTimes(product, (columns[at] as number) * width, dense, from, values[at] as number, width);
  }
  return product;
}

function addTimes(
  sum: Float32Array,
  to: number,
  dense: Float32Array,
  from: number,
  factor: number,
  width: number,
): void {
  for (let i = 0; i < width; i += 1)
    sum[to + i] = (sum[to + i] as number) + factor * (dense[from + i] as number);
}

/** The transposed times itself: `width` x `width`. */
function multiplyByItself(dense: Float32Array, width: number): Float64Array {
  const product = new Float64Array(width * width);
  for (let from = 0; from < dense.length; from += width) {
    for (let i = 0; i < width; i += 1) {
      const factor = dense[from + i] as number;
      if (factor === 0) continue;
      const to = i * width;
      for (let j = 0; j <= i; j += 1)
        product[to + j] = (product[to + j] as number) + factor * (dense[from + j] as number);
    }
  }
  for (let i = 0; i < width; i += 1)
    for (let j = 0; j < i; j += 1) product[j * width + i] = product[i * width + j] as number;
  return product;
}

/** In place, by the Cholesky factor of its Gram matrix. A direction that the others hold already becomes zero. */
function makeOrthonormal(basis: Float32Array, width: number): void {
  const factor = factorize(multiplyByItself(basis, width), width);
  for (let from = 0; from < basis.length; from += width) {
    for (let i = 0; i < width; i += 1) {
      const diagonal = factor[i * width + i] as number;
      let rest = basis[from + i] as number;
      for (let j = 0; j < i; j += 1) rest -= (factor[i * width + j] as number) * (basis[from + j] as number);
      basis[from + i] = diagonal === 0 ? 0 : rest / diagonal;
    }
  }
}

function factorize(gram: Float64Array, width: number): Float64Array {
  const factor = new Float64Array(width * width);
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = gram[i * width + j] as number;
      for (let k = 0; k < j; k += 1)
        rest -= (factor[i * width + k] as number) * (factor[j * width + k] as number);
      if (i === j)
        factor[i * width + i] = rest > (gram[i * width + i] as number) * 1e-10 ? Math.sqrt(rest) : 0;
      else {
        const diagonal = factor[j * width + j] as number;
        factor[i * width + j] = diagonal === 0 ? 0 : rest / diagonal;
      }
    }
  }
  return factor;
}

const mostSweeps = 30;

/** Of a symmetric matrix, by Jacobi's rotations; vector i is column i. */
function findEigenvectors(
  symmetric: Float64Array,
  width: number,
): { values: Float64Array; vectors: Float64Array } {
  const matrix = symmetric.slice();
  const vectors = new Float64Array(width * width);
  for (let i = 0; i < width; i += 1) vectors[i * width + i] = 1;
  const at = (i: number, j: number) => matrix[i * width + j] as number;
  const size = matrix.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < mostSweeps; sweep += 1) {
    let beside = 0;
    for (let i = 0; i < width; i += 1) for (let j = 0; j < i; j += 1) beside += at(i, j) ** 2;
    if (beside <= size * 1e-22) break;
    for (let p = 0; p < width - 1; p += 1) {
      for (let q = p + 1; q < width; q += 1) {
        const off = at(p, q);
        if (off === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * off);
        const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        const turn = { p, q, cosine, sine: tangent * cosine };
        rotateColumns(matrix, width, turn);
        rotateRows(matrix, width, turn);
        rotateColumns(vectors, width, turn);
      }
    }
  }
  return { values: Float64Array.from({ length: width }, (_, i) => at(i, i)), vectors };
}

type Turn = { p: number; q: number; cosine: number; sine: number };

function rotateColumns(matrix: Float64Array, width: number, { p, q, cosine, sine }: Turn): void {
  for (let row = 0; row < matrix.length; row += width) {
    const one = matrix[row + p] as number;
    const other = matrix[row + q] as number;
    matrix[row + p] = cosine * one - sine * other;
    matrix[row + q] = sine * one + cosine * other;
  }
}

function rotateRows(matrix: Float64Array, width: number, { p, q, cosine, sine }: Turn): void {
  for (let column = 0; column < width; column += 1) {
    const one = matrix[p * width + column] as number;
    const other = matrix[q * width + column] as number;
    matrix[p * width + column] = cosine * one - sine * other;
    matrix[q * width + column] = sine * one + cosine * other;
  }
}
