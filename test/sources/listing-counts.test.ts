// Numbers on lines of their own: comments of the card above, or upvotes of the card below.
import { expect, test } from 'vitest';
import { readListing as readCapture } from './read-fixture.ts';

const inAbstract = 'We say in a sentence what was done, and in a second one why it matters to anybody.';
const readListing = (text: string) => readCapture(text, { today: '2025-12-14' });
const head = 'Get trending papers in your email inbox!\n\nDec 12\n\n';

test('a number and a dash below a card are its comments and the upvotes of the next card', () => {
  const listing = readListing(page([['9', 'Sep 25'], ['2', '-', 'Oct 1'], ['3', '14', 'Nov 1'], ['5']]));

  expect(read(listing)).toEqual([
    [9, 2],
    [0, 3],
    [14, 5],
  ]);
  expect(listing.warnings).toEqual([]);
});

test('a single number is the upvotes of the next card where the page shows upvotes', () => {
  const listing = readListing(
    page([
      ['9', 'Sep 25'],
      ['-', 'Oct 1 4'],
      ['14', 'Nov 1'],
    ]),
  );

  expect(read(listing)).toEqual([
    [9, null],
    [0, 4],
    [14, null],
  ]);
  expect(listing.warnings).toEqual([]);
});

test('a single number is the comments of its card where the page shows no upvotes', () => {
  const listing = readListing(page([['Sep 25'], ['2', 'Oct 1'], ['Nov 1'], ['7']]));

  expect(read(listing)).toEqual([
    [null, 2],
    [null, null],
    [null, 7],
  ]);
  expect(listing.warnings).toEqual([]);
});

test('an upvote line parts a card without details from the next one', () => {
  const listing = readListing(page([['9'], ['4', 'Oct 1'], ['-', 'Nov 1']]));

  expect(read(listing)).toEqual([
    [9, null],
    [4, null],
    [0, null],
  ]);
});

test('upvotes belong to the first of two papers below them', () => {
  const listing = readListing(page([['9'], ['Oct 1'], ['-', 'Nov 1']]));

  expect(read(listing)).toEqual([
    [9, null],
    [null, null],
    [0, null],
  ]);
});

test('a number below an author count is the comments of a card without a date', () => {
  const card = (title: string, count: string): string =>
    `${title}\n\n${inAbstract}\n\n• 3 authors\n\n${count}\n`;
  const listing = readListing(
    `${head}${card('First of Two Papers', '2')}\n${card('Second of Two Papers', '4')}`,
  );

  expect(read(listing)).toEqual([
    [null, 2],
    [null, 4],
  ]);
});

test('a dash on a page without upvotes belongs to nothing', () => {
  const listing = readListing(page([['Sep 25'], ['-', 'Oct 1'], ['Nov 1'], ['Nov 2']]));

  expect(read(listing)).toEqual([
    [null, null],
    [null, null],
    [null, null],
    [null, null],
  ]);
  expect(listing.warnings).toMatchObject([
    { message: '- stands alone, belongs to no paper and was left out' },
  ]);
});

test('a number that is the last word of a wrapped abstract stays in it', () => {
  const abstract = 'We count the benchmarks that were published in a year, for all years up to\n2024';
  const card = `A Census of Benchmarks\n\n${abstract}\n\n• 3 authors\n·\nJun 21\n`;
  const listing = readListing(`${head}12\n\n${card}\n13\n\n${card}`);

  expect(listing.papers.map((paper) => paper.abstract?.slice(-10))).toEqual(['up to 2024', 'up to 2024']);
  expect(read(listing)).toEqual([
    [12, null],
    [13, null],
  ]);
});

test('a number that is the last word of a wrapped abstract stays there without upvotes too', () => {
  const text = `${head}A Census of Benchmarks\n\nWe count the benchmarks that were published in a year, for all years up to\n2024\n\n• 3 authors\n·\nJun 21\n`;

  expect(readListing(text).papers).toMatchObject([
    { abstract: expect.stringMatching(/up to 2024$/), upvotes: null },
  ]);
});

test('more numbers than a card has are a warning', () => {
  const listing = readListing(
    page([
      ['9', 'Sep 25'],
      ['2', '3', '-', 'Oct 1'],
    ]),
  );

  expect(read(listing)).toEqual([
    [9, 2],
    [0, null],
  ]);
  expect(listing.warnings).toEqual([{ line: 15, message: '2, 3, -: more numbers than a card has' }]);
});

/** Cards with the given lines around them: numbers first, then the date; a last entry of numbers closes the page. */
function page(cards: string[][]): string {
  const blocks = cards.flatMap((lines) => {
    const numbers = lines.filter((line) => /^[\d-]+$/.test(line));
    const date = lines.find((line) => /^[A-Z]/.test(line));
    const isEnd = date === undefined && lines === cards.at(-1);
    const details = date === undefined ? [] : [`• 3 authors\n·\n${date}`];
    return [...numbers, ...(isEnd ? [] : ['A Title of Its Own', inAbstract, ...details])];
  });
  return `${head}${blocks.join('\n\n')}\n`;
}

function read({
  papers,
}: ReturnType<typeof readListing>): [upvotes: number | null, comments: number | null][] {
  return papers.map(({ upvotes, comments }) => [upvotes, comments]);
}
