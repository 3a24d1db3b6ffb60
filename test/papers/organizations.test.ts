// Which spellings are one organisation.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { organizationKey } from '../../src/papers/organizations.ts';

test.each([
  ['Example University', 'exampleuniversity'],
  ['  example-university.  ', 'exampleuniversity'],
  ['EXAMPLE\u00a0UNIVERSITY', 'exampleuniversity'],
  ['ExampleU Example University', 'exampleuniversity'],
  ['EU Example University', 'exampleuniversity'],
  ['example-lab Example Lab', 'examplelab'],
  ['example example', 'example'],
  ['Gensyn', 'gensyn'],
  ['École d’Exemple', 'ecoledexemple'],
  ['示例大学', '示例大学'],
  ['Lab 42', 'lab42'],
  [' – ', ''],
  ['', ''],
])('%j is %j', (name, key) => {
  expect(organizationKey(name)).toBe(key);
});

test('different ones stay different', () => {
  const names = [
    'Example University',
    'University Example',
    'Example Lab',
    'Example',
    'Another Lab',
    'AI Lab',
  ];
  expect(new Set(names.map(organizationKey)).size).toBe(names.length);
});

test('for any text: spaces, case and punctuation around the words change nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zA-Z]{1,8}$/), { minLength: 1, maxLength: 5 }), (words) => {
      const key = organizationKey(words.join(' '));
      expect(organizationKey(`  ${words.join('  ').toUpperCase()}. `)).toBe(key);
      expect(key).toMatch(/^[a-z]+$/);
    }),
  );
});

test('a text without end takes no time', () => {
  expect(organizationKey('a '.repeat(100_000)).length).toBeLessThan(500);
});
