// Links of an abstract, and what they are called.
import { expect, test } from 'vitest';
import { labelLinks } from '../../src/papers/paper-links.ts';
import { english } from '../mails/sample.ts';

const { t } = english;

test.each([
  ['https://github.com/a/b', 'Code'],
  ['https://gitlab.com/a/b', 'Code'],
  ['https://gitlab.inria.fr/a/b', 'Code'],
  ['https://huggingface.co/a/model', 'Code and models'],
  ['https://huggingface.co/datasets/a/b', 'Dataset'],
  ['https://huggingface.co/spaces/a/b', 'Demo'],
  ['https://arxiv.org/abs/2512.00001', 'Paper'],
  ['https://a.github.io/project', 'Project page (a.github.io)'],
  ['https://www.example.edu/project', 'Project page (example.edu)'],
])('%s is %s', (url, label) => {
  expect(labelLinks([url], t)).toEqual([{ label, url }]);
});

test('an http link is opened over https', () => {
  expect(labelLinks(['http://example.edu/x'], t)).toEqual([
    { label: 'Project page (example.edu)', url: 'https://example.edu/x' },
  ]);
});

test('a second repository is told apart by its path', () => {
  expect(
    labelLinks(['https://github.com/a/b', 'https://github.com/c/d'], t).map(({ label }) => label),
  ).toEqual(['Code', 'Code: c/d']);
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'not a link',
  'https://bit.ly/3xyz',
  'https://github.com@evil.example/a',
  'https://user:secret@example.org/',
  'https://127.0.0.1/a',
  'https://localhost/a',
  'https://example.org:8080/a',
  `https://example.org/${'a'.repeat(400)}`,
])('%s is left out', (url) => {
  expect(labelLinks([url], t)).toEqual([]);
});

test('no more than three', () => {
  expect(
    labelLinks(
      [1, 2, 3, 4, 5].map((n) => `https://github.com/a/${n}`),
      t,
    ),
  ).toHaveLength(3);
});
