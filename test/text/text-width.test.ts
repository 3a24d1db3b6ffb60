// How many columns a text takes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutToWidth, textWidth } from '../../src/text/text-width.ts';

test.each([
  ['plain words', 11],
  ['Müller’s naïve — “quoted”…', 26],
  ['日本語', 6],
  ['한국어', 6],
  ['Ａ', 2],
  ['🔬', 2],
  ['', 0],
])('%j takes %i', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test('no cut goes through a character', () => {
  expect(cutToWidth('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toBe('👩‍👩‍👧‍👦');
  expect(cutToWidth('日本語', 5)).toBe('日本');
  expect(cutToWidth('日本語', 1)).toBe('日');
});

test('a text is never narrower than its characters: 78 columns are at most 78 of them, as RFC 5322 asks of a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(textWidth(text)).toBeGreaterThanOrEqual(text.length);
    }),
  );
  for (const text of ['👩‍🔬'.repeat(30), '\u0300'.repeat(30)])
    expect(textWidth(text)).toBeGreaterThanOrEqual(text.length);
});
