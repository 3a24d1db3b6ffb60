// What an edition's papers match, whoever asks.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildEdition, type Edition } from '../../src/matching/edition.ts';
import { indexPaper } from '../../src/matching/index-paper.ts';
import { parseQuery } from '../../src/matching/query/query.ts';
import { matchQuery } from '../../src/matching/query/query-matcher.ts';
import type { Paper } from '../../src/papers/paper.ts';

function paper(seq: number, title: string, part: Partial<Paper> = {}): Paper {
  return {
    seq,
    key: `title:${seq}`,
    title,
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

const papers = [
  paper(3, 'Graph transformers', { organization: 'ExampleU Example University' }),
  paper(1, 'A kv cache for graphs'),
  paper(2, 'Butterflies', { organization: 'Gensyn' }),
];
const moe = { id: 'moe', score: 0.9, because: ['experts'] };
const graphs = { id: 'graphs', score: 0.6, because: ['graph'] };
const edition = buildEdition(
  papers,
  new Map([
    [3, [moe, graphs]],
    [1, [graphs]],
  ]),
);

const ask = (question: Partial<Parameters<Edition['findMatches']>[0]>, after?: number) =>
  edition.findMatches({ topics: [], queries: [], organizations: [], authors: [], ...question }, after);
const seqsOf = (...question: Parameters<typeof ask>) => ask(...question).map(({ paper: { seq } }) => seq);

describe('matches', () => {
  test('have no paper that was withdrawn, be it the top of the day', () => {
    const withdrawn = paper(4, 'Withdrawn graphs', {
      isWithdrawn: true,
      upvotes: 99,
      organization: 'Gensyn',
    });
    const withIt = buildEdition([...papers, withdrawn], new Map([[4, [graphs]]]));
    const question = { topics: ['graphs'], queries: ['graph'], organizations: ['gensyn'], authors: [] };
    expect(withIt.findMatches(question).map(({ paper: { seq } }) => seq)).toEqual([1, 2, 3]);
    const top = withIt.findTop({ excludedTopics: new Set(), excludedQueries: [], count: 9 });
    expect(top.map(({ seq }) => seq)).not.toContain(4);
  });

  test('are those by an author, however either writes the name', () => {
    const named = [
      paper(1, 'One', { authors: ['Grace Hopper', 'Yann LeCun'] }),
      paper(2, 'Two', { authors: ['LeCun, Y.'] }),
      paper(3, 'Three', { authors: ['Anna LeCun'] }),
      paper(4, 'Four'),
    ];
    const byAuthors = buildEdition(named, new Map());
    const find = (...authors: string[]) =>
      byAuthors
        .findMatches({ topics: [], queries: [], organizations: [], authors })
        .map((match) => [match.paper.seq, match.authors.map(({ name }) => name)]);
    expect(find('LeCun, Yann')).toEqual([
      [1, ['Yann LeCun']],
      [2, ['LeCun, Y.']],
    ]);
    expect(find('LeCun')).toEqual([]);
    expect(find('Hopper, G.', 'Y. LeCun')[0]).toEqual([1, ['Grace Hopper', 'Yann LeCun']]);
  });

  test('are those of anything asked about, each paper once, oldest first', () => {
    expect(seqsOf({ topics: ['graphs', 'moe'] })).toEqual([1, 3]);
    expect(seqsOf({ organizations: ['gensyn', 'exampleuniversity', 'nobody'] })).toEqual([2, 3]);
    expect(seqsOf({ topics: ['moe'], queries: ['butterfly'], organizations: ['gensyn'] })).toEqual([2, 3]);
    expect(seqsOf({})).toEqual([]);
  });

  test('leave out what is not after a number', () => {
    expect(seqsOf({ topics: ['graphs'] }, 1)).toEqual([3]);
  });

  test('have all topics of the paper, and the queries that were asked', () => {
    const [first] = ask({
      topics: ['moe'],
      queries: ['graph transformer', 'transformer', 'butterfly'],
    }).toReversed();
    expect(first).toMatchObject({
      topics: [moe, graphs],
      queries: [{ query: 'graph transformer' }, { query: 'transformer' }],
      organization: 'exampleuniversity',
    });
    expect(ask({ topics: ['graphs'] })[0]?.queries).toEqual([]);
  });

  test('of a stored query that is none any more are none', () => {
    expect(seqsOf({ queries: ['(never closed'] })).toEqual([]);
  });
});

test('the word index leaves out no paper that answers', () => {
  const word = fc.constantFrom(
    'graph',
    'graphs',
    'fine',
    'tuning',
    'finetuning',
    'moe',
    'the',
    'expert',
    'of',
  );
  const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
  const shape = fc.constantFrom(
    'A',
    '"A"',
    'A B',
    '"A" OR B',
    '(A OR B) -C',
    'A -B',
    'mixture of experts',
    '"A B"',
  );
  const query = fc
    .tuple(shape, word, word, word)
    .map(([given, a, b, c]) => given.replaceAll('A', a).replaceAll('B', b).replaceAll('C', c));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 6 }), query, (titles, written) => {
      const parsed = parseQuery(written);
      fc.pre(parsed.type === 'query');
      if (parsed.type !== 'query') return;
      const all = titles.map((title, index) => paper(index + 1, title));
      const found = buildEdition(all, new Map()).findMatches({
        topics: [],
        queries: [written],
        organizations: [],
        authors: [],
      });
      const expected = all.flatMap((one) => {
        const match = matchQuery(parsed.query, indexPaper(one));
        return match === null ? [] : [{ seq: one.seq, match: { ...match, query: written } }];
      });
      expect(found.map((one) => ({ seq: one.paper.seq, match: one.queries[0] }))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
