// Which papers a reader gets, and in which order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Digest, Reason } from '../../src/digests/digest.ts';
import type { Interests } from '../../src/digests/interests.ts';
import { type MatchedPaper, selectDigest } from '../../src/digests/select.ts';
import { noWeights, type Vote, weighVotes } from '../../src/digests/weigh-votes.ts';
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

type Scores = {
  topics?: Record<string, number>;
  queries?: Record<string, number>;
  organization?: string | null;
  authors?: string[];
};

function matched(seq: number, scores: Scores, part?: Partial<Paper>): MatchedPaper {
  return {
    paper: paper(seq, { organization: scores.organization ?? null, ...part }),
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
    authors: (scores.authors ?? []).map((author) => ({ author, name: author, because: [] })),
    organization: scores.organization ?? null,
  };
}

const followed: Interests = {
  topics,
  queries: new Set(['kv cache']),
  organizations: new Set(['gensyn']),
  authors: new Set(['Ada Lovelace']),
  excludedTopics: new Set(),
  excludedQueries: new Set(),
  weights: noWeights,
};

function select(
  papers: MatchedPaper[],
  { maxPapers = 10, ...part }: Partial<Interests> & { maxPapers?: number } = {},
): Digest {
  return selectDigest({ edition: '2025-12-12', papers, interests: { ...followed, ...part }, maxPapers });
}

function interestOf(reason: Reason): string {
  switch (reason.type) {
    case 'topic':
      return `topic:${reason.id}`;
    case 'query':
      return `query:${reason.query}`;
    case 'organization':
      return `organization:${reason.key}`;
    case 'author':
      return `author:${reason.author}`;
    case 'alike':
      return `alike:${reason.like}`;
  }
}

const seqs = ({ picks }: Digest) => picks.map((pick) => pick.paper.seq);

describe('what is picked', () => {
  test('a paper by an author who is followed, named as the paper has it', () => {
    const { picks } = select([
      matched(1, { authors: ['Grace Hopper'] }),
      matched(2, { authors: ['Ada Lovelace'], topics: { moe: 1 } }),
    ]);
    expect(picks.map(({ reasons }) => reasons.map(interestOf))).toEqual([
      ['topic:moe', 'author:Ada Lovelace'],
    ]);
  });

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

  test('papers of an organisation that is followed, with its name as the paper has it', () => {
    const digest = select([
      matched(1, { organization: 'elsewhere' }),
      matched(2, { organization: 'gensyn' }, { organization: 'Gensyn' }),
    ]);
    expect(seqs(digest)).toEqual([2]);
    expect(digest.picks[0]?.reasons).toEqual([
      { type: 'organization', key: 'gensyn', name: 'Gensyn', score: 0.7, because: [] },
    ]);
  });

  test('for the same reasons is told by the same objects, whoever asks: mails are shared by them', () => {
    const papers = [
      matched(1, { topics: { moe: 0.9 }, queries: { 'kv cache': 0.5 }, organization: 'gensyn' }),
    ];
    const weights = weighVotes([{ wish: 'more', interests: ['topic:moe'] }]);
    const [one, other] = [select(papers), select(papers, { weights })].map(({ picks }) => picks[0]);
    expect(one?.reasons).toHaveLength(3);
    expect(one?.paper).toBe(other?.paper);
    for (const [index, reason] of (one?.reasons ?? []).entries())
      expect(reason.because).toBe(other?.reasons[index]?.because);
  });

  test('no paper with an excluded topic or query, whatever else it matches', () => {
    const papers = [
      matched(1, { topics: { moe: 0.9, robotics: 0.5 }, organization: 'gensyn' }),
      matched(2, { topics: { moe: 0.9 }, queries: { 'kv cache': 1, survey: 0.4 } }),
      matched(3, { topics: { moe: 0.6 } }),
    ];
    const excluding = { excludedTopics: new Set(['robotics']), excludedQueries: new Set(['survey']) };
    const digest = select(papers, excluding);
    expect(seqs(digest)).toEqual([3]);
    expect(digest.matched).toBe(1);
    expect(seqs(select(papers))).toHaveLength(3);
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
    expect(pick?.reasons.map(interestOf)).toEqual(['topic:vision', 'query:kv cache', 'topic:moe']);
  });
});

describe('votes', () => {
  const papers = [
    matched(1, { topics: { moe: 0.8 } }),
    matched(2, { topics: { vision: 0.75 } }),
    matched(3, { topics: { vision: 0.72, robotics: 0.8 } }),
  ];

  test('move the papers of what is followed, and leave the reasons as they are', () => {
    const weights = weighVotes([{ wish: 'more', interests: ['topic:vision'] }]);
    expect(seqs(select(papers))).toEqual([1, 2, 3]);
    const voted = select(papers, { weights });
    expect(seqs(voted)).toEqual([2, 1, 3]);
    expect(voted.picks[0]?.reasons).toEqual(select(papers).picks[1]?.reasons);
  });

  test('on what is not followed move the papers that share it, and bring none in', () => {
    const like = weighVotes([{ wish: 'more', interests: ['topic:robotics', 'organization:elsewhere'] }]);
    const others = [matched(4, { topics: { robotics: 1 } }), matched(5, { organization: 'elsewhere' })];
    expect(seqs(select([...papers, ...others], { weights: like }))).toEqual([1, 3, 2]);
    const dislike = weighVotes([{ wish: 'fewer', interests: ['topic:moe', 'topic:robotics'] }]);
    expect(seqs(select(papers, { weights: dislike }))).toEqual([2, 1, 3]);
  });
});

describe('for any matches', () => {
  const score = fc.integer({ min: 1, max: 20 }).map((twentieths) => twentieths / 20);
  const papers = fc
    .array(
      fc.record({
        topics: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'unfollowed', 'unwanted'), score, {
          maxKeys: 3,
        }),
        queries: fc.dictionary(fc.constantFrom('x', 'y', 'foreign', 'never'), score, { maxKeys: 2 }),
        organization: fc.option(fc.constantFrom('o', 'elsewhere')),
        upvotes: fc.option(fc.integer({ min: 0, max: 3 })),
      }),
      { maxLength: 25 },
    )
    .map((list) => list.map(({ upvotes, ...scores }, index) => matched(index + 1, scores, { upvotes })));
  const votes = fc.array(
    fc.record({
      wish: fc.constantFrom('more' as const, 'fewer' as const),
      interests: fc.array(fc.constantFrom('topic:a', 'topic:unfollowed', 'query:x', 'organization:o'), {
        minLength: 1,
      }),
    }),
    { maxLength: 5 },
  );
  const following = {
    topics: new Map(['a', 'b', 'c'].map((id) => [id, id])),
    queries: new Set(['x', 'y']),
    organizations: new Set(['o']),
    authors: new Set(['Ada Lovelace']),
    excludedTopics: new Set(['unwanted']),
    excludedQueries: new Set(['never']),
  };

  test('nothing unfollowed, nothing twice, never too many, always a reason', () => {
    fc.assert(
      fc.property(papers, fc.nat(30), (list, maxPapers) => {
        const { picks, matched: count } = select(list, { ...following, maxPapers });
        expect(picks).toHaveLength(Math.min(maxPapers, count));
        expect(new Set(picks.map((pick) => pick.paper.seq)).size).toBe(picks.length);
        const unwanted = list.filter(
          ({ topics, queries }) =>
            topics.some(({ id }) => id === 'unwanted') || queries.some(({ query }) => query === 'never'),
        );
        expect(unwanted.filter((one) => picks.some((pick) => pick.paper === one.paper))).toEqual([]);
        for (const { reasons } of picks) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const reason of reasons)
            expect(interestOf(reason)).toMatch(/^(?:topic:[abc]|query:[xy]|organization:o)$/);
          expect(reasons.map((reason) => reason.score)).toEqual(
            reasons.map((reason) => reason.score).toSorted((one, other) => other - one),
          );
        }
      }),
    );
  });

  test('the order in which papers come in changes nothing, and fewer papers are the first of more', () => {
    fc.assert(
      fc.property(papers, votes, fc.nat(12), (list, cast, maxPapers) => {
        const given = { ...following, weights: weighVotes(cast) };
        const all = select(list, { ...given, maxPapers: 99 });
        expect(select(list.toReversed(), { ...given, maxPapers: 99 })).toEqual(all);
        expect(seqs(select(list, { ...given, maxPapers }))).toEqual(seqs(all).slice(0, maxPapers));
      }),
    );
  });

  test('a vote changes neither which papers match nor why', () => {
    fc.assert(
      fc.property(papers, votes, (list, cast) => {
        const reasonsOf = (digest: Digest) =>
          new Map(digest.picks.map(({ paper: { seq }, reasons }) => [seq, reasons]));
        const without = select(list, { ...following, maxPapers: 99 });
        const given = select(list, { ...following, weights: weighVotes(cast), maxPapers: 99 });
        expect(reasonsOf(given)).toEqual(reasonsOf(without));
        expect(given.matched).toBe(without.matched);
      }),
    );
  });

  test('one more vote never moves the first paper of its interest the wrong way', () => {
    const interests = fc.constantFrom('topic:a', 'topic:b', 'query:x', 'organization:o');
    const wish = fc.constantFrom('more' as const, 'fewer' as const);
    fc.assert(
      fc.property(papers, votes, interests, wish, (list, cast, interest, wished) => {
        const firstOf = (all: Vote[]) => {
          const { picks } = select(list, { ...following, weights: weighVotes(all), maxPapers: 99 });
          return picks.findIndex(({ reasons }) => reasons.some((reason) => interestOf(reason) === interest));
        };
        const moved = firstOf([...cast, { wish: wished, interests: [interest] }]) - firstOf(cast);
        if (wished === 'more') expect(moved).toBeLessThanOrEqual(0);
        else expect(moved).toBeGreaterThanOrEqual(0);
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
