// How many columns a text takes.
import { expect, test } from 'vitest';
import { cutToWidth, textWidth } from '../../src/text/text-width.ts';

test.each([
  ['plain words', 11],
  ['Müller’s naïve — “quoted”…', 26],
  ['日本語', 6],
  ['한국어', 6],
  ['Ａ', 2],
  ['👩‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['⚡', 2],
  ['e\u0301', 1],
  ['a\u200db', 2],
  ['', 0],
])('%j takes %i', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test('no cut goes through a character', () => {
  expect(cutToWidth('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦');
  expect(cutToWidth('日本語', 5)).toBe('日本');
  expect(cutToWidth('日本語', 1)).toBe('日');
});
