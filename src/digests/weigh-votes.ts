// What a reader's votes say about their interests: "more like this" and "fewer like this", as a number for each.

export type VoteWish = 'more' | 'fewer';

/** `interests` as `interest.ts` writes them. */
export type Vote = { wish: VoteWish; interests: readonly string[] };

/** By interest: what its papers count for. One that is not there counts 1. */
export type Weights = ReadonlyMap<string, number>;

/** By interest: votes for more of it less votes for fewer. What cancels out is left out. */
export function balanceVotes(votes: readonly Vote[]): ReadonlyMap<string, number> {
  const balances = new Map<string, number>();
  for (const { wish, interests } of votes) {
    for (const interest of new Set(interests)) {
      const balance = (balances.get(interest) ?? 0) + (wish === 'more' ? 1 : -1);
      if (balance === 0) balances.delete(interest);
      else balances.set(interest, balance);
    }
  }
  return balances;
}

/**
 * Always between a half and the double, however many votes there are: a vote counts, and a hundred do not silence an
 * interest. The first votes weigh most; as many the other way take them back.
 */
export function weighVotes(votes: readonly Vote[]): Weights {
  if (votes.length === 0) return noWeights;
  return new Map(
    [...balanceVotes(votes)].map(([interest, balance]) => [
      interest,
      2 ** (balance / (3 + Math.abs(balance))),
    ]),
  );
}

export const noWeights: Weights = new Map();
