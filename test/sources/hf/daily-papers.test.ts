// The daily papers API: which of its fields count, and what a damaged entry costs.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDailyPapers } from '../../../src/sources/hf/daily-papers.ts';

/** As the API of a summer's day writes it: what nobody reads is there too. */
const full = {
  paper: {
    id: '2607.00001',
    authors: [
      { _id: '6a00', name: 'Ada Lovelace', hidden: false, user: { user: 'ada', type: 'user' } },
      { _id: '6a01', name: 'Grace Hopper', hidden: false },
      { _id: '6a02', name: 'Somebody Wrong', hidden: true },
    ],
    publishedAt: '2026-07-28T00:00:00.000Z',
    submittedOnDailyAt: '2026-07-31T00:00:00.000Z',
    title: 'β-Sorting: An Online\n  Memory for Fish',
    summary: 'We sort fish.\nSee https://example.org/fish (demo) and https://example.org/fish.',
    upvotes: 17,
    ai_summary: 'Fish, sorted.',
    ai_keywords: ['fish'],
    organization: { _id: '1', name: 'fishlab', fullname: "Lovelace's Lab at Example" },
    githubRepo: 'https://github.com/example/fish',
    githubStars: 3,
    projectPage: 'https://fish.example.org/',
  },
  publishedAt: '2026-07-27T20:00:00.000Z',
  title: 'β-Sorting: An Online Memory for Fish',
  summary: 'We sort fish.',
  numComments: 2,
  isAuthorParticipating: true,
};
const bare = { paper: { id: '2607.00002v3', title: 'Bare Fish' } };

const parse = (...entries: unknown[]) => parseDailyPapers(JSON.stringify(entries));

describe('an entry', () => {
  test('has letters where arXiv’s authors typed TeX', () => {
    const typed = {
      title: String.raw`H\"older Nets`,
      summary: String.raw`Na\"ive $\v{x}$.`,
      authors: [{ name: String.raw`J\"org {M}\"uller` }],
    };
    expect(parse({ paper: { ...bare.paper, ...typed } })).toMatchObject({
      papers: [{ title: 'Hölder Nets', abstract: String.raw`Naïve $\v{x}$.`, authors: ['Jörg Müller'] }],
    });
  });

  test('with everything gives everything that a digest needs', () => {
    expect(parse(full)).toEqual({
      type: 'page',
      entries: 1,
      days: new Set(['2026-07-31']),
      warnings: [],
      papers: [
        {
          title: 'β-Sorting: An Online Memory for Fish',
          ids: { arxiv: '2607.00001' },
          abstract: 'We sort fish. See https://example.org/fish (demo) and https://example.org/fish.',
          gist: 'Fish, sorted.',
          authorsCount: 2,
          authors: ['Ada Lovelace', 'Grace Hopper'],
          organization: "Lovelace's Lab at Example",
          publishedOn: '2026-07-28',
          comments: null,
          upvotes: 17,
          links: ['https://github.com/example/fish', 'https://fish.example.org/', 'https://example.org/fish'],
        },
      ],
    });
  });

  test.each(['See https://evil.example', '<b>Bold</b>', 'x'.repeat(601), 7])(
    'has no gist of %s',
    (ai_summary) => {
      const page = parse({ paper: { ...bare.paper, ai_summary } });
      expect(page).toMatchObject({ papers: [expect.not.objectContaining({ gist: expect.anything() })] });
    },
  );

  test('with nothing but a title is a paper, of the first version', () => {
    expect(parse(bare)).toMatchObject({
      warnings: [],
      papers: [
        {
          title: 'Bare Fish',
          ids: { arxiv: '2607.00002' },
          abstract: null,
          authorsCount: null,
          organization: null,
          publishedOn: null,
          upvotes: null,
          links: [],
        },
      ],
    });
  });

  test.each([
    ['upvotes', { upvotes: -3 }, 'upvotes'],
    ['upvotes in words', { upvotes: 'many' }, 'upvotes'],
    ['more upvotes than PostgreSQL counts', { upvotes: 3e9 }, 'upvotes'],
    ['authors', { authors: 'Ada' }, 'authorsCount'],
    ['a date', { publishedAt: 'soon' }, 'publishedOn'],
    ['an organisation', { organization: 'fishlab' }, 'organization'],
  ])('without sense in %s counts as without it', (_, broken, field) => {
    const parsed = parse({ paper: { ...bare.paper, ...broken } });
    expect(parsed).toMatchObject({ warnings: [], papers: [{ title: 'Bare Fish', [field]: null }] });
  });

  test('of a dangerous or no address links nowhere', () => {
    const parsed = parse({
      paper: { ...bare.paper, githubRepo: 'javascript:alert(1)', projectPage: 'fish' },
    });
    expect(parsed).toMatchObject({ papers: [{ links: [] }] });
  });

  test('without a paper costs only itself, and is named', () => {
    const parsed = parse(full, { title: 'Lost' }, null, { paper: { id: '2607.00009' } }, bare);
    expect(parsed).toMatchObject({
      papers: [{ ids: { arxiv: '2607.00001' } }, { ids: { arxiv: '2607.00002' } }],
      entries: 5,
      warnings: [
        'entry 2 is left out: it has no paper',
        'entry 3 is left out: it has no paper',
        'entry 4 (2607.00009) is left out: it has no title',
      ],
    });
  });

  test('of another year than the day that was asked for is left out, and counted', () => {
    const old = { paper: { ...full.paper, submittedOnDailyAt: '2020-07-31T00:00:00.000Z' } };
    expect(parseDailyPapers(JSON.stringify([full, old, bare]), '2026-07-31')).toMatchObject({
      papers: [{ title: full.title }, { title: 'Bare Fish' }],
      entries: 3,
      warnings: ['1 entries are left out: they are not of the day that was asked for'],
    });
  });

  test('without an arXiv id is known by its title, and told', () => {
    const parsed = parse({ paper: { id: 'our-report', title: 'A Report' } });
    expect(parsed).toMatchObject({
      papers: [{ title: 'A Report' }],
      warnings: ['entry 1 (our-report) has no arXiv id: it is known by its title alone'],
    });
  });

  test('with a title as long as a page is left out', () => {
    expect(parse({ paper: { id: '2607.00001', title: 'x'.repeat(1001) } })).toMatchObject({
      papers: [],
      warnings: ['entry 1 (2607.00001) is left out: its title is longer than a page'],
    });
  });
});

test.each([
  ['[{"paper": {"id": "2607.0', 'the answer is not JSON, or was cut off'],
  ['<html></html>', 'the answer is not JSON, or was cut off'],
  ['{"error": "no"}', 'the answer is JSON, and not a list of papers'],
])('%s is refused', (text, reason) => {
  expect(parseDailyPapers(text)).toEqual({ type: 'refused', reason });
});

test('an empty list is a day without papers', () => {
  expect(parse()).toMatchObject({ type: 'page', papers: [], entries: 0 });
});

test('whatever stands in the fields, nothing is thrown, and texts are fit for a database', () => {
  const anything = fc.anything({ withNullPrototype: false });
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u0000', '\ud800', 'a\udc00b'),
    anything,
  );
  const entry = fc.record({
    paper: fc.record({
      id: text,
      title: text,
      summary: text,
      organization: fc.record({ fullname: text }),
      upvotes: anything,
    }),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(entry, anything), { maxLength: 5 }), (entries) => {
      const parsed = parseDailyPapers(
        JSON.stringify(entries, (_, value) => (typeof value === 'bigint' ? 0 : value)),
      );
      if (parsed.type !== 'page') throw new Error(parsed.reason);
      expect(parsed.papers.length).toBeLessThanOrEqual(parsed.entries);
      for (const { title, abstract, organization } of parsed.papers) {
        expect(title).not.toBe('');
        for (const stored of [title, abstract ?? '', organization ?? '']) {
          expect(stored).not.toMatch(/[\p{Cc}\p{Surrogate}]/u);
        }
      }
    }),
  );
});
