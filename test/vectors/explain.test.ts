import { expect, test } from 'vitest';
import { explainNearness } from '../../src/vectors/explain.ts';
import { learnModel } from '../../src/vectors/learn.ts';
import { createVectorizer } from '../../src/vectors/paper-vector.ts';

/** The words that a paper is told to share with one that says nothing else. */
function shareWords(title: string, liked: string): string[] {
  const texts = [title, liked, 'Of rivers', 'Of owls', 'Of sands', 'Of ferns', 'Of moths'];
  const papers = texts.map((text) => ({ title: text, abstract: null }));
  const model = learnModel(papers);
  const vectorize = createVectorizer(model);
  const [paper = { title, abstract: null }, example = paper] = papers;
  const nearest = { name: 'Liked', vector: vectorize(example) };
  return explainNearness({ paper, vector: vectorize(paper) }, { nearest, model }).words;
}

test.each(
  'while any within rather among although whereas per cannot less all well may after than upon whose'.split(
    ' ',
  ),
)('%s is a word of grammar, and no reason', (word) => {
  expect(shareWords(`Glaciers ${word} heathers`, `Glaciers ${word} badgers`)).toEqual(['Glaciers']);
});

test.each([
  'top',
  'long',
  'led',
  'faster',
  'expressing',
  'matched',
  'lines',
  'series',
  'aware',
  'billions',
  'yields',
])('%s stands in papers of any kind, and is no reason', (word) => {
  expect(shareWords(`${word}. Glaciers`, `Glaciers. ${word}`)).toEqual(['Glaciers']);
});

test.each([
  ['Non-stationary glaciers', 'non-linear glaciers', ['glaciers']],
  ['Co-designed glaciers', 'Co-located glaciers', ['glaciers']],
  ['Multi-lake glaciers', 'Multi-moraine glaciers', ['glaciers']],
  ['Self-grown heather', 'Self-made heather', ['heather']],
])('what stands before the hyphen of %s is no reason by itself', (title, liked, words) => {
  expect(shareWords(title, liked)).toEqual(words);
});

test.each([
  ['Moraine-based maps', 'A moraine', ['Moraine-based']],
  ['Moraine-based maps. The moraine', 'A moraine', ['moraine']],
  ['Self-attention', 'Self-attention', ['Self-attention']],
  ['Fine-tuning of a moraine', 'Fine-tuning', ['Fine-tuning']],
  ['A chain-of-moraines', 'A moraine', ['chain-of-moraines']],
  ['A 2.5-moraine map', 'A moraine', ['2.5-moraine']],
  ['Flow matching', 'Flow matching', ['Flow', 'Flow matching']],
])(
  'a word of %s is shown with what a hyphen joins to it, unless it stands alone, too',
  (title, liked, words) => {
    expect(shareWords(title, liked)).toEqual(words);
  },
);

test.each([
  'contrastive',
  'preference',
  'mining',
  'gene expression',
  'theorem proving',
  'tool calling',
  'source. serving',
])('no list of words takes away what says something: %s', (words) => {
  expect(shareWords(`A ${words}`, `The ${words}`).join(' ')).toContain(words.split(' ').at(-1));
});
