// A paper that one query is put to is indexed for that query only: it must answer as the whole index does.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexNeeded, indexPaper, needStems } from '../../src/matching/index-paper.ts';
import { listStems, parseQuery } from '../../src/matching/query/query.ts';
import { matchCandidate } from '../../src/matching/query/query-matcher.ts';
import { knownAcronyms } from '../../src/matching/words/acronyms.ts';
import { stemKnownWord, stemWord } from '../../src/matching/words/stem-word.ts';

const written = [
  'fine',
  'tuning',
  'finetuned',
  'ElasticMoE',
  'text2image',
  'mixture',
  'experts',
  'of',
  'to',
  'a',
  'dying',
  'die',
  'lies',
];
const word = fc.constantFrom(...written, ...knownAcronyms.slice(0, 3).flat());
const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
const query = fc
  .array(fc.tuple(fc.constantFrom('', '', 'OR ', '-'), phrase, fc.constantFrom('"', '')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.map(([sign, words, quote]) => sign + quote + words + quote).join(' '));

test('an index of what a query needs answers it as the whole index does', () => {
  let matched = 0;
  fc.assert(
    fc.property(query, text, text, (asked, title, abstract) => {
      const parsed = parseQuery(asked);
      if (parsed.type === 'invalid') return;
      const whole = matchCandidate(parsed.query, indexPaper({ title, abstract }));
      const needed = needStems(listStems(parsed.query.root));
      expect(matchCandidate(parsed.query, indexNeeded({ title, abstract }, needed))).toEqual(whole);
      if (whole !== null) matched += 1;
    }),
    { numRuns: 400 },
  );
  expect(matched).toBeGreaterThan(10);
});

test('a stem begins as its word does, and a remembered one is the same', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'abcdeghilmnoprstuyz2é图'),
    minLength: 1,
    maxLength: 12,
  });
  const endings = fc.constantFrom('', 's', 'ies', 'ying', 'ization', 'our', 'ed', 'ly', 'es');
  fc.assert(
    fc.property(letters, endings, (start, end) => {
      const stem = stemWord(start + end);
      expect(stem.charAt(0)).toBe(start.charAt(0));
      if ((start + end).length > 6) expect(stem.slice(0, 2)).toBe((start + end).slice(0, 2));
      expect(stemKnownWord(start + end)).toBe(stem);
    }),
    { numRuns: 1000 },
  );
  for (const [known, plural] of [
    ['sky', 'skies'],
    ['die', 'dying'],
    ['idl', 'idly'],
    ['center', 'centres'],
  ])
    expect(stemWord(plural ?? '')).toMatch(new RegExp(`^${known?.charAt(0)}`));
});
