import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../src/commands/program.ts';
import { packageFolder, variables } from '../src/config/config.ts';

const readme = await readFile(join(packageFolder, 'README.md'), 'utf8');

/** The first cells of the table under a heading, with what stands in code there. */
function codeInTable(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) =>
      [...(line.split(/(?<!\\) \| /)[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? ''),
    );
}

describe('the README', () => {
  test('lists every variable of the configuration, and no other', () => {
    expect(codeInTable('Configuration').toSorted()).toEqual(Object.keys(variables).toSorted());
  });

  test('lists every command with its options, and no other', () => {
    const documented = codeInTable('Commands').map((usage) => usage.replaceAll('\\|', '|'));
    const commands = program.commands.flatMap((command) =>
      command.commands.length === 0
        ? [{ name: command.name(), command }]
        : command.commands.map((inner) => ({ name: `${command.name()} ${inner.name()}`, command: inner })),
    );
    const nameOf = (usage: string) => usage.split(/ [<[-]/)[0] ?? '';
    expect(documented.map(nameOf).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
    for (const { name, command } of commands) {
      const usage = documented.find((text) => nameOf(text) === name) ?? '';
      const options = usage.match(/--[a-z-]+/g) ?? [];
      expect(options.toSorted(), name).toEqual(command.options.map(({ long }) => long).toSorted());
    }
  });

  test('links only to files that are there', async () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target]) => target ?? '');
    const { access } = await import('node:fs/promises');
    for (const target of targets)
      await expect(access(join(packageFolder, target)), target).resolves.toBeUndefined();
  });
});
