import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LabelledPaper, readListedPapers, readPapers } from '../../bench/eval-papers.ts';
import { indexPaper } from '../../src/matching/index-paper.ts';
import { parseTopics } from '../../src/topics/read-topics.ts';
import { compileTopics } from '../../src/topics/topic-matcher.ts';

const filler = 'Many words stand here that say nothing about any subject at all. ';

describe('a topic', () => {
  const { assign } = compileTopics(
    parseTopics(
      `
- id: graph-learning
  name: Graph learning
  description: Learning on graphs
  needs: [learning OR training]
  strong:
    - graph-neural-network OR gnn
    - message-passing (node OR edge)
  hints: [node, edge]
  titles: [relation]
  against: [bar-graph]
- id: recommender-systems
  name: Recommender systems
  description: What to read next
  strong: [recommender-system OR recommendation-model]
`,
      'topics.yaml',
    ),
  );
  const idsFor = (title: string, abstract: string | null) => assign({ title, abstract }).map(({ id }) => id);

  test('one strong line in the title is enough, without an abstract too', () => {
    expect(idsFor('Learning with Graph Neural Networks', null)).toEqual(['graph-learning']);
    expect(idsFor('Learning with GNNs', filler.repeat(8))).toEqual(['graph-learning']);
  });

  test('a subject that a long abstract names once is not given', () => {
    expect(
      idsFor('On Words', `${filler.repeat(8)}A graph neural network is learning.${filler.repeat(8)}`),
    ).toEqual([]);
  });

  test('a subject that several sentences name is given', () => {
    const abstract = `A GNN has nodes. ${filler}Each GNN is learning. Message passing connects each node. ${filler}`;
    expect(idsFor('On Words', abstract)).toEqual(['graph-learning']);
  });

  test('hints alone are not enough', () => {
    expect(idsFor('Nodes and Edges: Learning', 'Nodes. Edges. Nodes. Edges. Nodes.')).toEqual([]);
  });

  test('a word may help in the title and say nothing in the abstract', () => {
    const score = (title: string, abstract: string) =>
      assign({ title, abstract: `Learning with a GNN. ${abstract}` })[0]?.score ?? 0;
    expect(score('GNN learning of relations', '')).toBeGreaterThan(score('GNN learning of words', ''));
    expect(score('GNN learning', 'Relations are here.')).toBe(score('GNN learning', 'Words are here.'));
    expect(idsFor('Learning of relations', 'Learning.')).toEqual([]);
  });

  test('the words of one line must stand in one sentence', () => {
    const score = (abstract: string) => assign({ title: 'GNN learning', abstract })[0]?.score ?? 0;
    expect(score('Message passing at each vertex, and a node.')).toBeGreaterThan(
      score('Message passing at each vertex. And a node.'),
    );
  });

  test('words that mean something else elsewhere speak against it', () => {
    expect(idsFor('GNN learning', 'A bar graph here. A bar graph there.')).toEqual([]);
  });

  test('a paper without what is needed never has it', () => {
    expect(idsFor('GNN', 'GNN.')).toEqual([]);
  });

  test('experiments count for less than what the paper is about', () => {
    const sentences = [1, 2, 3].map((n) => `Learning with a GNN is idea ${n}. `).join('');
    const experiments = [1, 2, 3].map((n) => `Experiments with a GNN show ${n}. `).join('');
    const score = (text: string) => assign({ title: 'GNN learning', abstract: text })[0]?.score ?? 0;
    expect(score(sentences)).toBeGreaterThan(score(experiments));
  });

  test('the best topic comes first, and an indexed paper gives the same', () => {
    const paper = {
      title: 'Learning Graph Neural Networks for Recommender Systems',
      abstract: 'A GNN has nodes. Message passing joins nodes. Recommendation models read it.',
    };
    const matches = assign(paper);
    expect(matches.map(({ id }) => id)).toEqual(['graph-learning', 'recommender-systems']);
    expect(matches.every(({ score }) => score >= 0.5 && score <= 1)).toBe(true);
    expect(assign(indexPaper(paper))).toEqual(matches);
  });

  test('the words of the paper that spoke are named, best first, each once', () => {
    const [match] = assign({
      title: 'Scaling GNN Training',
      abstract:
        'Graph neural networks (GNNs) need message passing over every edge. Learning visits each node once.',
    });
    expect(match?.because).toEqual(['GNN', 'graph neural networks', 'message passing', 'node', 'edge']);
  });
});

describe('the curated topics', () => {
  const file = 'seeds/topics.yaml';
  const topics = parseTopics(readFileSync(file, 'utf8'), file);
  const { assign } = compileTopics(topics);

  test('they are the ones that were promised', () => {
    expect(topics.map(({ id }) => id).sort()).toEqual([
      'agents-tools',
      'benchmarks-evaluation',
      'cloud-systems',
      'computer-vision',
      'data-management',
      'distributed-training',
      'federated-learning',
      'generative-media',
      'graph-learning',
      'hardware-accelerators',
      'llm-inference',
      'llm-training',
      'mixture-of-experts',
      'multimodal',
      'optimization-theory',
      'parameter-efficient-finetuning',
      'recommender-systems',
      'reinforcement-learning',
      'retrieval-rag',
      'robustness-ood',
      'time-series',
    ]);
  });

  test.each([
    ['the listing', () => readListedPapers('seeds/daily-papers-2025-12-12.txt', 'bench/eval-seed.yaml')],
    ['papers that were never tuned on', () => readPapers('bench/eval-heldout.yaml')],
  ])('on %s, precision and recall are at least 0.85', (_, readLabelled: () => LabelledPaper[]) => {
    const counts = { right: 0, given: 0, wanted: 0 };
    for (const paper of readLabelled()) {
      const given = assign(paper).map(({ id }) => id);
      counts.right += given.filter((id) => paper.topics.includes(id)).length;
      counts.given += given.length;
      counts.wanted += paper.topics.length;
    }
    expect(counts.right / counts.given).toBeGreaterThanOrEqual(0.85);
    expect(counts.right / counts.wanted).toBeGreaterThanOrEqual(0.85);
  });

  test('what a paper was given for are its own words', () => {
    for (const paper of readListedPapers('seeds/daily-papers-2025-12-12.txt', 'bench/eval-seed.yaml')) {
      const text = `${paper.title} ${paper.abstract}`.toLowerCase().replace(/[()]/g, '');
      for (const { because } of assign(paper)) {
        expect(because.length).toBeGreaterThan(0);
        expect(because.length).toBeLessThanOrEqual(5);
        for (const words of because) expect(text).toContain(words.toLowerCase().replace(/[()]/g, ''));
      }
    }
  });
});
