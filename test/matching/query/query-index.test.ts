import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexPaper } from '../../../src/matching/index-paper.ts';
import { findSpans } from '../../../src/matching/query/find-spans.ts';
import { parseQuery, type Query } from '../../../src/matching/query/query.ts';
import { indexQueries } from '../../../src/matching/query/query-index.ts';

function parse(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') throw new Error(`${text}: ${parsed.reason}`);
  return parsed.query;
}

const words = 'fine tuning finetuning moe mixture of experts text to image text2image'.split(' ');
const word = fc.constantFrom(...words);
const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((list) => list.join(' '));
const part = fc.oneof(
  word,
  word.map((one) => `ti:${one}`),
  fc.constantFrom('au:Curie', 'au:"Marie Curie"'),
  text.map((phrase) => `"${phrase}"`),
  fc.tuple(text, text).map(([one, other]) => `(${one} OR ${other})`),
);
const query = fc
  .array(fc.tuple(fc.constantFrom('', '', 'OR ', '-'), part), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map(([sign, one]) => sign + one).join(' '))
  .filter((one) => parseQuery(one).type === 'query');

test('a query narrowed to what a paper may answer finds there what it finds whole, and one that is left out nothing', () => {
  fc.assert(
    fc.property(fc.array(query, { minLength: 1, maxLength: 6 }), text, text, (texts, title, abstract) => {
      const queries = texts.map(parse);
      const paper = indexPaper({ title, abstract, authors: ['M. Curie'] });
      const narrowed = indexQueries(queries).narrow(paper);
      for (const one of queries) {
        const line = narrowed.get(one);
        for (const scope of ['paper', 'sentence'] as const) {
          const found = line === undefined ? new Map() : findSpans(line, paper, scope);
          expect([...found]).toEqual([...findSpans(one.root, paper, scope)]);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('what has none of the words is left out, and so is every alternative without them', () => {
  const queries = ['camera OR "graph transformer"', 'tuning (camera OR lens)', 'tuning -camera'].map(parse);
  const paper = indexPaper({ title: 'A Camera of Transformers', abstract: null });
  const narrowed = indexQueries(queries).narrow(paper);
  expect([...narrowed].map(([{ text }, line]) => [text, line.alternatives.length])).toEqual([
    ['camera OR "graph transformer"', 1],
  ]);
});

test.each([
  ['a phrase written as one word', '"fine tuning"'],
  ['two words written as one', 'fine tuning'],
  ['a name of which only the first letter is there', 'au:"Marie Curie"'],
  ['one name or another word, twice', '(camera OR au:"Marie Curie") (lens OR au:"Marie Curie")'],
])('%s is not left out', (_, text) => {
  const query = parse(text);
  const paper = indexPaper({ title: 'Finetuning', abstract: null, authors: ['M. Curie'] });
  const line = indexQueries([query]).narrow(paper).get(query);
  expect(line && findSpans(line, paper, 'paper').size).toBe(1);
});
