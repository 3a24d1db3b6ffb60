import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexPaper } from '../../../src/matching/index-paper.ts';
import type { MatchablePaper } from '../../../src/matching/match.ts';
import { parseQuery } from '../../../src/matching/query/query.ts';
import { matchQuery } from '../../../src/matching/query/query-matcher.ts';
import { commonWords } from '../../../src/matching/words/split-words.ts';

const match = (query: string, paper: MatchablePaper) => {
  const parsed = parseQuery(query);
  if (parsed.type === 'invalid') throw new Error(parsed.reason);
  return matchQuery(parsed.query, indexPaper(paper));
};

const moe: MatchablePaper = {
  title: 'ElasticMoE: Auto Scaling for Mixture-of-Experts Models',
  abstract:
    'Large language models need elastic serving. We reuse weights and KV caches, so that GPUs are added without downtime. ' +
    'Fine tuning is not needed. Code: https://example.org/vision',
};

describe('a query', () => {
  test.each([
    ['moe', ['mixture-of-experts']],
    ['"mixture of experts"', ['mixture-of-experts']],
    ['mixture of experts', ['mixture-of-experts']],
    ['LLM serving', ['large language models', 'serving']],
    ['"serve"', ['serving']],
    ['kv-cache', ['KV caches']],
    ['"key value cache"', ['KV caches']],
    ['finetuning', ['fine tuning']],
    ['fine-tune', ['fine tuning']],
    ['gpu', ['GPUs']],
    ['auto-scaling OR vision', ['auto scaling']],
    ['vision OR (elastic serving)', ['elastic serving']],
    ['scaling -vision', ['scaling']],
    ['scaling -"vision language"', ['scaling']],
    ['(vision OR scaling) (language OR speech)', ['scaling', 'language']],
    ['mixture scaling', ['mixture', 'scaling']],
  ])('%s is answered by the paper, with its words', (query, because) => {
    expect(match(query, moe)).toMatchObject({ because });
  });

  test.each([
    'vision',
    'scaling vision',
    '"scaling auto"',
    '"experts scaling"',
    'moe -serving',
    'moe -LLM',
    'moe -(llama OR serving)',
    'mix',
    'example.org',
    '"models large"',
  ])('%s is not answered by the paper', (query) => {
    expect(match(query, moe)).toBeNull();
  });

  test('the match carries the tidied query', () => {
    expect(match('  "KV Cache"  or MOE ', moe)?.query).toBe('"kv cache" OR moe');
  });

  test('the title counts more than the abstract, a phrase more than scattered words, and more places more than one', () => {
    const score = (query: string, title: string, abstract: string) =>
      match(query, { title, abstract })?.score ?? 0;
    const inTitle = score('graph learning', 'Graph learning', 'Words.');
    const often = score('graph learning', 'Words', 'Graph learning. On graph learning.');
    const once = score('graph learning', 'Words', 'Graph learning.');
    const apart = score('graph learning', 'Words', 'Learning on a graph.');
    expect(inTitle).toBe(1);
    expect([often, once, apart]).toEqual([often, once, apart].sort((one, other) => other - one));
    expect(new Set([inTitle, often, once, apart]).size).toBe(4);
    expect(apart).toBeGreaterThan(0);
  });

  test('an abstract that is missing, empty or of another language is no obstacle', () => {
    expect(match('moe', { title: 'MoE', abstract: null })?.score).toBe(1);
    expect(match('moe', { title: '', abstract: '' })).toBeNull();
    expect(match('模型', { title: '模型', abstract: null })?.because).toEqual(['模型']);
  });

  test('at most five places are named', () => {
    const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((word) => `${word}fold`);
    expect(match(words.join(' OR '), { title: words.join(', '), abstract: null })?.because).toHaveLength(5);
  });

  const word = fc.stringMatching(/^[a-z]{3,8}$/).filter((one) => !commonWords.has(one));
  const words = fc.uniqueArray(word, { minLength: 2, maxLength: 4 });

  test('case, hyphens and spaces make no difference', () => {
    fc.assert(
      fc.property(
        words,
        fc.constantFrom('-', ' ', '‑', ' – '),
        fc.constantFrom('-', ' '),
        (parts, inPaper, inQuery) => {
          const paper = { title: `On ${parts.join(inPaper).toUpperCase()}`, abstract: null };
          expect(match(`"${parts.join(inQuery)}"`, paper)?.score).toBe(1);
          expect(match(parts.join('-'), paper)?.score).toBe(1);
        },
      ),
    );
  });

  test('two words are also found written as one, and one word written as two', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(match(`${one}-${other}`, { title: one + other, abstract: null })).not.toBeNull();
        expect(match(`"${one} ${other}"`, { title: `${one}${other}`, abstract: null })).not.toBeNull();
        expect(match(one + other, { title: `${one}-${other}`, abstract: null })).not.toBeNull();
        expect(match(one + other, { title: `${one} ${other}`, abstract: null })).not.toBeNull();
      }),
    );
  });

  test('an excluded word of the paper always prevents the match', () => {
    fc.assert(
      fc.property(words, (parts) => {
        const paper = { title: parts.join(' '), abstract: null };
        expect(match(parts.join(' '), paper)).not.toBeNull();
        expect(match(`${parts[0]} -${parts[1]}`, paper)).toBeNull();
      }),
    );
  });
});
