import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../src/commands/program.ts';
import { packageFolder, variables } from '../src/config/config.ts';
import { sourceExamples } from '../src/sources/registry.ts';
import { readTopics } from '../src/topics/topics-file.ts';

const pages = [
  'README.md',
  ...(await readdir(join(packageFolder, 'docs')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (page: string) => readFile(join(packageFolder, page), 'utf8');

/** The first cells of the table under a heading of a page, with what stands in code there. */
async function listCode(page: string, heading: string): Promise<string[]> {
  const section = (await read(page)).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) =>
      [...(line.split(/(?<!\\) \| /)[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? ''),
    );
}

const commands = program.commands.flatMap((command) =>
  command.commands.length === 0
    ? [{ name: command.name(), command }]
    : command.commands.map((inner) => ({ name: `${command.name()} ${inner.name()}`, command: inner })),
);
const nameOf = (usage: string) => usage.split(/ [<[-]/)[0] ?? '';

describe('the page of sources', () => {
  test('shows how every source is written', async () => {
    const listed = await listCode('docs/sources.md', 'Kinds');
    for (const example of sourceExamples) expect(listed).toContain(example);
  });
});

describe('the configuration page', () => {
  test('lists every variable, and no other', async () => {
    const listed = await listCode('docs/configuration.md', 'Variables');
    expect(listed.toSorted()).toEqual(Object.keys(variables).toSorted());
  });
});

describe('the commands page', () => {
  test('lists every command with its options, and no other', async () => {
    const documented = await listCode('docs/commands.md', 'All commands');
    const usages = documented.map((usage) => usage.replaceAll('\\|', '|'));
    expect(usages.map(nameOf).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
    for (const { name, command } of commands) {
      const usage = usages.find((text) => nameOf(text) === name) ?? '';
      const options = usage.match(/--[a-z-]+/g) ?? [];
      expect(options.toSorted(), name).toEqual(command.options.map(({ long }) => long).toSorted());
    }
  });
});

test('every command prints JSON where it is asked to, but for those that serve, or print a file or a script', () => {
  const without = commands.filter(({ command }) => !command.options.some(({ long }) => long === '--json'));
  expect(without.map(({ name }) => name).toSorted()).toEqual([
    'completion',
    'deliveries export',
    'digest preview',
    'start',
    'subscribers export',
    'suppressions export',
  ]);
});

describe('the README', () => {
  test('names only variables and commands that exist', async () => {
    const names = commands.map(({ name }) => name);
    for (const name of await listCode('README.md', 'Configuration')) expect(variables).toHaveProperty(name);
    for (const usage of await listCode('README.md', 'Commands')) expect(names).toContain(nameOf(usage));
  });

  test('names only topics that there are', async () => {
    const ids = (await readTopics({ topicsFile: null })).topics.map(({ id }) => id);
    const named = [...(await read('README.md')).matchAll(/--topics ([\w,-]+)/g)].flatMap(([, list = '']) =>
      list.split(','),
    );
    expect(named).not.toEqual([]);
    for (const id of named) expect(ids).toContain(id);
  });

  test('is short enough for a first visit', async () => {
    expect((await read('README.md')).split('\n').length).toBeLessThanOrEqual(130);
  });
});

describe.each(pages)('%s', (page) => {
  test('links only to files and headings that are there', async () => {
    const targets = [...(await read(page)).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(
      ([, target]) => target ?? '',
    );
    for (const target of targets) {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      await expect(access(join(packageFolder, file)), target).resolves.toBeUndefined();
      if (heading !== undefined) expect(await listAnchors(file), target).toContain(heading);
    }
  });
});

/** The anchors of a page's headings, as Git forges make them. */
async function listAnchors(page: string): Promise<string[]> {
  return [...(await read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
