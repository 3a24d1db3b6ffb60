// Completion as a shell does it, which is asked what it would offer.
import { execFileSync } from 'node:child_process';
import { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { listCommands } from '../../src/commands/completion.ts';
import { program } from '../../src/commands/program.ts';
import { shells, writeCompletion } from '../../src/commands/write-completion.ts';

const commands = listCommands(program);

/** What bash offers for a line whose last word is being written; a mark for what it would look for among files. */
function offer(...lines: string[][]): string[][] {
  const script = [
    writeCompletion('bash', commands),
    ...lines.map((line) => {
      const words = ['paperround', ...line].map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(${words}); COMP_CWORD=${line.length}; _paperround; echo "\${COMPREPLY[*]}"`;
    }),
  ].join('\n');
  const out = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  return out
    .split('\n')
    .slice(0, lines.length)
    .map((line) => line.split(' ').filter((word) => word !== ''));
}

describe('bash completes', () => {
  test('every command at its place, and every option of each', () => {
    const inner = commands.filter(({ commands: below }) => below.length > 0);
    expect(offer(...inner.map(({ path }) => [...path, '']))).toEqual(
      inner.map(({ commands: below }) => below.map(({ name }) => name)),
    );
    expect(offer(...commands.map(({ path }) => [...path, '--']))).toEqual(
      commands.map(({ options }) => options.map(({ name }) => name)),
    );
  });

  test('what has been begun, and the values of an option or argument that has a choice', () => {
    expect(
      offer(
        ['subs'],
        ['subscribers', 'e'],
        ['start', '--role', 'w'],
        ['start', '--role', '=', 'al'],
        ['completion', ''],
        ['subscribers', 'import', '--format', 'csv', '--map', 'm'],
      ),
    ).toEqual(
      [
        ['subscribers'],
        ['export', 'erase'].toSorted(),
        ['web', 'worker'],
        ['all'],
        [...shells],
        ['mailchimp'],
      ].map((words) =>
        expect.toSatisfy((given: string[]) => String(given.toSorted()) === String(words.toSorted())),
      ),
    );
  });

  test('nothing of ours where any value will do: bash then looks for files', () => {
    expect(offer(['subscribers', 'import', ''], ['subscribers', 'import', '--refused', ''])).toEqual([
      [],
      [],
    ]);
  });
});

test.each(shells)('what is said of a command does not end a quote in %s', (shell) => {
  const odd = new Command('paperround');
  odd
    .command('say')
    .description("who's there: \\ $(id) `id`")
    .addOption(new Option('--as <who>').choices(['a', 'b']));
  const script = writeCompletion(shell, listCommands(odd));
  if (shell === 'bash') execFileSync('bash', ['-n', '-c', script]);
  else
    expect(script).toMatch(
      shell === 'fish' ? /who\\'s there: \\\\ \$\(id\)/ : /who'\\''s there: \\ \$\(id\)/,
    );
});
