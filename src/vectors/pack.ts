// Vectors as bytes, as the database keeps them. Numbers stand in the order of this machine's bytes, which is that of all we
// run on: the lowest first.
import type { PaperVector } from './paper-vector.ts';
import type { Profile } from './profile.ts';

const headLength = 12;

/** Two scales, two counts, the terms, the dense numbers, the weights: what takes two bytes comes first. */
export function packVector({
  dense,
  denseScale,
  terms,
  weights,
  sparseScale,
}: PaperVector): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(headLength + terms.length * 3 + dense.length);
  bytes.writeFloatLE(denseScale, 0);
  bytes.writeFloatLE(sparseScale, 4);
  bytes.writeUInt16LE(dense.length, 8);
  bytes.writeUInt16LE(terms.length, 10);
  let at = headLength;
  for (const part of [terms, dense, weights]) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

export function unpackVector(packed: Uint8Array): PaperVector {
  // A copy begins where numbers of two bytes may stand.
  const bytes = Buffer.from(Uint8Array.from(packed).buffer);
  const [dimensions, count] = [bytes.readUInt16LE(8), bytes.readUInt16LE(10)];
  const { buffer } = bytes;
  const denseAt = headLength + count * 2;
  return {
    denseScale: bytes.readFloatLE(0),
    sparseScale: bytes.readFloatLE(4),
    terms: new Uint16Array(buffer, headLength, count),
    dense: new Int8Array(buffer, denseAt, dimensions),
    weights: new Uint8Array(buffer, denseAt + dimensions, count),
  };
}

/** How many dense numbers there are, then they, the weights and the terms. */
export function packProfile({ dense, weights, terms }: Profile): Buffer<ArrayBuffer> {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(dense.length, 0);
  const parts = [dense, weights, terms].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  return Buffer.concat([count, ...parts]);
}

export function unpackProfile(packed: Uint8Array): Profile {
  const { buffer } = Uint8Array.from(packed);
  const [dimensions = 0] = new Uint32Array(buffer, 0, 1);
  const weightsAt = 4 + dimensions * 4;
  const count = (packed.length - weightsAt) / 6;
  return {
    dense: new Float32Array(buffer, 4, dimensions),
    weights: new Float32Array(buffer, weightsAt, count),
    terms: new Uint16Array(buffer, weightsAt + count * 4, count),
  };
}

export function packNumbers(numbers: Float32Array | Int8Array): Buffer<ArrayBuffer> {
  return Buffer.from(
    Uint8Array.from(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)).buffer,
  );
}

export function unpackFloats(packed: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(packed).buffer);
}
