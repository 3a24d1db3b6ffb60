import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexPaper } from '../../../src/matching/index-paper.ts';
import { parseQuery } from '../../../src/matching/query/query.ts';
import { matchQuery } from '../../../src/matching/query/query-matcher.ts';
import {
  listWordNumbers,
  toWordCondition,
  type WordCondition,
} from '../../../src/matching/words/word-numbers.ts';

function isTrue(condition: WordCondition, words: ReadonlySet<number>): boolean {
  if (condition.type === 'some') return condition.of.some((number) => words.has(number));
  if (condition.type === 'none') return !condition.of.some((number) => words.has(number));
  return condition.type === 'all'
    ? condition.conditions.every((one) => isTrue(one, words))
    : condition.conditions.some((one) => isTrue(one, words));
}

const word = fc.constantFrom(
  'fine',
  'tuning',
  'finetuning',
  'moe',
  'mixture',
  'of',
  'experts',
  'text',
  'to',
  'image',
);
const words = fc.array(word, { minLength: 1, maxLength: 8 }).map((list) => list.join(' '));
const part = fc.oneof(
  word,
  word.map((text) => `ti:${text}`),
  words.map((text) => `"${text}"`),
  words.map((text) => `(${text})`),
);
const query = fc
  .array(fc.tuple(fc.constantFrom('', '', 'OR ', '-'), part), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map(([sign, text]) => sign + text).join(' '));

test('every paper that answers a query has the words that are asked for', () => {
  fc.assert(
    fc.property(query, words, words, (text, title, abstract) => {
      const parsed = parseQuery(text);
      if (parsed.type === 'invalid' || matchQuery(parsed.query, indexPaper({ title, abstract })) === null)
        return;
      const numbers = new Set(listWordNumbers(indexPaper({ title, abstract })));
      expect(isTrue(toWordCondition(parsed.query.root), numbers)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a paper that has the words of a phrase, but never side by side, is not looked at', () => {
  const isLookedAt = (text: string, title: string, abstract: string) => {
    const parsed = parseQuery(text);
    if (parsed.type === 'invalid') throw new Error(parsed.reason);
    return isTrue(
      toWordCondition(parsed.query.root),
      new Set(listWordNumbers(indexPaper({ title, abstract }))),
    );
  };
  const scattered = 'Tuning of the model; a fine language. Experts in mixture, of text.';
  expect(isLookedAt('"fine tuning"', 'Language Models', scattered)).toBe(false);
  expect(isLookedAt('"mixture of experts"', 'Language Models', scattered)).toBe(false);
  expect(isLookedAt('fine tuning', 'Language Models', scattered)).toBe(true);
  expect(isLookedAt('"language models"', 'Language Models', scattered)).toBe(true);
  expect(isLookedAt('ti:tuning', 'Language Models', scattered)).toBe(false);
  expect(isLookedAt('ti:language', 'Language Models', scattered)).toBe(true);
});

test('a paper without the words is not looked at', () => {
  const parsed = parseQuery('"graph transformer" OR camera');
  if (parsed.type === 'invalid') throw new Error(parsed.reason);
  const numbers = new Set(listWordNumbers(indexPaper({ title: 'Graphs of Words', abstract: null })));
  expect(isTrue(toWordCondition(parsed.query.root), numbers)).toBe(false);
});
