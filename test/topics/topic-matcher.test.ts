import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LabelledPaper, readListedPapers, readPapers } from '../../bench/eval-papers.ts';
import { parseTopics, parseTopicsFile } from '../../src/topics/read-topics.ts';
import { askShare, compileTopics } from '../../src/topics/topic-matcher.ts';

const filler = 'Many words stand here that say nothing about any subject at all. ';

describe('why a paper has a topic', () => {
  const quote = (strong: string, title: string, hints: string[] = []) => {
    const lines = (name: string, all: string[]) => `  ${name}: ${JSON.stringify(all)}\n`;
    const topic = `- id: heather\n  name: Heather maps\n  description: What grows on the moor\n`;
    const yaml = topic + lines('strong', [strong]) + lines('hints', hints);
    return compileTopics(parseTopics(yaml, 'topics.yaml')).assign({ title, abstract: null })[0]?.because;
  };

  test.each([
    ['(moor OR heather) (bloom OR after)', 'Heather after rain', ['heather']],
    [
      'heather (models OR builds OR bloom)',
      'Heather that builds models and then a bloom',
      ['heather', 'bloom'],
    ],
    ['heather (maps OR models)', 'Maps, without models, of what is now heather', ['maps', 'heather']],
    ['heather (moor OR 20)', 'Heather: what 20 tell', ['heather']],
  ])('is told by no word of grammar, nor by what most papers have: %s', (strong, title, because) => {
    expect(quote(strong, title)).toEqual(because);
  });

  test.each([
    ['"bloom of"', 'The bloom of heather', ['bloom']],
    ['"we map the heather"', 'We map the heather', ['map the heather']],
    ['try-on OR heather', 'A try-on of it', ['try-on']],
  ])('has no word of grammar at its ends: %s', (strong, title, because) => {
    expect(quote(strong, title)).toEqual(because);
  });

  test.each([
    ['bloom heather', 'The bloom of heather', ['bloom of heather']],
    ['bloom heather', 'A bloom than heather', ['bloom', 'heather']],
    ['bloom heather', 'A bloom while heather', ['bloom', 'heather']],
  ])(
    'is one phrase over a word that joins two others, and over no other: %s in %s',
    (strong, title, because) => {
      expect(quote(strong, title)).toEqual(because);
    },
  );

  test('is never without any word', () => {
    expect(quote('after OR while', 'After a while')).toEqual(['after', 'while']);
  });
});

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

  test('hints add no more than what the phrases and strong lines gave', () => {
    const score = (hints: number) => {
      const rest = [1, 2, 3].map((n) => (n > hints ? 'All of it is here. ' : 'A node and an edge. '));
      return assign({ title: 'On Words', abstract: `Learning of a GNN. A GNN again. ${rest.join('')}` })[0]
        ?.score;
    };
    expect(score(2)).toBeGreaterThan(score(1) ?? 1);
    expect(score(3)).toBe(score(2));
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

  test('the best topic comes first', () => {
    const paper = {
      title: 'Learning Graph Neural Networks for Recommender Systems',
      abstract: 'A GNN has nodes. Message passing joins nodes. Recommendation models read it.',
    };
    const matches = assign(paper);
    expect(matches.map(({ id }) => id)).toEqual(['graph-learning', 'recommender-systems']);
    expect(matches.every(({ score }) => score >= 0.5 && score <= 1)).toBe(true);
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

describe('a topic by its phrases', () => {
  const topics = parseTopics(
    `
groups: [{ id: life, name: Life }]
topics:
  - id: kites
    group: life
    name: Kites
    description: Kites, their tails and strings, and the wind that lifts them from the ground
    phrases: [kite, tail string, wind tunnel OR wind-tunnels]
    examples: [How a Kite Climbs in Gusty Wind]
    replaces: [toys]
  - id: soup
    name: Soup
    description: Broth, vegetables and spoons, from the kitchen to the table of a canteen
    phrases: [broth, vegetable soup]
`,
    'topics.yaml',
  );
  const about = (subject: string, number: number) => ({
    title: `A Study of ${subject}, Part ${number}`,
    abstract: `We look at ${subject} of kind ${number}, at its price, and at what its makers say of it in letters.`,
  });
  const others = [...Array(30).keys()].map((number) => about('old trains and rusty rails', number));

  test('several words of a phrase stand together', () => {
    const [kites] = topics;
    expect(kites?.strong.map(({ text }) => text)).toEqual([
      'kite',
      '"tail string"',
      'wind tunnel OR wind-tunnels',
    ]);
  });

  test('a word that means something else is not enough far from what the topic says of itself', () => {
    const paper = {
      title: 'Kite: Compiling Loops',
      abstract:
        'Kite is a compiler. Loops run twice as fast with Kite on old trains and rusty rails, and on processors.',
    };
    const near = {
      title: 'Kite Flying',
      abstract: 'A kite climbs in gusty wind from the ground. Its tail is long.',
    };
    const { assign, weigh } = compileTopics(topics, [...others, paper, near]);
    const nearnessOf = (one: typeof paper) => weigh(one)[0]?.nearness ?? 0;
    expect(nearnessOf(near)).toBeGreaterThan(0.5);
    expect(nearnessOf(near)).toBeGreaterThan(nearnessOf(paper));
    expect(assign(near).map(({ id }) => id)).toEqual(['kites']);
    // What lies around was weighed already.
    for (const one of [near, paper]) expect(weigh({ ...one })).toEqual(weigh(one));
  });

  test('a day that is all about one topic keeps it', () => {
    const day = [...Array(30).keys()].map((number) => ({
      title: `Kite Number ${number} in a Wind Tunnel`,
      abstract: 'Every kite has a tail string. The wind lifts the kite from the ground.',
    }));
    const { assign } = compileTopics(topics, day);
    expect(day.every((paper) => assign(paper).some(({ id }) => id === 'kites'))).toBe(true);
  });

  test.each([
    ['unknown', null, 3, 1],
    ['that of the nearest topic', 3, 3, 0.7],
    ['half of that', 1.5, 3, 1.12],
    ['as of any paper', 0, 3, 1.8],
    ['below others', -0.1, 3, 1.8],
    ['below others, for all topics', -0.1, -0.1, 1.8],
  ])(
    'at a nearness that is %s the words must say so much of what is enough',
    (_, nearness, nearest, share) => {
      expect(askShare(nearness, nearest)).toBeCloseTo(share);
    },
  );

  test('what a paper names beside its subject is not its topic', () => {
    const both = parseTopics(
      `
- { id: kites, name: Kites, description: "Kites, their tails and strings, and the wind that lifts them.", phrases: [kite] }
- { id: balloons, name: Balloons, description: "Hot balloons, gas and baskets, and how they are steered.", phrases: [balloon] }
`,
      'topics.yaml',
    );
    const paper = {
      title: 'How Hot Balloons Are Steered',
      abstract:
        'Balloons with baskets are filled with gas. A hot balloon may draw a kite. We ask how balloons are steered.',
    };
    const [beside, subject] = compileTopics(both, others).weigh(paper);
    expect(subject?.asked).toBeCloseTo(0.7);
    expect(beside?.asked).toBeGreaterThan(1);
  });

  test('a third topic of a paper, the one that says least, must say more than the first two', () => {
    const three = parseTopics(
      `
- { id: gliders, name: Gliders, description: "Gliders and their wings.", phrases: [glider] }
- { id: kites, name: Kites, description: "Kites and their tails.", phrases: [kite] }
- { id: balloons, name: Balloons, description: "Balloons and their baskets.", phrases: [balloon] }
`,
      'topics.yaml',
    );
    const paper = {
      title: 'Kites, Balloons and Gliders',
      abstract: 'A kite has a tail. A balloon has a basket. A glider has wings. Kites and balloons are old.',
    };
    const weighed = compileTopics(three, others).weigh(paper);
    const nearest = Math.max(...weighed.map(({ nearness }) => nearness ?? 0));
    const more = weighed.map(({ nearness, asked }) => asked / askShare(nearness, nearest));
    expect(more.toSorted()).toEqual([1, 1, expect.closeTo(1.2)]);
    const worth = weighed.map(({ share, nearness }) => share / askShare(nearness, nearest));
    expect(more.indexOf(Math.max(...more))).toBe(worth.indexOf(Math.min(...worth)));
    expect(weighed.filter(({ isGiven }) => isGiven).length).toBeGreaterThanOrEqual(2);
  });

  test('a word that one paper alone has counts, however many papers there are', () => {
    const many = [...Array(400).keys()].map((number) => about('old trains and rusty rails', number));
    const paper = {
      title: 'The Zugvogel',
      abstract: 'A Zugvogel climbs with its tail, and a string holds it.',
    };
    const named = parseTopics(
      `- { id: kites, name: Kites, description: "The Zugvogel and others of its kind.", phrases: [kite] }`,
      'topics.yaml',
    );
    const rated = compileTopics(named, [...many, paper]).weighFirst(paper)?.nearness ?? 0;
    expect(rated).toBeGreaterThan(5);
  });
});

describe('the curated topics', () => {
  const file = 'seeds/topics.yaml';
  const { topics, groups } = parseTopicsFile(readFileSync(file, 'utf8'), file);
  const heldOut = () => readPapers('bench/eval-heldout.yaml');
  const tuning = () => readPapers('bench/eval-tuning.yaml');
  const assignAll = (papers: LabelledPaper[]) => {
    const { assign } = compileTopics(topics, papers);
    return papers.map((paper) => ({ paper, given: assign(paper) }));
  };
  // Two tests look at it.
  let assigned: ReturnType<typeof assignAll>;
  beforeAll(() => {
    assigned = assignAll(readListedPapers('seeds/daily-papers-2025-12-12.txt', 'bench/eval-seed.yaml'));
  });

  test('cover the field: some fifty, each in a group and named in six languages', () => {
    expect(topics.length).toBeGreaterThanOrEqual(45);
    expect(topics.length).toBeLessThanOrEqual(50);
    for (const { id, group, names, description, examples } of topics) {
      expect([id, Object.keys(names).sort()]).toEqual([id, ['de', 'es', 'fr', 'ja', 'zh']]);
      expect(groups.map((one) => one.id)).toContain(group);
      expect(description.length).toBeGreaterThan(40);
      expect(examples.length).toBeGreaterThan(0);
    }
    expect(
      topics.filter(({ replaces }) => replaces.includes('generative-media')).map(({ id }) => id),
    ).toEqual(['image-generation', 'video-generation']);
  });

  test.each([
    ['the listing', () => assigned, 0.9, 0.9],
    // Nearly all have one label: what else could be said of it counts as wrong.
    ['papers that nobody tuned on', () => assignAll(heldOut()), 0.8, 0.8],
    ['papers that they were tuned on', () => assignAll(tuning()), 0.9, 0.9],
  ])(
    'on %s, precision and recall are what they were',
    (_, assignLabelled: () => typeof assigned, precision, recall) => {
      const counts = { right: 0, given: 0, wanted: 0, without: 0 };
      const papers = assignLabelled();
      for (const { paper, given: topics } of papers) {
        const given = topics.map(({ id }) => id);
        counts.right += given.filter((id) => paper.topics.includes(id)).length;
        counts.given += given.length;
        counts.wanted += paper.topics.length;
        counts.without += given.length === 0 ? 1 : 0;
      }
      expect(counts.right / counts.given).toBeGreaterThanOrEqual(precision);
      expect(counts.right / counts.wanted).toBeGreaterThanOrEqual(recall);
      expect(counts.without / papers.length).toBeLessThan(0.1);
    },
  );

  test('one paper alone is given its topics, too', () => {
    const [paper] = heldOut();
    if (paper === undefined) throw new Error('no paper');
    expect(
      compileTopics(topics, [paper])
        .assign(paper)
        .map(({ id }) => id),
    ).toEqual(expect.arrayContaining(paper.topics));
  });

  test('what a paper was given for are its own words', () => {
    for (const { paper, given } of assigned) {
      const text = `${paper.title} ${paper.abstract}`.toLowerCase().replace(/[()]/g, '');
      for (const { because } of given) {
        expect(because.length).toBeGreaterThan(0);
        expect(because.length).toBeLessThanOrEqual(5);
        for (const words of because) expect(text).toContain(words.toLowerCase().replace(/[()]/g, ''));
      }
    }
  });
});
