// Why a paper is there, in a few words.
import { expect, test } from 'vitest';
import type { Reason } from '../../src/digests/digest.ts';
import { viewReasons } from '../../src/mails/reason-view.ts';

const topic = (because: string[]): Reason => ({
  type: 'topic',
  id: 'moe',
  name: 'Mixture of experts',
  score: 1,
  because,
});
const query = (text: string, because: string[]): Reason => ({
  type: 'query',
  query: text,
  score: 1,
  because,
});

test('a topic by its name, a keyword query in quotation marks, each with the words that spoke for it', () => {
  expect(viewReasons([topic(['expert routing']), query('fault tolerance', ['failures'])])).toEqual([
    { label: 'Mixture of experts', words: ['expert routing'] },
    { label: '“fault tolerance”', words: ['failures'] },
  ]);
});

test('words that a better one already said, and more than three, are left out', () => {
  expect(
    viewReasons([topic(['MoE', 'MoE model', 'experts', 'Expert', 'routing', 'gating'])])[0]?.words,
  ).toEqual(['MoE', 'experts', 'routing']);
});

test('a query that was found as it was asked is not said twice', () => {
  expect(viewReasons([query('"kv cache"', ['KV cache'])])).toEqual([{ label: '“kv cache”', words: [] }]);
});

test('three reasons are enough, and long ones are cut', () => {
  const view = viewReasons([query('q '.repeat(300), ['w'.repeat(900)]), topic([]), topic([]), topic([])]);
  expect(view).toHaveLength(3);
  expect(view[0]?.label.length).toBeLessThan(90);
  expect(view[0]?.words[0]?.length).toBeLessThanOrEqual(62);
});

test('damage in the words is mended as in the text', () => {
  expect(viewReasons([topic(['10^5 {\\bf GPUs}'])])[0]?.words).toEqual(['10⁵ GPUs']);
});
