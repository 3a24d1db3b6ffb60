import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { rankGiven } from '../../src/commands/ranking/rank-given.ts';
import { packageFolder, readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createCloser } from '../../src/service/closer.ts';
import { fewTopics } from '../support/program.ts';

const surroundings = (env: Record<string, string> = {}) => ({
  config: readConfig(env),
  log: createLogger('silent'),
  closer: createCloser(),
});
const seed = join(packageFolder, 'seeds/daily-papers-2025-12-12.txt');
const nothing = { liked: [], disliked: [], keywords: [], topics: [] };
type Wanted = Partial<Parameters<typeof rankGiven>[1]>;
const rank = (wanted: Wanted) =>
  rankGiven(surroundings({ TOPICS_FILE: fewTopics }), { ...nothing, among: seed, ...wanted });

let folder: string;
const write = async (name: string, content: string | object) => {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ranking-'));
});

const bees = { title: 'Bees that dance', abstract: 'Foraging bees dance to tell of nectar.' };
const api = [
  { paper: { id: '2601.00001', title: 'Waggle runs', summary: 'How a foraging bee finds nectar.' } },
  { paper: { id: '2601.00002', title: 'Deep trenches', summary: 'Sediment of the sea floor.' } },
];
const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2601.00003v2</id>
  <title>Nectar, hives and honey</title><summary>Bees, again.</summary></entry></feed>`;

describe('papers rank', () => {
  test('puts first what is like the liked papers, which are not among them themselves', async () => {
    const { papers, warnings } = await rankGiven(surroundings(), {
      ...nothing,
      among: seed,
      liked: [
        'GPipe, Tutel: Adaptive Mixture-of-Experts at Scale',
        'Efficient Large-Scale Language Model Training on GPU Clusters Using Megatron-LM',
      ],
    });
    expect(warnings).toEqual([]);
    expect(papers).toHaveLength(55);
    expect(
      papers
        .slice(0, 5)
        .map(({ title }) => title)
        .join('\n'),
    ).toMatch(/Mixture-of-Experts|Pipeline/);
    expect(papers.map(({ title }) => title).join('\n')).not.toMatch(/^GPipe|^Tutel/m);
    expect(Object.keys(papers[0] ?? {})).toEqual(['title', 'id', 'score', 'because']);
    expect(papers[0]?.because).toMatch(/^like \*(?:GPipe|Tutel|Efficient Large)[^*]*\*: \S/);
    const scores = papers.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  test('reads a folder of listings in every form, and tells which file is none', async () => {
    await write('api.json', api);
    await write('feed.xml', atom);
    await write('ours.json', { papers: [{ ...bees, ids: { doi: '10.1000/bees' } }] });
    await write('notes.md', 'Nothing that is a paper.');
    const { papers, warnings } = await rank({ liked: ['https://arxiv.org/abs/2601.00001v3'], among: folder });
    expect(papers.map(({ id }) => id)).toEqual(['10.1000/bees', '2601.00003', '2601.00002']);
    expect(papers[0]?.because).toBe('like *Waggle runs*: Bees, Foraging, nectar');
    expect(papers.at(-1)).toMatchObject({ title: 'Deep trenches', score: 0, because: '' });
    expect(warnings).toEqual([expect.stringContaining('notes.md is left out')]);
  });

  test('takes names a line each from a file; what is unknown counts by its title, and an unknown id is told', async () => {
    const among = await write('among.json', [...api, bees]);
    const liked = await write(
      'liked.txt',
      '# mine\n2601.00002\n\n2601.99999\r\nNectar and bees, seen anew\n',
    );
    const { papers, warnings } = await rank({ liked: [liked], among });
    expect(papers.map(({ title }) => title).toSorted()).toEqual(['Bees that dance', 'Waggle runs']);
    expect(papers.map(({ because }) => because)).toContain('like *Nectar and bees, seen anew*: Bees, nectar');
    expect(warnings).toEqual([
      expect.stringMatching(/^2601\.99999 is not among the papers/),
      expect.stringContaining('it counts by its title'),
    ]);
  });

  test.each([
    [
      'liked.bib',
      '@misc{a, title={Deep trenches}, eprint={2601.00002}, author={Lovelace, Ada}}\n@book{b, title={Nectar, bees}}',
    ],
    [
      'liked.ris',
      'TY  - JOUR\nTI  - Something else\nUR  - https://arxiv.org/abs/2601.00002\nER  - \nTY  - BOOK\nBT  - Nectar, bees',
    ],
    [
      'liked.csv',
      'Item Type,Title,Url\npreprint,"<i>Deep</i> trenches",\nbook,"Nectar, bees",\nnote,My note,',
    ],
    [
      'liked.json',
      JSON.stringify([{ externalIds: { ArXiv: '2601.00002' }, title: 'x' }, { title: 'Nectar, bees' }]),
    ],
    ['liked.md', '# mine\n- [Deep trenches](https://arxiv.org/abs/2601.00002)\n- Nectar, bees'],
  ])('takes names from a library as readers give it: %s', async (name, content) => {
    const among = await write('among.json', [...api, bees]);
    const { papers, warnings } = await rank({ liked: [await write(name, content)], among });
    expect(papers.map(({ title }) => title).toSorted()).toEqual(['Bees that dance', 'Waggle runs']);
    expect(papers.map(({ because }) => because)).toContain('like *Nectar, bees*: Bees, nectar');
    expect(warnings).toEqual([expect.stringMatching(/^“Nectar, bees” is not among the papers: it counts/)]);
  });

  test('a dislike, a sentence about oneself, a topic and a query each move what they speak of', async () => {
    const usual = (await rank({ liked: ['GPipe'] })).papers;
    const scoreOf = async (title: string, wanted: Wanted) => {
      const { papers } = await rank({ liked: ['GPipe'], ...wanted });
      return [usual, papers].map(
        (ranked) => ranked.find((paper) => paper.title.startsWith(title))?.score ?? -1,
      );
    };
    const [before = 0, after] = await scoreOf('GNNPipe', { disliked: ['SkipPipe'] });
    expect(after).toBeLessThan(before);
    for (const [title, wanted] of [
      ['YOLOv13', { about: 'I work on real-time object detection.' }],
      ['Tutel', { topics: ['mixture-of-experts'] }],
      ['YOLOv13', { keywords: ['hypergraph'] }],
    ] satisfies [string, Wanted][]) {
      const [before = 1, after] = await scoreOf(title, wanted);
      expect(after).toBeGreaterThan(before + 0.05);
    }
  });

  test('what is missing or unknown is told by its name', async () => {
    await expect(rank({})).rejects.toThrow('Name what to look for: --liked');
    await expect(rank({ liked: ['my-papers.txt'] })).rejects.toThrow('my-papers.txt cannot be read');
    await expect(rank({ liked: ['mine.bib'] })).rejects.toThrow('mine.bib cannot be read');
    const empty = await write('empty.txt', '# nothing yet\n');
    await expect(rank({ liked: [empty] })).rejects.toThrow('names no papers');
    await expect(rank({ topics: ['no-such-topic'] })).rejects.toThrow('There is no topic “no-such-topic”');
    await expect(rank({ liked: ['GPipe'], among: join(folder, 'notes.md') })).rejects.toThrow('no papers in');
  });
});
