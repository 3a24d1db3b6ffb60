// What of an abstract a digest shows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerptAbstract } from '../../src/text/excerpt.ts';

const known =
  'Large models have changed everything. Yet they cost a lot of money to train and to run every day. ';
const news = 'To this end, we propose Shepherd, which moves experts before hosts fail.';
const more = ' It watches temperatures and predicts which host is next. It was in use for a whole year.';
const room = { words: 25, columns: 160, enough: 0.35 };

test('not what everybody knows, but from where it says what is new', () => {
  expect(excerptAbstract(known + news + more, room)).toBe(
    `… ${news} It watches temperatures and predicts which host is next.`,
  );
});

test.each([
  'This paper introduces a benchmark of failures in clusters.',
  'In this work, we systematically study failures in clusters.',
  'This comprehensive survey covers failures in clusters.',
  'Here we show that failures in clusters are foreseeable.',
  'We analyse failures in clusters that run by day and by night.',
])('new is: %s', (sentence) => {
  expect(excerptAbstract(`${known}${sentence}${more}`, room)).toMatch(`… ${sentence}`);
});

test.each([
  'We all know that failures happen in clusters.',
  'Others present failures as rare.',
  'A paperweight works.',
])('nothing new is: %s', (sentence) => {
  expect(excerptAbstract(`${known}${sentence}${more}`, room)).toMatch(
    /^Large models have changed everything\./,
  );
});

test('from its beginning where that gets to what is new, and whole where it fits', () => {
  expect(excerptAbstract(`Hosts fail. ${news}${more}${more}`, room)).toMatch(
    /^Hosts fail\. To this end, we propose/,
  );
  expect(excerptAbstract(known + news, { words: 100, columns: 900 })).toBe(known + news);
  expect(excerptAbstract('', room)).toBe('');
});

test('where the links follow below, a last sentence about them is left out', () => {
  const wide = { words: 100, columns: 900 };
  const link = 'Our code is available at https://github.com/example/shepherd';
  expect(excerptAbstract(`${news} ${link}.`, wide)).toBe(news);
  expect(excerptAbstract(`${news} ${link}`, wide)).toBe(news);
  expect(excerptAbstract(`${link}.`, wide)).toBe(`${link}.`);
  expect(excerptAbstract(`${news} See https://a.org/x, then read. It is all.`, wide)).toMatch(/It is all\.$/);
});

test('of any text it is a piece, never too long', () => {
  const sentences = fc.array(
    fc.oneof(
      fc.constantFrom(news, known.trim(), more.trim(), '大规模语言模型。', 'See https://a.org/b.'),
      fc.lorem(),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(sentences, fc.integer({ min: 40, max: 300 }), (list, columns) => {
      const text = list.join(' ');
      const excerpt = excerptAbstract(text, { words: 40, columns });
      expect(text).toContain(excerpt.replace(/^… | …$/g, ''));
      expect(excerpt.length).toBeLessThanOrEqual(columns + 2);
    }),
  );
});
