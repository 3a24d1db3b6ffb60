import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../src/matching/query/query.ts';

const textOf = (text: string) => {
  const parsed = parseQuery(text);
  return parsed.type === 'query' ? parsed.query.text : `invalid: ${parsed.reason}`;
};

describe('a keyword query', () => {
  test.each([
    ['MoE', 'moe'],
    ['  Diffusion   Transformers ', 'diffusion transformers'],
    ['“KV cache” OR „paged attention‟', '"kv cache" OR "paged attention"'],
    ['Fine‑Tuning', 'fine-tuning'],
    ['graph or recommender', 'graph OR recommender'],
    ['graph | recommender || ranking', 'graph OR recommender OR ranking'],
    ['graph, OR, learning', 'graph OR learning'],
    ['graph AND learning', 'graph learning'],
    ['diffusion -video -"image editing"', 'diffusion -video -"image editing"'],
    ['-video diffusion', 'diffusion -video'],
    ['diffusion −video', 'diffusion -video'],
    ['diffusion NOT video', 'diffusion -video'],
    ['a2c OR ppo -games', 'a2c OR ppo -games'],
    ['(graph OR hypergraph) learning', '(graph OR hypergraph) learning'],
    ['((graph learning))', 'graph learning'],
    ['(graph OR node) OR edge', 'graph OR node OR edge'],
    ['graph -(social OR citation)', 'graph -(social OR citation)'],
    ['graph graph "graph"', 'graph'],
    ['(graph learning) graph OR (learning OR graph learning)', 'graph learning OR learning'],
    ['"diffusion"', 'diffusion'],
    ['"OR"', '"or"'],
    ['"The"', '"the"'],
    ['mixture of experts', 'mixture of experts'],
    ['C++ OR C#', 'c++ OR c#'],
    ['A* search', 'a search'],
    ['GPT-4o, Llama-3.1', 'gpt-4o llama-3.1'],
    ['speech - recognition', 'speech recognition'],
    ["LLM's", 'llm'],
  ])('%j is %j', (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });

  test.each([
    ['', /empty/],
    [' \u200b\t ', /empty/],
    ['"mixture of experts', /quotation mark is never closed: "mixture of experts/],
    ['moe "', /quotation mark is never closed/],
    ['moe ""', /no word between two quotation marks/],
    ['OR moe', /OR needs something/],
    ['moe OR', /OR needs something/],
    ['moe OR OR rag', /OR needs something/],
    ['moe OR -video', /OR needs something/],
    ['-video', /only says what to leave out.*-video/],
    ['-video -"image editing"', /only says what to leave out/],
    ['moe NOT', /minus or NOT needs/],
    ['!!! …', /no word to look for/],
    ['()', /no word to look for/],
    ['(moe', /\( that is never closed/],
    ['moe)', /\) without a \(/],
    ['((((((moe OR rag))))))', /nested too deeply/],
    ['the', /Nearly every text has "the"/],
    ['moe OR of the', /Nearly every text has "of the"/],
    ['quanti*', /\* in quanti\* is not needed/],
    ['*former', /No letters can be left open, as in \*former/],
    ['tr?nsformer', /left open, as in tr\?nsformer/],
    ['cat: cs.LG', /not stored with what cat: asks for/],
    ['submittedDate:[20200101 TO 20210101]', /not stored with what submittedDate: asks for/],
    ['year:2026 moe', /not stored with what year: asks for/],
  ])('%j is refused, with the reason', (text, reason) => {
    const parsed = parseQuery(text);
    expect(parsed).toMatchObject({ type: 'invalid', reason: expect.stringMatching(reason) });
  });

  test.each([
    ['moe !survey', 'moe -survey'],
    ['!survey moe', 'moe -survey'],
    ['moe!', 'moe'],
    ['"kv cache"~5', '"kv cache"'],
    ['title: moe', 'ti:moe'],
    ['intitle:moe inauthor:lovelace', 'ti:moe au:lovelace'],
    ['ti:moe+AND+abs:%22kv+cache%22', 'ti:moe abs:"kv cache"'],
    ['ti:moe+ANDNOT+abs:video', 'ti:moe -abs:video'],
    ['c++', 'c++'],
    ['r&d 50%', 'r&d 50'],
  ])('%j, as other searchers write it, is %j', (text, tidied) => expect(textOf(text)).toBe(tidied));

  test('the length is limited, in characters and in words', () => {
    const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`);
    expect(textOf('x'.repeat(200))).toBe('x'.repeat(200));
    expect(textOf('x'.repeat(201))).toMatch(/too long: at most 200 characters/);
    expect(textOf('y'.repeat(1_000_000))).toMatch(/too long/);
    expect(textOf(words(20).join(' '))).toBe(words(20).join(' '));
    expect(textOf(words(21).join(' '))).toMatch(/has 21 words: at most 20/);
    expect(textOf(`"${words(21).join(' ')}"`)).toMatch(/has 21 words/);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      'OR',
      'or',
      '|',
      '-',
      '(',
      ')',
      '"',
      ' ',
      'NOT',
      'AND',
      'the',
      '*',
      '-x',
      '“',
      'İ',
      'ß',
      "'s",
      '²',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.stringMatching(/^[a-z]{1,5}$/),
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 220 }),
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ')),
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
  );

  test('no input crashes the parser, and a refusal says why', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseQuery(text);
        if (parsed.type === 'invalid') expect(parsed.reason).toMatch(/^\p{Lu}.{10,}/u);
        else expect(parsed.query.text).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('the tidied text parses to the same query', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseQuery(text);
        fc.pre(parsed.type === 'query');
        if (parsed.type === 'query') expect(parseQuery(parsed.query.text)).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });

  test('case and spaces make no other query', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^-?[a-z]{2,8}$/), { minLength: 1, maxLength: 8 }), (words) => {
        fc.pre(!words.some((word) => ['or', 'and', 'not'].includes(word)));
        expect(textOf(` ${words.join('  ').toUpperCase()}\n`)).toBe(textOf(words.join(' ')));
      }),
    );
  });
});
