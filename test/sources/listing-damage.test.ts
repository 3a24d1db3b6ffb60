// A damaged card costs itself at most: whatever happens to it, the others are there.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseListing } from '../../src/sources/listing-text.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { captureDay, findPaper, readListing, readSample, sampleFile } from './read-fixture.ts';

const sample = readFileSync(sampleFile, 'utf8');
const { papers } = readSample();

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      expect(['listing', 'refused']).toContain(parseListing(bytes, { today: captureDay }).type);
    }),
    { numRuns: 100 },
  );
});

test('no text of the page`s own pieces makes it throw', () => {
  const piece = fc.constantFrom(
    ...[
      '•',
      '·',
      '-',
      '7',
      '3 authors',
      'Jun 21',
      'Sep 25 2',
      'new',
      'Daily Papers',
      'Submitted by',
      '',
      ' ',
      '\t',
    ],
    ...[
      'A Title',
      'a sentence of prose.',
      '[',
      '][3]',
      '### [',
      'Gensyn Gensyn',
      '· Feb 27',
      '• 10 authors · Jun 21',
    ],
    ...['Get trending papers in your email inbox!', 'https://huggingface.co/login', 'x'.repeat(600)],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom('\n', '\r\n', '\n\n'), (pieces, eol) => {
      const parsed = parseListing(Buffer.from(pieces.join(eol)), { today: captureDay });
      for (const paper of parsed.type === 'listing' ? parsed.papers : []) expect(paper.title).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

test('bytes that were overwritten in one card leave the others as they were', () => {
  const damage = fc.tuple(
    fc.integer({ min: 0, max: papers.length - 1 }),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.integer({ min: 32, max: 255 }),
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
  );
  fc.assert(
    fc.property(damage, ([at, bytes]) => {
      const { start, end } = findCard(at);
      const damaged = Buffer.from(sample);
      for (const [place, byte] of bytes) damaged[start + Math.floor(place * (end - start))] = byte;
      expectOthers(readListing(damaged).papers, at);
    }),
    { numRuns: 40 * faultSize('INPUTS') },
  );
});

test('a line that was lost, doubled or cut in one card leaves the others as they were', () => {
  const change = fc.constantFrom<(line: string) => string[]>(
    () => [],
    () => ['', ''],
    (line) => [line, line],
    (line) => [line.slice(0, line.length / 3)],
    (line) => [line, 'Advertisement: read more about this'],
    (line) => [line, '', '12', ''],
    (line) => [line, '', 'Dec 13', ''],
  );
  fc.assert(
    fc.property(fc.nat({ max: papers.length - 1 }), fc.nat({ max: 7 }), change, (at, offset, changeLine) => {
      const { start, end } = findCard(at);
      const bytes = Buffer.from(sample);
      const lines = bytes.subarray(start, end).toString().split('\n');
      const changed = lines.flatMap((line, number) =>
        number === offset % lines.length ? changeLine(line) : [line],
      );
      const damaged = [bytes.subarray(0, start), Buffer.from(changed.join('\n')), bytes.subarray(end)];
      expectOthers(readListing(Buffer.concat(damaged)).papers, at);
    }),
    { numRuns: 40 * faultSize('INPUTS') },
  );
});

describe('a warning names the line of', () => {
  test('a card that lost its title', () => {
    const listing = readListing(sample.replace(/^ElasWave.*\n/m, ''));
    expect(listing.papers).toHaveLength(57);
    expect(listing.warnings).toEqual([{ line: 30, message: 'an abstract without a title was left out' }]);
  });

  test('a card that lost its abstract', () => {
    const listing = readListing(sample.replace(/^Large-scale LLM pretraining now.*\n/m, ''));
    expect(findPaper(listing, 'ElasWave')).toMatchObject({ abstract: null, authorsCount: 19, links: [] });
    expect(listing.warnings).toEqual([{ line: 29, message: 'no abstract' }]);
  });

  test('details that lost title and abstract', () => {
    const listing = readListing(sample.replace(/^ElasWave.*\n\n.*\n/m, ''));
    expect(listing.papers).toHaveLength(57);
    expect(listing.warnings).toEqual([{ line: 30, message: 'details without a title were left out' }]);
  });

  test('a date without the details above it', () => {
    const listing = readListing(sample.replace('  • 19 authors\n·\nOct 1', 'Oct 1'));
    expect(findPaper(listing, 'ElasWave')).toMatchObject({ publishedOn: '2025-10-01', authorsCount: null });
    expect(listing.warnings).toEqual([
      { line: 33, message: 'Oct 1 stands alone: it was read as the date of the paper above it' },
    ]);
  });

  test('an author count that cannot be read', () => {
    const listing = readListing(sample.replace('• 19 authors', '• l9 authors'));
    expect(findPaper(listing, 'ElasWave')).toMatchObject({ authorsCount: null, publishedOn: '2025-10-01' });
    expect(listing.warnings).toEqual([{ line: 33, message: 'the author count is damaged and was left out' }]);
  });

  test('a number that belongs to nothing', () => {
    const listing = readListing(sample.replace('accelerators, making', 'accelerators,\n\n5\n\nmaking'));
    expect(listing).toMatchObject({ papers });
    expect(listing.warnings).toEqual([
      { line: 33, message: '5 stands alone, belongs to no paper and was left out' },
    ]);
  });

  test('a title that is suspiciously long', () => {
    const listing = readListing(
      `${'Very Long Names of Things '.repeat(24)}\n\n${'We did it. '.repeat(30)}\n\n• 2 authors\n·\nMay 1, 2020\n`,
      { date: '2025-12-12' },
    );
    expect(listing.warnings).toEqual([
      { line: 1, message: 'a title of 623 characters: it may hold the abstract' },
    ]);
  });

  test('a paper that only its look parts from the one above', () => {
    const abstract = 'We fill seventy columns to the very last one and so leave no sign here.';
    const text = [
      'A First Title',
      ...Array(20).fill(abstract),
      'A Second Title That Is Also Seventy Columns Wide or Almost So, We Hope',
      ...Array(20).fill(abstract),
      '• 3 authors',
      '·',
      'May 1',
    ];
    const listing = readListing(text.join('\n'), { date: '2025-12-12' });
    expect(listing.papers).toHaveLength(2);
    expect(listing.warnings).toEqual([
      { line: 22, message: 'a new paper seems to start here, without a blank line or details above it' },
    ]);
  });

  test('an abstract that is suspiciously long', () => {
    const listing = readListing(
      `A Title\n\n${'We did it all again. '.repeat(200)}\n\n• 2 authors\n·\nMay 1, 2020\n`,
      {
        date: '2025-12-12',
      },
    );
    expect(listing.warnings).toEqual([
      { line: 1, message: 'an abstract of 4199 characters: it may hold further papers' },
    ]);
  });

  test('two words that stand alone', () => {
    const listing = readListing(`${sample}\n\nCookie Policy\n`);
    expect(listing).toMatchObject({ papers });
    expect(listing.warnings).toEqual([
      { line: 465, message: '"Cookie Policy" with nothing below it was left out' },
    ]);
  });

  test('a line that cannot be a paper', () => {
    const listing = readListing(
      sample.replace('Oct 25, 2023', 'Oct 25, 2023\nAdvertisement: read more about this'),
    );
    expect(listing).toMatchObject({ papers });
    expect(listing.warnings).toEqual([
      { line: 156, message: '"Advertisement: read more about this" with nothing below it was left out' },
    ]);
  });

  test('a title with nothing below it', () => {
    const listing = readListing(`${sample}\n\nA Paper Whose Abstract Was Lost\n`);
    expect(listing.papers).toEqual([
      ...papers,
      expect.objectContaining({ title: 'A Paper Whose Abstract Was Lost' }),
    ]);
    expect(listing.warnings).toEqual([
      { line: 465, message: 'a title with nothing below it: it may be no paper' },
    ]);
  });

  test('a damaged date, and the short title close below it stays a title', () => {
    const listing = readListing(
      sample.replace('Oct 16, 2024\n\nDecentralized', 'Oct 16, 202!\nDecentralized'),
    );
    expect(findPaper(listing, 'Decentralized Diffusion Models').abstract).toMatch(
      /^Large-scale AI model training/,
    );
    expect(listing.warnings.map(({ line }) => line)).toEqual([451]);
  });

  test('each damage, in the order of the lines', () => {
    const listing = readListing(
      sample
        .replace('• 19 authors', '• l9 authors')
        .replace(/^Modern ML.*\n/m, '')
        .replace('Oct 11, 2024', 'Oct 32, 2024'),
    );
    const lines = listing.warnings.map(({ line }) => line);
    expect(lines).toHaveLength(3);
    expect(lines).toEqual(lines.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  });

  test('damage all over, but not of every place', () => {
    const listing = readListing('A Title\n\n• l authors\n·\nMay 1\n\n'.repeat(2000), { date: '2025-12-12' });
    expect(listing.warnings).toHaveLength(1001);
    expect(listing.warnings.at(-1)?.message).toBe('3000 further warnings are not shown');
  });
});

/** Where a card is in the sample, in bytes, without the blank line that follows it. */
function findCard(at: number): { start: number; end: number } {
  const bytes = Buffer.from(sample);
  const start = bytes.indexOf(papers[at]?.title ?? '');
  const next = papers[at + 1];
  return { start, end: next === undefined ? bytes.length : bytes.indexOf(next.title) - 2 };
}

/** All cards but the damaged one; one without details above it has no other end than that card's title. */
function expectOthers(found: typeof papers, damagedAt: number): void {
  const others = papers.filter(
    (paper, at) => at !== damagedAt && (at !== damagedAt - 1 || paper.publishedOn !== null),
  );
  expect(found).toEqual(expect.arrayContaining(others));
}
