// What is given to an option or in the place of an argument is looked at before anything is opened: each kind of value, wherever a
// command takes it.
import type { Command, CommanderError, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { program } from '../../src/commands/program.ts';
import { parseSince } from '../../src/commands/run.ts';
import { runHere } from '../support/run-here.ts';

const leaves = program.commands.flatMap((command) =>
  command.commands.length === 0 ? [command] : command.commands,
);
const nameOf = (command: Command) =>
  [command.parent?.name() ?? '', command.name()]
    .filter((name) => name !== 'paperround' && name !== '')
    .join(' ');

/** By what stands for the value in the usage. */
const wrong: Record<string, string[]> = {
  '<domain>': ['bad_domain', 'localhost', 'ada@example.org', ''],
  '<day>': ['2026-02-30', 'tomorrow', ''],
  '<YYYY-MM-DD>': ['2026-02-30', 'tomorrow', ''],
  '<time>': ['2026-02-30', '2026-03-01junk', '2026-03-01T09:00', ''],
  '<number>': ['-1', '1.5', 'many', ''],
  '<n>': ['0', '1.5', 'many', ''],
  '<version>': ['-1', 'x', ''],
  '<hour>': ['24', '-1', '7.5', ''],
  '<evidence>': ['', '  '],
};
const kindOf = ({ flags }: Option) => /<.+>$/.exec(flags)?.[0] ?? '';
const cases = leaves.flatMap((command) =>
  command.options.flatMap((option) =>
    (wrong[kindOf(option)] ?? []).map((value) => [nameOf(command), option, value] as const),
  ),
);

describe('is refused with the name of the option:', () => {
  test.each(cases.map(([name, option, value]) => [name, option.long ?? '', value, option] as const))(
    '%s %s “%s”',
    (_name, _long, value, option) => {
      const { parseArg } = option;
      expect(parseArg, 'nothing looks at it').toBeTypeOf('function');
      expect(() => parseArg?.(value, undefined)).toThrow(
        expect.objectContaining({ code: 'commander.invalidArgument' }) as unknown as CommanderError,
      );
    },
  );
});

test('every kind that there is a rule for is taken somewhere', () => {
  const taken = new Set(leaves.flatMap(({ options }) => options.map(kindOf)));
  expect(Object.keys(wrong).filter((kind) => !taken.has(kind))).toEqual([]);
});

test('a day and a time of a named zone are taken as they are', () => {
  expect(parseSince('2026-03-01').toISOString()).toBe('2026-03-01T00:00:00.000Z');
  expect(parseSince('2026-03-01T09:00+01:00').toISOString()).toBe('2026-03-01T08:00:00.000Z');
});

test('keys are made for a domain that mail can come from, and for no other', {
  timeout: 60_000,
}, async () => {
  const told = async (...args: string[]) => {
    const { exit, stdout, stderr } = await runHere(['dkim', 'generate', ...args]);
    return [exit, stdout === '', stderr] as const;
  };
  const wrongDomain = await told('--domain', 'bad_domain');
  expect(wrongDomain).toEqual([
    1,
    true,
    expect.stringMatching(/--domain.*'bad_domain'.*such as example\.org/),
  ]);
  const wrongSelector = await told('--selector', 'a.b_c');
  expect(wrongSelector).toEqual([1, true, expect.stringMatching(/--selector.*'a\.b_c'/)]);
  // Nothing is configured: the sender is at localhost.
  expect(await told()).toEqual([1, true, expect.stringMatching(/^Whose keys\? .*--domain/)]);
});
