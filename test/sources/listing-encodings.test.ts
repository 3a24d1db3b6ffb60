// The same listing in other encodings and line ends, and with characters that cannot be seen.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readListing, sampleFile } from './read-fixture.ts';

const sample = readFileSync(sampleFile, 'utf8');
const expected = readListing(sample);
const chinese = `\ufeff${'\u6f6e\u6c50'.repeat(12)}\n\n${'\u6f6e\u6c50\u3002'.repeat(90)}\n\n\u2022 3 authors\n\u00b7\nJun 21, 2025\n`;

test.each([
  ['CRLF', Buffer.from(sample.replaceAll('\n', '\r\n'))],
  ['CR', Buffer.from(sample.replaceAll('\n', '\r'))],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${sample}`)],
  ['UTF-16 little endian', Buffer.from(`\ufeff${sample}`, 'utf16le')],
  ['UTF-16 big endian', Buffer.from(`\ufeff${sample}`, 'utf16le').swap16()],
  ['UTF-16 without a byte order mark', Buffer.from(sample, 'utf16le')],
  ['UTF-16 big endian without a byte order mark', Buffer.from(sample, 'utf16le').swap16()],
  ['no-break spaces', Buffer.from(sample.replaceAll(' ', '\u00a0'))],
  ['thin and wide spaces', Buffer.from(sample.replaceAll(' ', '\u2009\u3000'))],
  ['zero-width characters', Buffer.from(sample.replaceAll(/[aeiou·•]/g, '\u200b$&\u200d\u2060'))],
  ['byte order marks and soft hyphens within', Buffer.from(sample.replaceAll(/[st\d]/g, '\ufeff$&\u00ad'))],
  ['tabs and spaces at line ends', Buffer.from(sample.replaceAll('\n', ' \t\n\t'))],
])('%s: the papers are the same', (_name, input) => {
  expect(readListing(input)).toEqual(expected);
});

test('a Windows-1252 file is read as such, with a warning', () => {
  const listing = readListing(Buffer.from(sample.replaceAll('•', '\u0095'), 'latin1'));

  expect(listing.papers).toEqual(expected.papers);
  expect(listing.warnings).toEqual([
    { line: 1, message: 'the file is not UTF-8: it was read as Windows-1252' },
  ]);
});

test('a damaged byte costs one character, with a warning', () => {
  const bytes = Buffer.from(sample);
  bytes[bytes.indexOf('Mixture of Thoughts')] = 0xff;
  const listing = readListing(bytes);

  expect(listing.papers.map(({ title }) => title)).toContain(
    '\ufffdixture of Thoughts: Learning to Aggregate What Experts Think, Not Just What They Say',
  );
  expect(listing.papers).toHaveLength(58);
  expect(listing.warnings).toMatchObject([
    { line: 1, message: expect.stringContaining('1 damaged character') },
  ]);
});

test.each([
  ['little', Buffer.from(chinese, 'utf16le')],
  ['big', Buffer.from(chinese, 'utf16le').swap16()],
])('UTF-16 %s endian needs no Latin letters', (_name, input) => {
  expect(readListing(input).papers).toMatchObject([
    { title: '\u6f6e\u6c50'.repeat(12), publishedOn: '2025-06-21' },
  ]);
});

test('joiners stay inside emoji', () => {
  const card =
    'Fam\u200dily Ties\n\nWe draw 👩\u200d👧 and measure how models see them.\n\n• 3 authors\n·\nJun 21\n';

  expect(readListing(card, { date: '2025-12-12' }).papers).toMatchObject([
    { title: 'Family Ties', abstract: 'We draw 👩\u200d👧 and measure how models see them.' },
  ]);
});
