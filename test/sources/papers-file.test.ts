// Files that people have: each by what is in it, with its day, as `papers import` and the watched folder take it.
import { describe, expect, test } from 'vitest';
import { parsePapersFile } from '../../src/sources/papers-file.ts';
import { hfEntry } from '../support/live-sources.ts';

const read = (text: string, options: { fileName?: string; date?: string } = {}) =>
  parsePapersFile(Buffer.from(text), { today: '2026-03-10', ...options });

const daily = JSON.stringify([hfEntry('2603.00001'), hfEntry('2603.00002', { upvotes: 7 })]);

describe('the answer of Hugging Face’s API', () => {
  test('is a listing of the day on which its papers were put on the page', () => {
    expect(read(daily, { fileName: 'daily_papers.json' })).toMatchObject({
      type: 'listing',
      date: '2026-03-03',
      papers: [{ ids: { arxiv: '2603.00001' } }, { ids: { arxiv: '2603.00002' }, upvotes: 7 }],
      warnings: [],
    });
  });

  test('is of the day that is given, else of the one in its name, with a warning where that is another', () => {
    expect(read(daily, { fileName: 'daily_papers_2026-03-04.json' })).toMatchObject({
      date: '2026-03-04',
      warnings: [{ line: null, message: 'its papers are of 2026-03-03: 2026-03-04 was taken as its day' }],
    });
    expect(read(daily, { fileName: 'a-2026-03-04.json', date: '2026-03-02' })).toMatchObject({
      date: '2026-03-02',
    });
  });

  test('without papers, or of something else, is refused with what it is', () => {
    for (const text of ['[]', '{ "papers": [] }', '[{ "fish": 1 }]', '[[1]]', '{"a":null}'])
      expect(read(text)).toMatchObject({ type: 'refused', reason: expect.stringMatching(/JSON/) });
  });
});

test('what `papers import --json` printed comes back with its day', () => {
  const printed = { date: '2026-03-01', papers: [{ title: 'A Ferry', abstract: 'It crosses.' }] };
  expect(read(JSON.stringify(printed))).toMatchObject({ date: '2026-03-01', papers: [{ title: 'A Ferry' }] });
});

test('a feed that does not tell its day is of today, and says so', () => {
  const feed = `<?xml version="1.0"?><rss version="2.0"><channel><item><title>A Ferry</title></item></channel></rss>`;
  expect(read(feed)).toMatchObject({
    date: '2026-03-10',
    papers: [{ title: 'A Ferry' }],
    warnings: [{ message: expect.stringMatching(/today, 2026-03-10, was taken/) }],
  });
});

test('cards that are stored as one paper are told, wherever they stand; those of two ids are two', () => {
  const entries = [hfEntry('2603.00001', { title: 'Twins' }), hfEntry('2603.00002', { title: 'Twins' })];
  expect(read(JSON.stringify(entries))).toMatchObject({ warnings: [] });
  const page = ['A Ferry', 'A Bridge', 'A ferry!'].map(
    (title, at) =>
      `${at + 3}\n\n${title}\n\nWe ferry packets across a narrow lake and count those that arrive, in two seasons and with three kinds of boats.\n\n• 3 authors\n·\nMar 1\n\n`,
  );
  expect(read(`Daily Papers\n\nMar 3\n\n${page.join('')}`)).toMatchObject({
    warnings: [{ message: '2 cards are one paper: A Ferry' }],
  });
});

test('a page of HTML is refused as that', () => {
  expect(read('<!doctype html><title>Daily Papers</title>')).toMatchObject({
    reason: expect.stringMatching(/HTML/),
  });
});

test.each([
  ['ISO-8859-2', [0xa3, 0xf3, 0x64, 0xbc], 'Łódź'],
  ['gb2312', [0xd6, 0xd0, 0xb9, 0xfa], '中国'],
])('a feed that says that it is in %s is read so', (encoding, title, text) => {
  const around = (inner: string) => Buffer.from(inner, 'latin1');
  const bytes = Buffer.concat([
    around(`<?xml version="1.0" encoding="${encoding}"?><rss version="2.0"><channel><item><title>`),
    Buffer.from(title),
    around('</title></item></channel></rss>'),
  ]);
  expect(parsePapersFile(bytes, { today: '2026-03-10' })).toMatchObject({ papers: [{ title: text }] });
});

test('a paper of a list that has arXiv’s DOI has its id', () => {
  expect(read(JSON.stringify([{ title: 'A Ferry', doi: '10.48550/arXiv.2603.00001' }]))).toMatchObject({
    papers: [{ title: 'A Ferry', ids: { arxiv: '2603.00001' } }],
  });
});
