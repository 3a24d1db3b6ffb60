// Which papers a reader gets, and in which order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Digest, Reason } from '../../src/digests/digest.ts';
import { type MatchedPaper, selectDigest } from '../../src/digests/select.ts';
import type { Paper } from '../../src/papers/paper.ts';

const topics = new Map([
  ['moe', 'Mixture of experts'],
  ['vision', 'Computer vision'],
]);

function paper(seq: number, part: Partial<Paper> = {}): Paper {
  return {
    seq,
    key: `title:paper ${seq}`,
    title: `Paper ${seq}`,
    abstract: null,
    authorsCount: null,
    organization: null,
    publishedOn: null,
    comments: null,
    upvotes: null,
    links: [],
    firstListedOn: '2025-12-12',
    ...part,
  };
}

function matched(
  seq: number,
  scores: { topics?: Record<string, number>; queries?: Record<string, number> },
  part?: Partial<Paper>,
): MatchedPaper {
  return {
    paper: paper(seq, part),
    topics: Object.entries(scores.topics ?? {}).map(([id, score]) => ({
      id,
      score,
      because: [`word of ${id}`],
    })),
    queries: Object.entries(scores.queries ?? {}).map(([query, score]) => ({
      query,
      score,
      because: [query],
    })),
  };
}

function select(papers: MatchedPaper[], part: Partial<Parameters<typeof selectDigest>[0]> = {}): Digest {
  return selectDigest({
    edition: '2025-12-12',
    papers,
    topics,
    queries: new Set(['kv cache']),
    maxPapers: 10,
    ...part,
  });
}

const seqs = ({ picks }: Digest) => picks.map((pick) => pick.paper.seq);

describe('what is picked', () => {
  test('only papers that match something the reader follows', () => {
    const digest = select([
      matched(1, { topics: { robotics: 0.9 } }),
      matched(2, { topics: { moe: 0.6, robotics: 0.9 } }),
      matched(3, { queries: { 'kv cache': 0.5, 'other reader': 1 } }),
    ]);
    expect(seqs(digest)).toEqual([2, 3]);
    expect(digest.matched).toBe(2);
    expect(digest.picks[0]?.reasons).toEqual([
      { type: 'topic', id: 'moe', name: 'Mixture of experts', score: 0.6, because: ['word of moe'] },
    ]);
  });

  test('nothing for who follows nothing, and nothing from an empty day', () => {
    expect(select([])).toEqual({ edition: '2025-12-12', picks: [], matched: 0 });
    expect(
      select([matched(1, { topics: { moe: 1 } })], { topics: new Map(), queries: new Set() }).picks,
    ).toEqual([]);
  });

  test('at most maxPapers, while all matches are counted', () => {
    const papers = [1, 2, 3, 4, 5].map((seq) => matched(seq, { topics: { moe: 0.5 + seq / 100 } }));
    const digest = select(papers, { maxPapers: 2 });
    expect(seqs(digest)).toEqual([5, 4]);
    expect(digest.matched).toBe(5);
    expect(select(papers, { maxPapers: 0 }).picks).toEqual([]);
  });
});

describe('the order', () => {
  test('the most relevant paper comes first', () => {
    expect(
      seqs(select([matched(1, { topics: { moe: 0.6 } }), matched(2, { topics: { moe: 0.9 } })])),
    ).toEqual([2, 1]);
  });

  test('a paper for two interests comes before one that is as good for one of them', () => {
    expect(
      seqs(select([matched(2, { topics: { moe: 0.8 } }), matched(1, { topics: { moe: 0.8, vision: 0.6 } })])),
    ).toEqual([1, 2]);
  });

  test('a quiet interest has its best paper in before a loud one has a third', () => {
    const loud = [1, 2, 3, 4].map((seq) => matched(seq, { topics: { moe: 0.9 + seq / 100 } }));
    expect(seqs(select([...loud, matched(9, { topics: { vision: 0.5 } })]))).toEqual([4, 3, 9, 2, 1]);
  });

  test('more upvotes, then the newer paper, decide between equals', () => {
    const same = { topics: { moe: 0.7 } };
    expect(seqs(select([matched(1, same), matched(2, same), matched(3, same, { upvotes: 4 })]))).toEqual([
      3, 2, 1,
    ]);
  });

  test('the strongest reason is named first, and of equal ones the words of the reader', () => {
    const [pick] = select([
      matched(1, { topics: { moe: 0.7, vision: 0.9 }, queries: { 'kv cache': 0.7 } }),
    ]).picks;
    expect(pick?.reasons.map((reason) => (reason.type === 'topic' ? reason.id : reason.query))).toEqual([
      'vision',
      'kv cache',
      'moe',
    ]);
  });
});

describe('for any matches', () => {
  const score = fc.integer({ min: 1, max: 20 }).map((twentieths) => twentieths / 20);
  const papers = fc
    .array(
      fc.record({
        topics: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'unfollowed'), score, { maxKeys: 3 }),
        queries: fc.dictionary(fc.constantFrom('x', 'y', 'foreign'), score, { maxKeys: 2 }),
        upvotes: fc.option(fc.integer({ min: 0, max: 3 })),
      }),
      { maxLength: 25 },
    )
    .map((list) => list.map(({ upvotes, ...scores }, index) => matched(index + 1, scores, { upvotes })));
  const following = {
    topics: new Map(['a', 'b', 'c'].map((id) => [id, id])),
    queries: new Set(['x', 'y']),
  };
  const interestOf = (reason: Reason) =>
    reason.type === 'topic' ? `topic ${reason.id}` : `query ${reason.query}`;

  test('nothing unfollowed, nothing twice, never too many, always a reason', () => {
    fc.assert(
      fc.property(papers, fc.nat(30), (list, maxPapers) => {
        const { picks, matched: count } = select(list, { ...following, maxPapers });
        expect(picks).toHaveLength(Math.min(maxPapers, count));
        expect(new Set(picks.map((pick) => pick.paper.seq)).size).toBe(picks.length);
        for (const { reasons } of picks) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const reason of reasons) expect(interestOf(reason)).toMatch(/^(?:topic [abc]|query [xy])$/);
          expect(reasons.map((reason) => reason.score)).toEqual(
            reasons.map((reason) => reason.score).toSorted((one, other) => other - one),
          );
        }
      }),
    );
  });

  test('the order in which papers come in changes nothing, and fewer papers are the first of more', () => {
    fc.assert(
      fc.property(papers, fc.nat(12), (list, maxPapers) => {
        const all = select(list, { ...following, maxPapers: 99 });
        expect(select(list.toReversed(), { ...following, maxPapers: 99 })).toEqual(all);
        expect(seqs(select(list, { ...following, maxPapers }))).toEqual(seqs(all).slice(0, maxPapers));
      }),
    );
  });

  test('the first paper is the most relevant one', () => {
    fc.assert(
      fc.property(papers, (list) => {
        const { picks } = select(list, { ...following, maxPapers: 99 });
        expect(picks[0]?.score ?? 0).toBe(Math.max(0, ...picks.map((pick) => pick.score)));
      }),
    );
  });

  test('no interest has a third paper while another still waits for its best', () => {
    fc.assert(
      fc.property(papers, (list) => {
        const { picks } = select(list, { ...following, maxPapers: 99 });
        const scoreFor = (interest: string, { reasons }: Digest['picks'][number]) =>
          reasons.find((reason) => interestOf(reason) === interest)?.score ?? 0;
        const interests = [...new Set(picks.flatMap(({ reasons }) => reasons.map(interestOf)))];
        const bestScores = new Map(
          interests.map((interest) => [interest, Math.max(...picks.map((pick) => scoreFor(interest, pick)))]),
        );
        const counts = new Map<string, number>();
        for (const [index, pick] of picks.entries()) {
          const isBestOfSome = interests.some(
            (interest) => scoreFor(interest, pick) === bestScores.get(interest),
          );
          const givesThird = pick.reasons.some((reason) => (counts.get(interestOf(reason)) ?? 0) >= 2);
          if (givesThird && !isBestOfSome) {
            const before = picks.slice(0, index);
            for (const interest of interests) {
              expect(Math.max(...before.map((earlier) => scoreFor(interest, earlier)))).toBe(
                bestScores.get(interest),
              );
            }
          }
          for (const reason of pick.reasons)
            counts.set(interestOf(reason), (counts.get(interestOf(reason)) ?? 0) + 1);
        }
      }),
    );
  });
});
