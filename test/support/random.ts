// Random numbers that come again: a run that failed is repeated with the seed that it printed.
import { randomInt } from 'node:crypto';
import { faultSize } from './fault-sizes.ts';

export type Random = {
  seed: number;
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  pick<Item>(items: readonly Item[]): Item;
};

/** How often a random test is to be done: 1, 2, and so on. */
export const rounds = Array.from({ length: faultSize('ROUNDS') }, (_, index) => index + 1);

/** FAULT_SEED in the environment, else a new one; printed, for only then can a failure be repeated. */
export function createSeededRandom(title: string): Random {
  const seed = Number(process.env.FAULT_SEED ?? randomInt(1_000_000));
  console.info(`${title}: FAULT_SEED=${seed}`);
  return createRandom(seed);
}

/** Mulberry32: the upper bits of a counter, stirred. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    seed,
    next,
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
