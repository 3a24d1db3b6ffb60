import { describe, expect, test } from 'vitest';
import { fewestPapersForVectors, learnModel } from '../../src/vectors/learn.ts';
import { learnInThread } from '../../src/vectors/learn-in-thread.ts';
import { createVectorizer } from '../../src/vectors/paper-vector.ts';
import { buildProfile, createScorer } from '../../src/vectors/profile.ts';
import { rankPapers } from '../../src/vectors/rank.ts';
import { decompose } from '../../src/vectors/svd.ts';
import { countTerms } from '../../src/vectors/terms.ts';

/** Papers of three fields, each of some of its field's words: two of one field may share none. */
const fields = [
  ['graph', 'node', 'edge', 'clique', 'vertex', 'subgraph', 'adjacency', 'hypergraph'],
  ['robot', 'gripper', 'grasp', 'manipulator', 'locomotion', 'humanoid', 'actuator', 'joystick'],
  ['speech', 'speaker', 'phoneme', 'acoustic', 'voice', 'vocoder', 'prosody', 'dialect'],
];
const pick = (words: readonly string[], number: number) => words[number % words.length] ?? '';
const papers = Array.from({ length: 330 }, (_, i) => {
  const words = fields[i % 3] ?? [];
  const chosen = [i, i * 3 + 1, i * 5 + 2, i * 7 + 3].map((number) => pick(words, Math.floor(number / 3)));
  return { title: `The ${chosen[0]} of ${chosen[1]}`, abstract: `About ${chosen[2]}. With ${chosen[3]}.` };
});
const model = learnModel(papers, { dimensions: 8 });
const vectorize = createVectorizer(model);
const toVector = (text: string) => vectorize({ title: text, abstract: null });
const near = (one: string, other: string) => {
  const profile = buildProfile([toVector(one)]);
  return profile && createScorer(model.terms.length).score(profile, [toVector(other)])[0];
};

describe('the terms of a paper', () => {
  test('are stems and pairs of them, those of the title twice', () => {
    const counts = countTerms({ title: 'GUI agents', abstract: 'An agent for the GUI. Agents of 2025.' });
    expect(Object.fromEntries(counts)).toEqual({ gui: 3, agent: 4, 'gui agent': 2 });
  });
});

describe('a decomposition', () => {
  test('finds the singular values and directions of a matrix that has them', () => {
    // diag(3, 2, 0) turned by nothing: the answer is known.
    const matrix = {
      starts: Uint32Array.of(0, 1, 2, 2),
      columns: Uint16Array.of(1, 0),
      values: Float32Array.of(3, 2),
      columnCount: 3,
    };
    const { singularValues, right } = decompose(matrix, { dimensions: 2 });
    expect([...singularValues].map((value) => Math.round(value * 1000) / 1000)).toEqual([3, 2]);
    expect(Array.from(right, (value) => Math.round(Math.abs(value)))).toEqual([0, 1, 1, 0, 0, 0]);
  });
});

describe('vectors', () => {
  test('bring together what shares a field and not a word', () => {
    expect(near('graph', 'clique')).toBeGreaterThan(0.6);
    expect(near('graph', 'vocoder')).toBeLessThan(0.2);
  });

  test('leave out what all papers have in common', () => {
    const everywhere =
      'method result dataset baseline benchmark experiment setting study code user task error'.split(' ');
    const alike = papers.map(({ title, abstract }, i) => ({
      title,
      abstract: `${abstract} ${[0, 1, 3, 4, 7, 9].map((step) => pick(everywhere, i + step)).join('. ')}.`,
    }));
    const placed = alike.map(createVectorizer(learnModel(alike, { dimensions: 8 })));
    const nearness = placed.slice(0, 60).flatMap((one, i) =>
      placed.slice(0, 60).flatMap((other, j) => {
        if (i % 3 === j % 3) return [];
        const product = one.dense.reduce((sum, value, at) => sum + value * (other.dense[at] ?? 0), 0);
        return [product * one.denseScale * other.denseScale];
      }),
    );
    expect(nearness.reduce((sum, value) => sum + value, 0) / nearness.length).toBeLessThan(0.1);
  });

  test('are the same each time, and from a thread', async () => {
    expect(learnModel(papers, { dimensions: 8 })).toEqual(model);
    expect((await learnInThread(papers)).terms).toEqual(model.terms);
  });

  test('of few papers are their terms alone', () => {
    const small = learnModel(papers.slice(0, fewestPapersForVectors - 1));
    expect(small.dimensions).toBe(0);
    const vector = createVectorizer(small)({ title: 'Graph', abstract: null });
    expect(vector.dense).toHaveLength(0);
    expect(vector.terms).toHaveLength(1);
  });

  test('of a paper take at most 256 bytes dense and 360 sparse', () => {
    const { dense, terms, weights } = vectorize({ title: fields.flat().join(' '), abstract: null });
    expect(dense.byteLength).toBeLessThanOrEqual(256);
    expect(terms.byteLength + weights.byteLength).toBeLessThanOrEqual(360);
  });
});

describe('a ranking', () => {
  const toExample = (name: string) => ({ name, vector: toVector(name), topics: new Map<string, number>() });
  const candidates = ['Voice of a phoneme', 'Subgraph and clique', 'A humanoid'].map((title) => ({
    paper: { title, abstract: null },
    vector: toVector(title),
    topics: new Map<string, number>(),
    strength: 0,
  }));
  const rank = (
    liked: string[],
    {
      disliked = [],
      among = candidates,
      words,
    }: { disliked?: string[]; among?: typeof candidates; words?: string } = {},
  ) =>
    rankPapers(among, {
      liked: liked.map(toExample),
      disliked: disliked.map(toExample),
      followed: words === undefined ? null : toVector(words),
      model,
    });

  test('has what is like the liked papers first, with the words that they share', () => {
    const [first] = rank(['Acoustic speech', 'Clique of a graph']);
    expect(rank(['Clique of a graph'])[0]).toMatchObject({
      paper: { title: 'Subgraph and clique' },
      because: { like: 'Clique of a graph', words: ['clique'] },
    });
    expect(first?.because?.like).toMatch(/Acoustic speech|Clique of a graph/);
  });

  test('puts what is like a disliked paper lower', () => {
    const scoreOf = (disliked: string[]) =>
      rank(['A graph'], { disliked }).find(({ paper }) => paper.title === 'A humanoid')?.score ?? Number.NaN;
    expect(scoreOf(['A humanoid'])).toBeLessThan(scoreOf([]));
  });

  test('counts what is followed besides', () => {
    const followed = candidates.map((one, i) => ({ ...one, strength: i === 2 ? 1 : 0 }));
    expect(rank([], { among: followed })[0]).toMatchObject({
      paper: { title: 'A humanoid' },
      because: null,
    });
  });

  test('takes what is followed in words for one liked paper more, and for no reason', () => {
    const alone = rank(['Acoustic speech']);
    const beside = rank(['Acoustic speech'], { words: 'clique' });
    const scoreOf = (title: string, ranked: typeof alone) =>
      ranked.find(({ paper }) => paper.title === title)?.score ?? Number.NaN;
    expect(scoreOf('Subgraph and clique', beside)).toBeGreaterThan(scoreOf('Subgraph and clique', alone));
    expect(scoreOf('Voice of a phoneme', beside)).toBeLessThan(scoreOf('Voice of a phoneme', alone));
    for (const { because } of beside) expect(because?.like ?? 'Acoustic speech').toBe('Acoustic speech');
    // By itself it is what papers are matched by, and nothing that they could be like.
    expect(rank([], { words: 'clique' }).map(({ score }) => score)).toEqual([0, 0, 0]);
  });
});
