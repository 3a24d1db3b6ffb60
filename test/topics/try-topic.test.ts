import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { tryGiven, writeTrial } from '../../src/commands/topics-try.ts';
import { packageFolder, readConfig } from '../../src/config/config.ts';
import { createCloser } from '../../src/service/closer.ts';
import { listDrafts } from '../../src/topics/draft.ts';
import { parseTopics } from '../../src/topics/read-topics.ts';
import { readTopics } from '../../src/topics/topics-file.ts';
import { tryTopic } from '../../src/topics/try-topic.ts';
import { addTopic } from '../../src/topics/written/write-topic.ts';
import { fewTopics } from '../support/program.ts';
import { createWorld, paper } from '../support/world.ts';

const kites = `
- id: kites
  name: Kites
  description: Kites, their tails and strings, and the wind that lifts them
  phrases: [kite, tail string, zeppelin]
`;

describe('trying a topic', () => {
  const topics = parseTopics(kites, 'kites.yaml');
  const [topic] = topics;
  if (topic === undefined) throw new Error('no topic');
  const others = [...Array(25).keys()].map((number) => ({
    title: `Old Trains, Part ${number}`,
    abstract: `Rusty rails of kind ${number}, and what it costs to paint them.`,
  }));
  const papers = [
    { title: 'How a Kite Climbs', abstract: 'A kite has a tail string. The wind lifts it.' },
    {
      title: 'On Wind',
      abstract: 'Something rises. A kite is one example, and there are more. Nobody counts them all.',
    },
    { title: 'Wind That Lifts', abstract: 'Tails and strings, and the wind that lifts them.' },
    ...others,
  ];
  const { found, missed, unused, ...rest } = tryTopic(topic, { topics, papers });

  test('shows what it finds, with the words that spoke', () => {
    expect(rest).toEqual({ papers: 28 });
    expect(found.map(({ title }) => title)).toEqual(['How a Kite Climbs']);
    expect(found[0]?.because).toContain('kite');
    expect(found[0]?.share).toBeGreaterThanOrEqual(1);
  });

  test('shows what it narrowly misses, and why', () => {
    const why = new Map(missed.map((one) => [one.title, one.why]));
    expect(why.get('On Wind')).toMatch(/^its words are worth 0\.\d+ of what is enough/);
    expect(why.get('Wind That Lifts')).toMatch(/^it lies near, and has none of the phrases/);
    expect(missed.some(({ title }) => title.startsWith('Old Trains'))).toBe(false);
  });

  test('names phrases that nobody writes', () => {
    expect(unused).toEqual(['zeppelin']);
  });
});

describe('topics try', () => {
  const surroundings = (env: Record<string, string> = {}) => ({
    config: readConfig({ ...env, INIT_CWD: packageFolder }),
    log: pino({ level: 'silent' }),
    closer: createCloser(),
  });
  const few = surroundings({ TOPICS_FILE: fewTopics });
  const against = 'seeds/daily-papers-2025-12-12.txt';

  test('takes a topic of the catalogue, and shows it as readers will see it', async () => {
    const {
      trials: [trial],
    } = await tryGiven(surroundings(), { topic: 'federated-learning', against });
    expect(trial?.topic).toMatchObject({ id: 'federated-learning', group: 'Learning and theory' });
    expect(trial?.found.length).toBeGreaterThanOrEqual(3);
    const text = trial === undefined ? '' : writeTrial(trial);
    expect(text).toContain('[ ] Federated learning\n      Learning from data that stays with its owners');
    expect(text).toContain(`of ${trial?.papers} papers`);
    await expect(tryGiven(surroundings(), { topic: 'nonsense', against })).rejects.toThrow(
      /no topic “nonsense”.*my-topic\.yaml/,
    );
  });

  test('takes a file with a topic, and tells a mistake in it with its line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'topics-'));
    try {
      const file = join(folder, 'mine.yaml');
      await writeFile(file, kites.replace('kite, tail string', 'pipeline parallelism'));
      const {
        trials: [trial],
      } = await tryGiven(few, { topic: file, against });
      expect(trial?.topic.name).toBe('Kites');
      expect((trial?.found.length ?? 0) + (trial?.missed.length ?? 0)).toBeGreaterThan(0);
      await writeFile(file, kites.replace(/description: .*/, 'description: Kites'));
      await expect(tryGiven(few, { topic: file, against })).rejects.toThrow(
        /mine\.yaml, line 4: the description/,
      );
      await expect(tryGiven(few, { topic: join(folder, 'no.yaml'), against })).rejects.toThrow(
        /cannot be read/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('takes the example of docs/topics.md, in a group of the catalogue', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'topics-'));
    try {
      const page = await readFile(join(packageFolder, 'docs/topics.md'), 'utf8');
      const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
      const file = join(folder, 'kites.yaml');
      await writeFile(file, example);
      const {
        trials: [trial],
      } = await tryGiven(surroundings(), { topic: file, against });
      expect(trial?.topic).toMatchObject({ id: 'kites', group: 'Robots and worlds' });
      await writeFile(file, example.replace(/group: .*/, 'group: machines'));
      await expect(tryGiven(surroundings(), { topic: file, against })).rejects.toThrow(
        /no group "machines"; the groups are language-models, .*worlds/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('against a folder it tries the papers of all files in it, each once, and tells which file has none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'try-'));
    try {
      const list = (...titles: string[]) =>
        JSON.stringify(titles.map((title) => ({ title, abstract: 'Of it.' })));
      await writeFile(join(folder, 'one.json'), list('A kite', 'A train'));
      await writeFile(join(folder, 'two.json'), list('A train', 'Another kite'));
      await writeFile(join(folder, 'notes.md'), 'Nothing that is a paper.');
      const file = join(folder, 'kites.yml');
      await writeFile(file, kites);
      const against = join(folder, '.');
      const { trials, warnings } = await tryGiven(surroundings(), { topic: file, against });
      expect(trials[0]?.papers).toBe(3);
      expect(trials[0]?.found.map(({ title }) => title).toSorted()).toEqual(['A kite', 'Another kite']);
      expect(warnings.join('\n')).toMatch(/notes\.md is left out/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('against the store a topic that was written by hand is one too', async () => {
    const world = await createWorld();
    const given = surroundings({
      TOPICS_FILE: fewTopics,
      DATABASE_URL: world.databaseUrl,
      SMTP_URL: 'smtp://127.0.0.1:1',
      BASE_URL: 'http://localhost:3000',
      SECRET_KEY: 'a secret for tests that is long enough',
    });
    try {
      const text = { title: 'A Kite and Its Tail String', abstract: 'A kite flies by its tail string.' };
      await world.list('2026-03-02', [paper(text)]);
      const [draft] = listDrafts(kites);
      if (draft !== undefined) await addTopic(world, { draft, by: 'olga' });
      const {
        trials: [trial],
      } = await tryGiven(given, { topic: 'kites', against: 'store' });
      expect(trial?.found.map(({ title }) => title)).toEqual(['A Kite and Its Tail String']);
      await expect(tryGiven(given, { topic: 'kites', against })).rejects.toThrow(/no topic “kites”/);
    } finally {
      await given.closer.close();
      await world.close();
    }
  });

  test('TOPICS_FILE puts other topics in the place of ours', async () => {
    const env = { TOPICS_FILE: 'seeds/topics-physics-mathematics.yaml' };
    const { topics, groups } = await readTopics(surroundings(env).config);
    expect(topics.map(({ id }) => id)).toContain('quantum-information');
    expect(groups.map(({ name }) => name)).toEqual(['Physics', 'Sky and Earth', 'Mathematics']);
    expect(() => readConfig({ TOPICS_FILE: '/no/such.yaml' })).toThrow(
      /TOPICS_FILE is not a file: there is no \/no\/such\.yaml/,
    );
  });
});
