// Inputs that are no listing: each is refused with one sentence that says what it looks like and what to do.
import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mostListedPapers } from '../../src/papers/paper.ts';
import { describeForeignText } from '../../src/sources/listing/describe-foreign.ts';
import { parseListing } from '../../src/sources/listing-text.ts';
import { captureDay, readFixture, readSample, sampleFile } from './read-fixture.ts';

const prose = `${'It was a dark night, and nobody in the house had read the paper yet. '.repeat(12)}

Chapter Two

${'The morning was no better, for the paper had not come, and the cat had opinions. '.repeat(9)}
`;

const refused: [what: string, input: Uint8Array | string, says: RegExp][] = [
  ['nothing', '', /^It is empty: /],
  ['blank lines', '\r\n \u00a0\r\n\u200b\n', /^It has no text at all: /],
  [
    'an HTML page',
    '<!DOCTYPE html>\n<html><body><h1>Daily Papers</h1></body></html>',
    /an HTML or XML document/,
  ],
  [
    'a feed',
    '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    /an HTML or XML document/,
  ],
  ['an API answer', '[{"paper":{"id":"2501.00001","title":"A"}}]', /JSON/],
  ['a truncated API answer', '{"papers": [{"title": "A"', /JSON/],
  ['an array', '[1, 2, 3]', /JSON/],
  ['a PDF', '%PDF-1.7\n1 0 obj', /a PDF/],
  ['an archive', gzipSync('text'), /a gzip archive/],
  ['an office document', 'PK\u0003\u0004rest', /a ZIP archive or an office document/],
  ['binary data', deflateSync(readFileSync(sampleFile)), /a binary file/],
  ['prose', prose, /ordinary text/],
  ['prose below a date', `Dec 12\n\n${prose}`, /ordinary text/],
  [
    'a page that lost its titles',
    readFixture('titles-lost.txt'),
    /a daily papers page whose titles or details/,
  ],
  [
    'a page of addresses',
    'Daily Papers\n\nby AK and the research community\n\nDec 12\n\nSome Line\n\nAnother Short Line\n',
    /whose titles or details/,
  ],
  [
    'details below a menu',
    'The Whole Research Community\n\nSubmitted by\nada\n\n• 8 authors\n\n3\n',
    /whose titles or details/,
  ],
  ['too many bytes', new Uint8Array(33 * 1024 * 1024), /^It is 33 MiB and a listing has at most 32/],
  ['too many lines', 'a\n'.repeat(1_000_001), /^It has over 1,000,000 lines/],
];

test.each(refused)('%s is refused', (_what, input, says) => {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const parsed = parseListing(bytes, { today: captureDay });

  expect(parsed).toEqual({ type: 'refused', reason: expect.stringMatching(says) });
});

test('half a million lines that end in CRLF are not too many', () => {
  // To read them all takes seconds: that it goes on to read them is enough.
  expect(describeForeignText('\r\na'.repeat(600_000))).toBeNull();
});

test('every reason is one sentence', () => {
  for (const [, input] of refused) {
    const bytes = typeof input === 'string' ? Buffer.from(input) : input;
    const parsed = parseListing(bytes, { today: captureDay });
    expect(parsed.type === 'refused' && parsed.reason).toMatch(/^It (?:looks|is|has)[^.]*\.$/);
  }
});

test('a page head and whole papers are a listing even when every detail is missing', () => {
  const head = 'Get trending papers in your email inbox!\n\nDaily Papers\n\nDec 12\n\n';
  const abstract = 'We measure what is left of a page when all details are gone. '.repeat(5).trim();

  const parsed = parseListing(Buffer.from(`${head}A Lonely Title\n\n${abstract}\n`), { today: captureDay });
  expect(parsed).toMatchObject({ type: 'listing', papers: [{ title: 'A Lonely Title', abstract }] });
});

test('a listing is not refused for a first title in brackets', () => {
  const card =
    '[Re] Reproducing a Small Result\n\nWe repeated it with care and it held.\n\n• 3 authors\n·\nJun 21\n';
  const parsed = parseListing(Buffer.from(card), { today: captureDay });

  expect(parsed).toMatchObject({ type: 'listing', papers: [{ title: '[Re] Reproducing a Small Result' }] });
});

test('an archive of many days in one file is refused, with how many papers it has', () => {
  const text = readFileSync(sampleFile, 'utf8');
  const days = Math.ceil((mostListedPapers + 1) / readSample().papers.length);
  const parsed = parseListing(Buffer.from(text.repeat(days)), { today: captureDay });
  expect(parsed).toMatchObject({
    type: 'refused',
    reason: expect.stringMatching(/^It has \d{5,} papers, and a listing is one day's: 10000 at the most/),
  });
});
