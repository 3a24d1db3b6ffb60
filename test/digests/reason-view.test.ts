// Why a paper is there, in a few words.
import { expect, test } from 'vitest';
import type { Reason } from '../../src/digests/digest.ts';
import { viewReasons, writeReason } from '../../src/digests/reason-view.ts';
import type { Language } from '../../src/languages/languages.ts';
import { wordsOf } from '../../src/languages/words.ts';
import { english } from '../mails/sample.ts';

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

const organization: Reason = { type: 'organization', key: 'gensyn', name: 'Gensyn', score: 1, because: [] };
const title = 'Expert Routing in Sparse Models';
const view = (...reasons: Reason[]) => viewReasons(reasons, { paper: { title }, spoken: english });
const write = (...reasons: Reason[]) => view(...reasons).map((reason) => writeReason(reason, english));

test('a topic by its name, a keyword query in quotation marks, each with the words that spoke for it and where', () => {
  expect(view(topic(['expert routing', 'gating']), query('fault tolerance', ['failures']))).toEqual([
    {
      label: 'Mixture of experts',
      places: [
        { before: '', words: 'expert routing', after: ' in the title' },
        { before: '', words: 'gating', after: ' in the abstract' },
      ],
    },
    { label: '“fault tolerance”', places: [{ before: '', words: 'failures', after: ' in the abstract' }] },
  ]);
});

test('an author by the name that the paper has, which is all that speaks for it', () => {
  const author: Reason = { type: 'author', author: 'LeCun, Y.', name: 'Yann LeCun', score: 1, because: [] };
  expect(write(author)).toEqual(['By Yann LeCun']);
});

test('in one line', () => {
  expect(
    write(topic(['expert routing', 'gating']), query('"sparse models"', ['sparse models']), topic([])),
  ).toEqual([
    'Mixture of experts: expert routing in the title; gating in the abstract',
    '“sparse models” in the title',
    'Mixture of experts',
  ]);
});

test('in the order and with the marks of each language', () => {
  const all = [
    topic(['expert routing', 'gating']),
    query('"sparse models"', ['sparse models']),
    organization,
  ];
  const writeIn = (language: Language) =>
    viewReasons(all, { paper: { title }, spoken: wordsOf(language) }).map((reason) =>
      writeReason(reason, wordsOf(language)),
    );
  expect(writeIn('de')).toEqual([
    'Mixture of experts: expert routing im Titel; gating in der Zusammenfassung',
    '„sparse models“ im Titel',
    'Von einer Organisation, der Sie folgen: Gensyn',
  ]);
  expect(writeIn('zh')).toEqual([
    'Mixture of experts：标题中有 expert routing，摘要中有 gating',
    '“sparse models”（标题）',
    '来自您关注的机构：Gensyn',
  ]);
  expect(writeIn('ja')).toEqual([
    'Mixture of experts：タイトルに expert routing、要旨に gating',
    '「sparse models」（タイトル）',
    'フォロー中の組織の論文：Gensyn',
  ]);
});

test('an organisation by the name that the paper has', () => {
  expect(write(organization)).toEqual(['From an organisation you follow: Gensyn']);
});

test('words that a better one already said, and more than three, are left out', () => {
  expect(write(topic(['MoE', 'MoE model', 'experts', 'Expert', 'routing', 'gating']))).toEqual([
    'Mixture of experts: routing in the title; MoE, experts in the abstract',
  ]);
});

test('words that fill the line leave out the others, and what goes over the end of a clause is not quoted', () => {
  const words = ['pipeline parallelism', 'tensor parallelism', 'data parallelism', 'Models: experts'];
  expect(write(topic(words))).toEqual([
    'Mixture of experts: pipeline parallelism, tensor parallelism in the abstract',
  ]);
  expect(write(topic(['Models: experts']))).toEqual(['Mixture of experts: Models: experts in the abstract']);
});

test('in one line of French and of Japanese', () => {
  const reasons = [topic(['expert routing', 'gating'])];
  const [french = '', japanese = ''] = (['fr', 'ja'] as const).map((language) => {
    const spoken = wordsOf(language);
    return viewReasons(reasons, { paper: { title }, spoken }).map((reason) => writeReason(reason, spoken))[0];
  });
  expect(french).toBe('Mixture of experts\u00a0: expert routing dans le titre\u202f; gating dans le résumé');
  expect(japanese).toBe('Mixture of experts：タイトルに expert routing、要旨に gating');
});

test('a query that was found as it was asked is not said twice', () => {
  expect(write(query('"kv cache"', ['KV cache']))).toEqual(['“kv cache” in the abstract']);
});

test('three reasons are enough, and long ones are cut', () => {
  const long = view(query('q '.repeat(300), ['w'.repeat(900)]), topic([]), topic([]), topic([]));
  expect(long).toHaveLength(3);
  expect(long[0]?.label.length).toBeLessThan(90);
  expect(long[0]?.places[0]?.words.length).toBeLessThanOrEqual(62);
});

test('damage in the words and in the title is mended, and then they are compared', () => {
  expect(
    viewReasons([topic(['10^5 {\\bf GPUs}'])], { paper: { title: 'On 10^5 GPUs' }, spoken: english }).map(
      (reason) => writeReason(reason, english),
    ),
  ).toEqual(['Mixture of experts: 10⁵ GPUs in the title']);
});

test('an author whom a query names stands among the authors, in each language', () => {
  const reasons = [query('au:"Hao Zhang" kites', ['Hao Zhang', 'kites'])];
  const paper = { title: 'Kites', authors: ['Ada Byron', 'Hao  Zhang'] };
  const writeIn = (language: Language) =>
    viewReasons(reasons, { paper, spoken: wordsOf(language) }).map((reason) =>
      writeReason(reason, wordsOf(language)),
    );
  expect(writeIn('en')).toEqual(['“au:Hao Zhang kites”: kites in the title; Hao Zhang among the authors']);
  expect(writeIn('zh')).toEqual(['“au:Hao Zhang kites”：标题中有 kites，作者中有 Hao Zhang']);
});

test.each(['Folding with π_{0.5}', 'Folding with $\\pi_{0.5}$', 'Folding with $\\pi$_0'])(
  'a letter with its number is in the title as the matcher reads it: %s',
  (title) => {
    const found = viewReasons([query('pi0', ['π0'])], { paper: { title }, spoken: english });
    expect(found.map((reason) => writeReason(reason, english))).toEqual(['“pi0”: π0 in the title']);
  },
);
