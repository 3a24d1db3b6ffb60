// Papers printed as a page in every layout, and read back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { parsePapersFile } from '../../src/sources/papers-file.ts';
import { type PrintStyle, plainListing, printListing, wrapText } from '../support/print-listing.ts';
import { readListing, readSample } from './read-fixture.ts';

const listingDate = '2025-12-12';

describe('the sample is read back', () => {
  const { papers } = readSample();
  const withUpvotes = papers.map((paper, at) => ({ ...paper, upvotes: (at * 7) % 23 }));
  const widths = [40, 47, 60, 72, 80, 100, 132, 250, null];

  test.each(widths)('wrapped at %s, with blank lines', (width) => {
    const text = printListing({ date: listingDate, papers }, { ...plainListing, width });
    expect(readListing(text)).toEqual({ type: 'listing', date: listingDate, papers, warnings: [] });
  });

  test.each(widths)('wrapped at %s, without any blank line', (width) => {
    const text = printListing({ date: listingDate, papers }, { ...plainListing, width, blankLines: 'none' });
    expect(readListing(text).papers).toEqual(papers);
  });

  test.each(widths)('wrapped at %s, with upvotes and comments on lines of their own', (width) => {
    const style: PrintStyle = { ...plainListing, width, comments: 'below', avatars: 'shown' };
    for (const blankLines of ['between', 'none'] as const) {
      const text = printListing({ date: listingDate, papers: withUpvotes }, { ...style, blankLines });
      expect(readListing(text).papers).toEqual(withUpvotes);
    }
  });

  test('with its lines broken anywhere, but with blank lines', () => {
    const lines = printListing({ date: listingDate, papers }).split('\n');
    const broken = lines.flatMap((line) => (line.length > 300 ? wrapRaggedly(line, 90, 60) : [line]));
    expect(readListing(broken.join('\n'))).toMatchObject({ papers, warnings: [] });
  });

  test('with only its titles wrapped, by hand', () => {
    const lines = printListing({ date: listingDate, papers }).split('\n');
    const wrapped = lines.flatMap((line) => {
      const isTitle = line.length > 60 && line.length < 130;
      return isTitle ? [line.slice(0, line.indexOf(' ', 40)), line.slice(line.indexOf(' ', 40))] : [line];
    });
    expect(readListing(wrapped.join('\n')).papers).toEqual(papers);
    expect(readListing(wrapped.filter((line) => line !== '').join('\n')).papers).toEqual(papers);
  });
});

describe('without blank lines', () => {
  const { papers } = readSample();
  const [first, second] = papers;
  const read = (lines: (string | null | undefined)[]): unknown =>
    readListing(lines.join('\n'), { date: listingDate }).papers.map(({ title, abstract, organization }) => ({
      title,
      abstract,
      organization,
    }));
  const details = ['• 3 authors', '·', 'Jun 21'];

  test('a card without details and one without an abstract are two cards', () => {
    expect(read([first?.title, first?.abstract, second?.title, ...details])).toMatchObject([
      { title: first?.title, abstract: first?.abstract },
      { title: second?.title, abstract: null },
    ]);
  });

  test.each([0, 2, 4, 34])(
    'wrapped card %s, which lost its details, ends where the next one begins',
    (at) => {
      const two = papers.slice(at, at + 2);
      for (let width = 40; width <= 120; width += 4) {
        const lines = two.flatMap(({ title, abstract }) => [
          ...wrapText(title, width),
          ...wrapText(abstract ?? '', width),
        ]);
        expect(read([...lines, ...details])).toMatchObject(
          two.map(({ title, abstract }) => ({ title, abstract })),
        );
      }
    },
  );

  test.each([
    [2, 80],
    [2, 112],
    [6, 80],
    [8, 80],
  ])('so does card %s when its lines end raggedly below %s', (at, width) => {
    const two = papers.slice(at, at + 2);
    const lines = two.flatMap(({ title, abstract }) => [
      ...wrapRaggedly(title, width),
      ...wrapRaggedly(abstract ?? '', width),
    ]);
    expect(read([...lines, ...details])).toMatchObject(
      two.map(({ title, abstract }) => ({ title, abstract })),
    );
  });

  test('a title on two lines of its own is one title, with and without an abstract', () => {
    const title = wrapText(second?.title ?? '', 60);
    expect(title).toHaveLength(2);
    expect(read([...title, ...details])).toMatchObject([{ title: second?.title, abstract: null }]);
    expect(read([...title, 'Gensyn Gensyn', '·', 'Jun 21'])).toMatchObject([
      { title: second?.title, abstract: null, organization: 'Gensyn' },
    ]);
    expect(read([...title, second?.abstract, ...details])).toMatchObject([{ title: second?.title }]);
    expect(read([first?.title, first?.abstract, ...title, second?.abstract, ...details])).toMatchObject([
      { abstract: first?.abstract },
      { title: second?.title, abstract: second?.abstract },
    ]);
  });

  test('a title above an organisation is no organisation', () => {
    const title = 'Murmurations: One Flock';
    const organization = ['umass University of Massachusetts Amherst', '·', 'Jun 21'];
    expect(read([first?.title, first?.abstract, title, ...organization])).toMatchObject([
      { abstract: first?.abstract, organization: null },
      { title, abstract: null, organization: 'University of Massachusetts Amherst' },
    ]);
  });

  test('an indented line goes on with the title', () => {
    const lines = [
      'Ferries: An ultra-compact model for end-to-end',
      '  multi-modal document conversion',
      first?.abstract,
    ];
    expect(read([...lines, ...details])).toMatchObject([
      { title: `${lines[0]} multi-modal document conversion`, abstract: first?.abstract },
    ]);
  });

  test('the end of an abstract is no organisation, even where the author count was lost', () => {
    const wrapped = wrapText(first?.abstract ?? '', 80);
    expect(read([first?.title, ...wrapped, '·', 'Jun 21'])).toMatchObject([
      { abstract: first?.abstract, organization: null },
    ]);
    const link = ['A Title', second?.abstract, 'https://example.org/code', '·', 'Jun 21'];
    expect(read(link)).toMatchObject([{ organization: null }]);
    const short = [
      'We did what had to be done, for as long as there was anything left to be done at all, and more.',
    ];
    expect(read(['A Title', ...short, 'It was not much, and it was enough.', '·', 'Jun 21'])).toMatchObject([
      { title: 'A Title', organization: null },
    ]);
  });

  test('a clear organisation above an author count is one', () => {
    expect(read([first?.title, first?.abstract, 'Gensyn Gensyn', ...details])).toMatchObject([
      { abstract: first?.abstract, organization: 'Gensyn' },
    ]);
  });
});

test('any papers are read back from any layout', () => {
  fc.assert(
    fc.property(
      fc.array(anyPaper(), { minLength: 1, maxLength: 12 }),
      anyStyle(),
      fc.boolean(),
      (some, style, shown) => {
        const papers = some.map((paper) => ({ ...paper, upvotes: shown ? paper.upvotes : null }));
        const text = printListing({ date: listingDate, papers }, style);
        expect(readListing(text, { date: listingDate }).papers).toEqual(papers);
        // Nor is it taken for a list of links.
        expect(parsePapersFile(Buffer.from(text), { today: listingDate, date: listingDate })).toMatchObject({
          papers,
        });
      },
    ),
    { numRuns: 100 },
  );
});

/** Ends lines as formatters do that balance them: somewhere below the width. */
function wrapRaggedly(text: string, width: number, spread = 11): string[] {
  const lines: string[] = [];
  let state = width + text.length;
  let limit = width;
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= limit) {
      lines[lines.length - 1] = `${last} ${word}`;
      continue;
    }
    lines.push(word);
    state = (state * 7 + 13) % 101;
    limit = width - (state % spread);
  }
  return lines;
}

/** Blank lines, or a paragraph per line: with neither, no reader could always tell a title's end. */
function anyStyle(): fc.Arbitrary<PrintStyle> {
  const layout = fc.oneof(
    fc.record({ width: fc.integer({ min: 40, max: 200 }), blankLines: fc.constant('between' as const) }),
    fc.record({ width: fc.constant(null), blankLines: fc.constantFrom('between' as const, 'none' as const) }),
  );
  const rest = fc.record({
    eol: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
    comments: fc.constantFrom('beside' as const, 'in brackets' as const, 'below' as const),
    avatars: fc.constantFrom('shown' as const, 'hidden' as const),
  });
  return fc.tuple(layout, rest).map(([a, b]) => ({ ...a, ...b }));
}

/** Each has details: an author count or an organisation, and a date. */
function anyPaper(): fc.Arbitrary<ListedPaper> {
  const word = fc.stringMatching(/^[a-z]{2,11}$/);
  const name = word.map((letters) => letters.charAt(0).toUpperCase() + letters.slice(1));
  const title = fc.array(name, { minLength: 3, maxLength: 16 }).map((words) => words.join(' '));
  const sentence = fc
    .tuple(name, fc.array(word, { minLength: 5, maxLength: 20 }))
    .map(([first, words]) => `${[first, ...words].join(' ')}.`);
  const link = fc.option(word.map((letters) => `https://example.org/${letters}`));
  const abstract = fc.tuple(fc.array(sentence, { minLength: 3, maxLength: 9 }), link);
  const maker = fc.oneof(
    fc.integer({ min: 1, max: 900 }).map((authorsCount) => ({ authorsCount, organization: null })),
    fc
      .array(name, { minLength: 1, maxLength: 4 })
      .map((words) => ({ authorsCount: null, organization: words.join(' ') })),
  );
  const day = fc.date({ min: new Date('2015-01-01'), max: new Date('2025-12-12'), noInvalidDate: true });
  const count = fc.integer({ min: 0, max: 5000 });
  return fc
    .record({
      title,
      abstract,
      maker,
      day,
      // 1990 to 2049 beside a day is its year.
      comments: fc.option(count.filter((value) => value > 0 && (value < 1990 || value > 2049))),
      upvotes: count,
    })
    .map(({ title, abstract: [sentences, link], maker, day, comments, upvotes }) => ({
      title,
      abstract: [...sentences, ...(link === null ? [] : [`Code: ${link}.`])].join(' '),
      ...maker,
      publishedOn: day.toISOString().slice(0, 10),
      comments,
      upvotes,
      links: link === null ? [] : [link],
    }));
}
