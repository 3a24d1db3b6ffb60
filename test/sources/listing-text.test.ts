// What the text of a daily papers page gives: the sample, and pages captured in other ways.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findPaper, readFixture, readListing, sampleFile } from './read-fixture.ts';

describe('the sample listing', () => {
  const sample = readFileSync(sampleFile);
  const listing = readListing(sample);

  test('gives all 58 papers with their details, and nothing to warn of', () => {
    const { papers } = listing;
    expect(papers).toHaveLength(58);
    expect(papers.filter((paper) => paper.authorsCount !== null)).toHaveLength(51);
    expect(papers.filter((paper) => paper.organization !== null)).toHaveLength(4);
    expect(papers.filter((paper) => paper.comments !== null)).toHaveLength(10);
    expect(papers.filter((paper) => paper.upvotes !== null)).toHaveLength(0);
    expect(papers.filter((paper) => (paper.abstract?.length ?? 0) > 1300)).toHaveLength(58);
    expect(listing.warnings).toEqual([]);
  });

  test('gives every line of text to exactly one paper', () => {
    const given = listing.papers.flatMap(({ title, abstract }) => [title, abstract]);
    const lines = sample.toString().split('\n').slice(12);
    const isDetail = (line: string): boolean => line.length < 25 && !line.startsWith('Decentralized');
    expect(given).toEqual(lines.map((line) => line.trim()).filter((line) => line !== '' && !isDetail(line)));
  });

  test('is of the newest 12 December that is not in the future', () => {
    expect(listing.date).toBe('2025-12-12');
    expect(readListing(sample, { today: '2026-12-12' }).date).toBe('2026-12-12');
    expect(readListing(sample, { today: '2026-12-11' }).date).toBe('2025-12-12');
  });

  test('a number behind a date is the number of comments', () => {
    expect(findPaper(listing, 'Mixture of Thoughts')).toMatchObject({
      publishedOn: '2025-09-25',
      comments: 2,
    });
    expect(findPaper(listing, 'Balancing Pipeline')).toMatchObject({
      publishedOn: '2024-11-07',
      comments: 3,
    });
    expect(findPaper(listing, 'Sharing is Caring')).toMatchObject({
      publishedOn: '2025-09-10',
      comments: 53,
      organization: 'Gensyn',
      authorsCount: null,
    });
  });

  test('a card without details ends where the next title begins', () => {
    const bare = listing.papers.filter(({ publishedOn }) => publishedOn === null);
    expect(bare.map(({ title, abstract }) => [title.slice(0, 20), abstract?.slice(-22)])).toEqual([
      ['AsyncFlow: An Asynch', 'aining system designs.'],
      ['A Theoretical Framew', 'of s-MoE in AI models.'],
      ['Decentralized Diffus', 's in less than a week.'],
    ]);
    expect(findPaper(listing, 'How Well Does')).toMatchObject({
      title: 'How Well Does GPT-4V(ision) Adapt to Distribution Shifts? A Preliminary Investigation',
      authorsCount: 11,
      publishedOn: '2023-12-12',
      links: ['https://github.com/jameszhou-gl/gpt-4v-distribution-shift'],
    });
  });
});

test('a page with upvote lines gives upvotes, comments and full organisation names', () => {
  const listing = readListing(readFixture('upvotes-shown.txt'), { fileName: 'search_2026-03-04.txt' });

  expect(listing).toMatchObject({ date: '2026-03-04', warnings: [] });
  expect(listing.papers).toEqual([
    {
      title: 'Lanterns: Sparse Attention That Keeps Its Eye on Rare Tokens',
      abstract:
        'Attention maps of long documents are mostly empty, yet every decoding step pays for all of their cells. ' +
        'We introduce Lanterns, a sparse attention layer that learns which rare tokens have to stay visible. On ' +
        'four long-document suites it matches dense attention at 3.0\\% of the cost, and it holds up to ' +
        '10^5--10^6 tokens.',
      authorsCount: null,
      organization: 'NorthLight Research',
      publishedOn: '2026-02-28',
      comments: 6,
      upvotes: 1024,
      links: [],
    },
    expect.objectContaining({
      title: 'A Ledger for Gradient Noise',
      authorsCount: 3,
      organization: null,
      publishedOn: '2024-11-07',
      comments: 2,
      upvotes: 57,
      links: ['https://example.org/ledger'],
    }),
    expect.objectContaining({
      title: 'Quiet Routers: Load Balancing Without an Auxiliary Loss',
      authorsCount: 12,
      publishedOn: '2025-03-30',
      comments: null,
      upvotes: 0,
      links: ['https://example.org/quiet_(routers)'],
    }),
    expect.objectContaining({
      title: 'One Author Is Enough',
      authorsCount: 1,
      publishedOn: '2026-03-03',
      comments: 4,
      upvotes: 0,
    }),
  ]);
});

test('wrapped cards without details or without an abstract keep to themselves', () => {
  const listing = readListing(readFixture('bare-cards.txt'), { today: '2025-12-14' });
  const ends = listing.papers.map(({ title, abstract }) => [title, abstract?.split(' ').slice(-3).join(' ')]);

  expect(ends).toEqual([
    ['Slow Caches: When Eviction Should Wait', 'with the paper.'],
    ['Ferry: Moving Optimizer States Across Slow Links', 'of 70B parameters.'],
    ['What Do Benchmarks Forget?', 'is put back.'],
    ['No Abstract Was Listed for This One', undefined],
    ["Plain Words for Hard Limits: A Reader's Guide", 'that people forget.'],
  ]);
  expect(
    listing.papers.map(({ authorsCount, organization, comments }) => [authorsCount, organization, comments]),
  ).toEqual([
    [null, null, null],
    [4, null, 2],
    [null, 'Tidewater', null],
    [2, null, null],
    [null, null, null],
  ]);
  expect(findPaper(listing, 'Slow Caches').abstract).toContain('when to wait. A second paragraph');
  expect(listing.warnings).toEqual([{ line: 43, message: 'no abstract' }]);
});

test('the view of one day, which has no abstracts, gives titles, upvotes and comments', () => {
  const listing = readListing(readFixture('date-view.txt'));

  expect(listing.papers).toMatchObject([
    { title: 'Gardens of Forking Prompts', abstract: null, authorsCount: 8, upvotes: 45, comments: 2 },
    {
      title: 'Weathering: Image Generation Under Real Skies',
      abstract: null,
      authorsCount: 5,
      upvotes: 0,
      comments: null,
    },
    { title: 'Symmetry First', abstract: null, authorsCount: 1, upvotes: 7, comments: 3 },
  ]);
  expect(listing).toMatchObject({ date: '2026-07-21' });
});

test('a capture by a text browser gives the papers without its markup', () => {
  const listing = readListing(readFixture('text-browser.txt'), { today: '2026-07-01' });

  expect(listing).toMatchObject({ date: '2026-06-29', warnings: [] });
  expect(listing.papers).toEqual([
    {
      title: 'Murmurations: Flock Models for Streaming Speech',
      abstract:
        'Streaming recognisers decide too early. Murmurations lets a flock of small models disagree for a while ' +
        'and commits only when they turn together, which halves corrections on screen. See [our ' +
        'page](https://example.org/flock) for recordings.',
      authorsCount: 3,
      organization: null,
      publishedOn: '2026-05-30',
      comments: 2,
      upvotes: 0,
      links: ['https://example.org/flock'],
    },
    expect.objectContaining({
      title: '[Re] A Second Look at Curriculum Order',
      organization: 'Plain Lab',
      publishedOn: '2024-03-08',
      upvotes: 65,
    }),
  ]);
});

test('a capture in reader mode gives the papers without the addresses between them', () => {
  const listing = readListing(readFixture('reader-mode.txt'), { today: '2026-04-01' });

  expect(listing).toMatchObject({ date: '2026-03-25', warnings: [] });
  expect(listing.papers).toMatchObject([
    {
      title: 'Harbours: Where Agents Wait for Their Tools',
      abstract: expect.stringMatching(/^Agents call .* is https:\/\/example\.org\/harbours$/),
      authorsCount: 2,
      publishedOn: '2024-10-07',
      comments: 2,
      upvotes: 1,
    },
    {
      title: 'Low Tide: Measuring Models After the Hype',
      abstract: expect.stringMatching(/^We return to .* most links do not\.$/),
      organization: 'Tidewater',
      publishedOn: '2023-06-26',
      comments: null,
      upvotes: 0,
    },
  ]);
});

test('details on one line are read like details on several', () => {
  const abstract = 'We say in a sentence what was done, and in a second one why it matters to anybody.';
  const cards = [
    '• 10 authors · Jun 21',
    'Gensyn Gensyn · Feb 27 3',
    '• 1 author ·\nJun 21',
    '• 2 authors\n· Jun 21',
  ];
  const listing = readListing(cards.map((details) => `A Title\n\n${abstract}\n\n${details}\n`).join('\n'), {
    date: '2025-12-12',
  });

  expect(listing.papers).toMatchObject([
    { authorsCount: 10, publishedOn: '2025-06-21' },
    { organization: 'Gensyn', publishedOn: '2025-02-27', comments: 3 },
    { authorsCount: 1, publishedOn: '2025-06-21' },
    { authorsCount: 2, publishedOn: '2025-06-21' },
  ]);
  expect(listing.warnings).toEqual([]);
});

test('words of the page are text inside a paper', () => {
  const text = `Reading Together

A shared reading list is made by librarians, teachers
and the research community
at large, and it grows. We made it available on
GitHub

• 3 authors
·
Jun 21
`;
  expect(readListing(text).papers).toMatchObject([
    {
      title: 'Reading Together',
      abstract:
        'A shared reading list is made by librarians, teachers and the research community at large, and it grows. ' +
        'We made it available on GitHub',
    },
  ]);
});

test('two pages in one file give the papers of both; the first day counts', () => {
  const listing = readListing(readFixture('two-pages.txt'), { today: '2025-12-14' });

  expect(listing.date).toBe('2025-12-12');
  expect(listing.papers).toMatchObject([
    { title: 'First Page, First Paper', authorsCount: 4, publishedOn: '2025-06-21' },
    { title: 'Second Page, First Paper', authorsCount: 9, publishedOn: '2025-10-03', comments: 1 },
  ]);
  expect(listing.warnings).toEqual([
    { line: 40, message: 'Dec 11 is a second page date: the first one counts' },
  ]);
});
