// arXiv's daily feeds: which entries are papers, and what is read from them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArxivFeed } from '../../../src/sources/arxiv/feed.ts';
import { printAtom, printRss } from './print-feed.ts';

describe.each([
  ['RSS', printRss],
  ['Atom', printAtom],
])('an entry of the %s feed', (_, print) => {
  test('gives title, id without version, abstract without preamble, authors and day', () => {
    const feed = print([
      {
        id: '2603.00001v1',
        title: 'Fish &\n  Chips for $n < 10$',
        abstract: 'We fry.\nCode: https://github.com/example/fish.',
        creator: "Andr\\'e Lima de Castro, Ada Lovelace (Example Lab, London), Sammy Davis, Jr.",
      },
    ]);
    expect(parseArxivFeed(feed)).toEqual({
      type: 'feed',
      day: '2026-03-03',
      firstIn: new Map([['cs.LG', ['2603.00001']]]),
      withdrawn: [],
      entries: 1,
      replaced: 0,
      warnings: [],
      papers: [
        {
          title: 'Fish & Chips for $n < 10$',
          ids: { arxiv: '2603.00001' },
          abstract: 'We fry. Code: https://github.com/example/fish.',
          authorsCount: 3,
          authors: ['André Lima de Castro', 'Ada Lovelace', 'Sammy Davis'],
          organization: null,
          publishedOn: '2026-03-03',
          comments: null,
          upvotes: null,
          links: ['https://github.com/example/fish'],
        },
      ],
    });
  });

  test('has letters where its authors typed TeX, and its formulas as they are', () => {
    const feed = print([
      {
        id: '2603.00001v1',
        title: String.raw`Schr\"odinger Bridges for Na\"ive $\pi_0$ Policies \& 50\% More`,
        abstract: String.raw`We study H\"older classes of $\H_{0}$ at https://example.org/a\_b.`,
        creator: String.raw`J\"org M\"uller (University of X), \L{}ukasz Kaiser$^{1,2}$, \v{C}ed\'ic {\O}stberg and A.\,B.~Smith`,
      },
    ]);
    expect(parseArxivFeed(feed)).toMatchObject({
      papers: [
        {
          title: String.raw`Schrödinger Bridges for Naïve $\pi_0$ Policies & 50% More`,
          abstract: String.raw`We study Hölder classes of $\H_{0}$ at https://example.org/a_b.`,
          authors: ['Jörg Müller', 'Łukasz Kaiser', 'Čedíc Østberg', 'A. B. Smith'],
          links: ['https://example.org/a_b'],
        },
      ],
    });
  });

  test('is a paper when it is new or new to the category, and a count when it is a new version', () => {
    const feed = print([
      { id: '2603.00001v1' },
      { id: '2511.00002v4', announced: 'cross' },
      { id: '2511.00003v2', announced: 'replace' },
      { id: '2511.00004v2', announced: 'replace-cross' },
    ]);
    expect(parseArxivFeed(feed)).toMatchObject({
      papers: [
        { ids: { arxiv: '2603.00001' }, publishedOn: '2026-03-03' },
        { ids: { arxiv: '2511.00002' }, publishedOn: null },
      ],
      replaced: 2,
    });
  });

  test('tells what is new in which category, and what a new version withdraws', () => {
    const feed = print([
      { id: '2603.00001v1', category: 'cs.LG' },
      { id: '2603.00002v1', category: 'cs.DC' },
      { id: '2603.00003v1', category: 'cs.DC', announced: 'cross' },
      { id: '2603.00004v2', announced: 'replace', comment: 'This paper has been withdrawn by the authors' },
      { id: '2603.00005v2', announced: 'replace', abstract: 'Withdrawn: Lemma 2 is wrong.' },
      { id: '2603.00006v2', announced: 'replace', comment: '12 pages' },
    ]);
    expect(parseArxivFeed(feed)).toMatchObject({
      firstIn: new Map([
        ['cs.LG', ['2603.00001']],
        ['cs.DC', ['2603.00002']],
      ]),
      withdrawn: ['2603.00004', '2603.00005'],
    });
  });

  test('says in its comment that it is withdrawn', () => {
    const feed = print([{ id: '2603.00001v1', comment: 'Withdrawn, to be merged with another' }]);
    expect(parseArxivFeed(feed)).toMatchObject({ papers: [{ isWithdrawn: true }] });
  });

  test('without title or id costs only itself, and is named', () => {
    const feed = print([{ id: '2603.00001v1', title: ' ' }, { id: 'nonsense' }, { id: '2603.00003v1' }]);
    expect(parseArxivFeed(feed)).toMatchObject({
      papers: [{ ids: { arxiv: '2603.00003' } }],
      warnings: [
        'entry 1 (2603.00001) is left out: it has no title',
        'entry 2 (oai:arXiv.org:nonsense) is left out: it has no arXiv id',
      ],
    });
  });
});

describe('the day of a feed', () => {
  test('is that of its entries, whatever it says of itself', () => {
    const feed = printRss([{ id: '2603.00001v1', published: 'Mon, 02 Mar 2026 00:00:00 -0500' }]);
    expect(parseArxivFeed(feed)).toMatchObject({ day: '2026-03-02' });
  });

  test('is what it says of itself when it is empty', () => {
    expect(parseArxivFeed(printRss([], 'Wed, 31 Dec 2025 00:00:00 -0500'))).toMatchObject({
      day: '2025-12-31',
      papers: [],
    });
    expect(parseArxivFeed(printAtom([], '2025-12-31T05:00:01+00:00'))).toMatchObject({
      day: '2025-12-31',
      papers: [],
    });
  });
});

describe('what is refused', () => {
  const rss = printRss([{ id: '2603.00001v1' }]);
  test.each([
    ['a truncated feed', rss.slice(0, -60), /not XML, or was cut off/],
    ['a page', '<!doctype html><html></html>', /document type/],
    [
      'entities that multiply',
      `<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${rss}`,
      /document type/,
    ],
    ['an entity of nowhere', rss.replace('A Paper', '&secret;'), /not XML, or was cut off/],
    ['other XML', '<opml></opml>', /no feed: its root is <opml>/],
    ['nothing', '', /not XML/],
    ['elements without end', '<a>'.repeat(100_000), /not XML/],
  ])('%s', (_, text, reason) => {
    expect(parseArxivFeed(text)).toEqual({ type: 'refused', reason: expect.stringMatching(reason) });
  });

  test('nothing is thrown, wherever a feed is damaged', () => {
    const at = fc.nat(rss.length);
    fc.assert(
      fc.property(at, at, fc.string({ maxLength: 20 }), (from, to, patch) => {
        const { type } = parseArxivFeed(rss.slice(0, from) + patch + rss.slice(to));
        expect(['feed', 'refused']).toContain(type);
      }),
    );
  });
});
