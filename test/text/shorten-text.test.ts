// Texts cut to the room that there is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shortenText } from '../../src/text/shorten-text.ts';

const tenWords = { words: 10, columns: 200 };

test('what fits stays whole', () => {
  expect(shortenText('Six words are not too many.', tenWords)).toBe('Six words are not too many.');
  expect(shortenText('', tenWords)).toBe('');
});

test('a longer text ends with its last whole sentence', () => {
  expect(shortenText('Models grow. They cost more every year. Then comes a third one.', tenWords)).toBe(
    'Models grow. They cost more every year.',
  );
});

test('or at a word, where too little would be left', () => {
  expect(shortenText('Yes. This is a long sentence that goes on, and on, and on.', tenWords)).toBe(
    'Yes. This is a long sentence that goes on, and …',
  );
});

test('an abbreviation, a number and a name do not end a sentence', () => {
  const text = 'We test 3.5 billion weights, e.g. Those of J. Smith et al. Today and then some more words.';
  expect(shortenText(text, { words: 14, columns: 200 })).toMatch(/Today and …$/);
});

test('text without spaces is cut between characters, at half the number: they are twice as wide', () => {
  const cut = shortenText('大规模语言模型'.repeat(30), { words: 10, columns: 40 });
  expect(cut).toMatch(/^[\p{Script=Han}]{18,19} …$/u);
});

test('an emoji is not cut in two', () => {
  expect(shortenText('👩‍🔬'.repeat(100), { words: 5, columns: 50 })).toMatch(/^(?:👩‍🔬)+ …$/u);
});

describe('for any text', () => {
  test('the result begins it, and is never too long', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400, unit: 'grapheme' }),
        fc.integer({ min: 60, max: 200 }),
        (text, columns) => {
          const short = shortenText(text, { words: 20, columns });
          expect(text.startsWith(short.replace(/ …$/, ''))).toBe(true);
          expect(short.split(/\s+/).length).toBeLessThanOrEqual(23);
          expect(short.length).toBeLessThanOrEqual(columns + 40);
        },
      ),
    );
  });
});
