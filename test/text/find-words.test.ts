// The words that matched, found again in what is shown.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitAtWords } from '../../src/text/find-words.ts';

/** The text with [brackets] around what is marked. */
const mark = (text: string, words: string[]) =>
  splitAtWords(text, words)
    .map((span) => (span.isHit ? `[${span.text}]` : span.text))
    .join('');

test.each([
  ['Sparse Mixture-of-Experts models', ['mixture of experts'], 'Sparse [Mixture-of-Experts] models'],
  ['KV caches and more', ['KV cache'], '[KV caches] and more'],
  [
    'Expert parallelism for expert layers',
    ['expert', 'expert parallelism'],
    '[Expert parallelism] for expert layers',
  ],
  ['Agents act; agents learn', ['agents'], '[Agents] act; agents learn'],
  ['Management of agent teams', ['agent'], 'Management of [agent] teams'],
  ['C++ (fast) beats C', ['c++', '(fast)'], '[C++] [(fast)] beats C'],
  ['大规模语言模型的推理', ['语言模型'], '大规模[语言模型]的推理'],
  ['İstanbul models', ['models'], 'İstanbul [models]'],
  ['Nothing here', ['absent', '', ' '], 'Nothing here'],
  ['', ['word'], ''],
])('%s', (text, words, marked) => {
  expect(mark(text, words)).toBe(marked);
});

test('whatever is looked for, the text stays the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '-', 'é', 'İ', '中', '👍'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 5 }), (whole, words) => {
      expect(
        splitAtWords(whole, words)
          .map((span) => span.text)
          .join(''),
      ).toBe(whole);
    }),
  );
});
