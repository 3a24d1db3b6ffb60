import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { matchPapers } from '../../src/commands/listing-commands.ts';
import { type PreviewFormat, previewDigest } from '../../src/commands/preview-digest.ts';
import { type Listing, readListing } from '../../src/commands/read-listing.ts';
import { packageFolder, readConfig } from '../../src/config/config.ts';
import { fewTopics } from '../support/program.ts';

const now = new Date('2025-12-12T09:00:00Z');
const config = readConfig({ BASE_URL: 'https://papers.example.org', TOPICS_FILE: fewTopics });
const wanted = {
  topics: ['llm-training'],
  keywords: ['diffusion'],
  organizations: [] as string[],
  excludedTopics: [] as string[],
  excludedKeywords: [] as string[],
  maxPapers: 3,
  config,
  now,
};

let listing: Listing;
beforeAll(async () => {
  listing = await readListing('seeds/daily-papers-2025-12-12.txt', { workingFolder: packageFolder, now });
});

const preview = (format: PreviewFormat, more: Partial<typeof wanted> = {}) =>
  previewDigest(listing, { ...wanted, ...more, format });

describe('a preview', () => {
  test('is the same digest in every format', async () => {
    const document = JSON.parse(await preview('json'));
    expect(document).toMatchObject({
      edition: '2025-12-12',
      matched: expect.any(Number),
      papers: [{ title: expect.any(String), score: expect.any(Number) }, {}, {}],
    });
    const [html, text, mime] = await Promise.all([preview('html'), preview('text'), preview('mime')]);
    expect(document.html).toBe(html);
    expect(document.text).toBe(text);
    expect(mime.replace(/=\r\n/g, '')).toContain(document.papers[0].title.slice(0, 20));
    expect(html).toMatch(/^<!doctype html>/i);
    const running = text.replace(/\s+/g, ' ');
    for (const { title } of document.papers) expect(running).toContain(title);
  });

  test('tells for each paper which topic or keyword brought it', async () => {
    const { papers } = JSON.parse(await preview('json', { topics: [] }));
    for (const { reasons } of papers) {
      expect(reasons).toMatchObject([{ type: 'query', query: 'diffusion', because: expect.any(Array) }]);
    }
  });

  test('leaves out what was withdrawn', async () => {
    const papers = listing.papers.map((paper) => ({
      ...paper,
      abstract: 'This paper has been withdrawn by its authors.',
    }));
    const withdrawn = previewDigest({ ...listing, papers }, { ...wanted, format: 'json' });
    await expect(withdrawn).rejects.toThrow('No paper of this listing matches');
  });

  test('follows organisations, and leaves out what is excluded', async () => {
    const titlesWith = async (more: Partial<typeof wanted>): Promise<string[]> =>
      JSON.parse(await preview('json', { topics: [], keywords: [], maxPapers: 50, ...more })).papers.map(
        ({ title }: { title: string }) => title,
      );
    const [lost, sharing] = [/^All is Not Lost/, /^Sharing is Caring/].map((title) =>
      expect.stringMatching(title),
    );
    const followed = await titlesWith({ organizations: ['Gensyn Gensyn'] });
    expect(followed).toEqual(expect.arrayContaining([lost, sharing]));
    const left = (more: Partial<typeof wanted>) => titlesWith({ organizations: ['gensyn'], ...more });
    expect(await left({ excludedKeywords: ['checkpoints'] })).toEqual(
      followed.filter((title) => !title.startsWith('All is Not Lost')),
    );
    expect(await left({ excludedTopics: ['llm-training'] })).toEqual(
      followed.filter((title) => !title.startsWith('Sharing is Caring')),
    );
  });

  test.each<[string, Partial<typeof wanted>, RegExp]>([
    ['an unknown excluded topic', { excludedTopics: ['astrology'] }, /no topic “astrology”/],
    ['an excluded query that is none', { excludedKeywords: ['"open'] }, /“"open” is not understood/],
    ['an unknown topic', { topics: ['llm-training', 'astrology'] }, /no topic “astrology”.*llm-training/],
    ['a query that is none', { keywords: ['fine', '"open'] }, /“"open” is not understood/],
    ['nothing that matches', { topics: [], keywords: ['astrology'] }, /no digest would be sent/i],
  ])('of %s is refused', async (_title, more, message) => {
    await expect(preview('text', more)).rejects.toThrow(message);
  });
});

describe('papers match', () => {
  test('finds what a reader of the listing would, best first', () => {
    const { matched } = matchPapers(listing, '"pipeline parallelism" -vocabulary');
    expect(matched.length).toBeGreaterThan(0);
    for (const { title, because } of matched) {
      expect(because).not.toEqual([]);
      expect(title).not.toMatch(/vocabulary/i);
    }
    const source = readFileSync(join(packageFolder, 'seeds/daily-papers-2025-12-12.txt'), 'utf8');
    expect(source).toContain(matched[0]?.title.split(':')[0]);
  });

  test('refuses a query that is none', () => {
    expect(() => matchPapers(listing, '()')).toThrow(/“\(\)” is not understood/);
  });
});
