// Plain text in lines that every mail program shows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth } from '../../src/text/text-width.ts';
import { wrapText } from '../../src/text/wrap-text.ts';

const url = `https://papers.example.org/preferences/${'x'.repeat(100)}`;

test('a line has at most 78 columns', () => {
  expect(wrapText('word '.repeat(40))).toBe(
    [`${'word '.repeat(15)}word`.slice(0, 74), 'x']
      .join('\n')
      .replace(/\nx$/, `\n${'word '.repeat(15).trim()}\n${'word '.repeat(10).trim()}`),
  );
});

test('the first line and the others can begin differently', () => {
  expect(wrapText('word '.repeat(20), { first: '* ', indent: '  ' })).toMatch(/^\* word.+\n {2}word[^\n]+$/);
});

test('a long URL has a line of its own and is not broken', () => {
  expect(wrapText(`The code is at ${url} since today.`)).toBe(`The code is at\n${url}\nsince today.`);
});

test('Chinese and Japanese break between characters, and no line begins with a mark that closes', () => {
  const text =
    'このメールは Paperround からお送りしています。論文、トピック、キーワードはいつでも変更できます。'.repeat(
      6,
    );
  const lines = wrapText(text).split('\n');
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(78);
  for (const line of lines.slice(0, -1)) expect(textWidth(line)).toBeGreaterThan(60);
  for (const line of lines) expect(line).not.toMatch(/^[、。ーっャ]/);
});

test('a space that does not break stays where it is, and what it is', () => {
  const text = `${'mot '.repeat(18)}article\u202f? ${'mot '.repeat(3)}«\u00a0mot\u00a0»`;
  const lines = wrapText(text).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^article\u202f\? mot mot mot «\u00a0mot\u00a0»$/);
});

test('nothing stays nothing', () => {
  expect(wrapText('')).toBe('');
  expect(wrapText(' \n ')).toBe('');
});

test('for any text no line is longer, and no letter is lost', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600, unit: 'grapheme' }), (text) => {
      const wrapped = wrapText(text, { first: '* ', indent: '  ' });
      for (const line of wrapped.split('\n')) expect(line.length).toBeLessThanOrEqual(78);
      expect(wrapped.replace(/^\* /, '').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }),
  );
});
