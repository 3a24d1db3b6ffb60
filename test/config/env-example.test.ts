// .env.example is the configuration page once more, in the shape that is copied: the two cannot differ.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder, readConfig, variables } from '../../src/config/config.ts';

const lines = (await readFile(join(packageFolder, '.env.example'), 'utf8')).split('\n');
const settings = lines.flatMap((line) => {
  const [, name, value] = /^#([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, value }];
});

test('has every variable with its example, switched off', () => {
  const examples = Object.entries(variables).map(([name, { example }]) => ({ name, value: example }));
  const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
  expect(settings.toSorted(byName)).toEqual(examples.toSorted(byName));
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test('says of each what it sets and what holds without it, in the words of the configuration page', async () => {
  const page = await readFile(join(packageFolder, 'docs/configuration.md'), 'utf8');
  for (const row of page.split('\n').filter((line) => /^\| `[A-Z]/.test(line))) {
    const [names = '', what = '', unset = ''] = row
      .replaceAll('`', '')
      .split(' | ')
      .map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    const at = lines.indexOf(`# ${what}; unset: ${unset}`);
    expect(at, names).toBeGreaterThan(-1);
    const below = names
      .split(', ')
      .map((_, index) => /^#([A-Z0-9_]+)=/.exec(lines[at + 1 + index] ?? '')?.[1]);
    expect(below.join(', ')).toBe(names);
  }
});

test('gives examples that the program takes', () => {
  const taken = settings.filter(
    ({ name }) => !/^(?:DKIM|SECRET_KEY|DISPOSABLE_DOMAINS_FILE|BRAND_DIR)/.test(name),
  );
  const env = {
    ...Object.fromEntries(taken.map(({ name, value }) => [name, value])),
    SECRET_KEY: 'x'.repeat(64),
  };
  expect(() => readConfig(env)).not.toThrow();
});
