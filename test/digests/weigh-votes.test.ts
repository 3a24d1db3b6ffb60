// What votes make of a reader's interests.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceVotes, type Vote, weighVotes } from '../../src/digests/weigh-votes.ts';

const more = (...interests: string[]): Vote => ({ wish: 'more', interests });
const fewer = (...interests: string[]): Vote => ({ wish: 'fewer', interests });

test('no votes, no weights', () => {
  expect(weighVotes([])).toEqual(new Map());
});

test('each interest of a paper that was voted on counts more, or less; what cancels out is gone', () => {
  const votes = [more('topic:moe', 'query:kv cache'), fewer('topic:moe'), fewer('topic:vision')];
  expect(balanceVotes(votes)).toEqual(
    new Map([
      ['query:kv cache', 1],
      ['topic:vision', -1],
    ]),
  );
  const weights = weighVotes(votes);
  expect(weights.get('query:kv cache')).toBeCloseTo(1.19);
  expect(weights.get('topic:vision')).toBeCloseTo(1 / 1.19);
  expect(weights.has('topic:moe')).toBe(false);
});

describe('for any votes', () => {
  const votes = fc.array(
    fc.record({
      wish: fc.constantFrom('more' as const, 'fewer' as const),
      interests: fc.array(fc.constantFrom('topic:a', 'topic:b', 'query:x', 'organization:o'), {
        maxLength: 4,
      }),
    }),
    { maxLength: 60 },
  );

  test('a weight lies between a half and the double, and the order of votes changes nothing', () => {
    fc.assert(
      fc.property(votes, (list) => {
        const weights = weighVotes(list);
        for (const weight of weights.values()) {
          expect(weight).toBeGreaterThan(0.5);
          expect(weight).toBeLessThan(2);
          expect(weight).not.toBe(1);
        }
        expect(weighVotes(list.toReversed())).toEqual(weights);
      }),
    );
  });

  test('one more vote moves its interests in its direction, and no other', () => {
    fc.assert(
      fc.property(votes, fc.constantFrom('more' as const, 'fewer' as const), (list, wish) => {
        const weightIn = (some: Vote[], interest: string) => weighVotes(some).get(interest) ?? 1;
        const after = [...list, { wish, interests: ['topic:a'] }];
        const moved = weightIn(after, 'topic:a') - weightIn(list, 'topic:a');
        expect(Math.sign(moved)).toBe(wish === 'more' ? 1 : -1);
        expect(weightIn(after, 'topic:b')).toBe(weightIn(list, 'topic:b'));
      }),
    );
  });
});
