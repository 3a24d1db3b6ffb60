import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readListing } from '../../src/commands/read-listing.ts';
import { ConfigError } from '../../src/platform/errors.ts';

const now = new Date('2026-03-02T09:00:00Z');

/** Two cards in the shape of the page, hand-written. */
const page = `Daily Papers

Dec 12

Sparse Experts for Small Clusters

We train sparse models on clusters that are small.

• 4 authors

·

Dec 10

Reading Time Series with Patience

We read slowly, and forecast well.

Example Example Lab

·

Dec 9 2
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperround-listing-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(name: string, content: string | Buffer, date?: string) {
  writeFileSync(join(folder, name), content);
  return readListing(name, { workingFolder: folder, now, date });
}

describe('a listing in a file', () => {
  test('is found from the caller’s folder, and read', async () => {
    const { date, papers } = await read('page.txt', page);
    expect(date).toBe('2025-12-12');
    expect(
      papers.map(({ title, authorsCount, organization }) => [title, authorsCount, organization]),
    ).toEqual([
      ['Sparse Experts for Small Clusters', 4, null],
      ['Reading Time Series with Patience', null, 'Example Lab'],
    ]);
  });

  test('is of the day that is given, else of the day in its name, else of the day in its text', async () => {
    expect((await read('papers-2025-12-11.txt', page, '2025-12-13')).date).toBe('2025-12-13');
    expect((await read('papers-2025-12-11.txt', page)).date).toBe('2025-12-11');
  });

  test('also by its full path', async () => {
    const path = join(folder, 'page.txt');
    expect((await readListing(path, { workingFolder: '/', now })).papers).toHaveLength(2);
  });
});

describe('what is no listing is refused with its name:', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['page.html', '<!doctype html><title>Daily Papers</title>', /^page\.html: .*HTML/],
    ['papers.json', '{ "papers": [] }', /^papers\.json: .*JSON/],
    ['papers.bin', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 37) % 256)), /^papers\.bin: /],
    ['papers.pdf', '%PDF-1.7\n%âãÏÓ', /^papers\.pdf: .*PDF/],
    ['empty.txt', '', /^empty\.txt: It is empty/],
    ['letter.txt', 'Dear reader,\n\nthere is nothing here.\n', /^letter\.txt: .*ordinary text/],
    ['endless.txt', Buffer.alloc(33 * 1024 * 1024, 'papers and papers\n'), /^endless\.txt .*32 MiB/],
  ])('%s', async (name, content, message) => {
    const refusal = read(name, content);
    await expect(refusal).rejects.toThrow(ConfigError);
    await expect(refusal).rejects.toThrow(message);
  });

  test.each([
    ['no-such.txt', /^no-such\.txt cannot be read: .*no such file/],
    ['.', /^\. cannot be read: it is a folder, and a file is wanted/],
  ])('%s', async (name, message) => {
    await expect(readListing(name, { workingFolder: folder, now })).rejects.toThrow(message);
  });
});
