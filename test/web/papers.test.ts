import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importListing } from '../../src/papers/import-listing.ts';
import { latestPapers, startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const getHtml = async (path: string) => (await app.request(path)).text();

describe('the front page', () => {
  test('has the latest papers, and every topic with its description', async () => {
    const html = await getHtml('/');
    expect(html).toContain('Friday, 12 December 2025');
    expect(html).toContain('<a href="/paper/2" dir="auto">Small Language Models That Admit Doubt</a>');
    expect(html).toContain('Example Lab');
    expect(html).toContain('101 upvotes');
    expect(html).toContain('Clusters, kernels and failures.');
    expect(html).not.toContain('Yesterday’s Paper');
  });

  test('mends what the source damaged, and shows hostile titles as text', async () => {
    const html = await getHtml('/');
    expect(html).toContain('10% less');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot;');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    expect(html.match(/<script/g)).toHaveLength(1);
  });
});

describe('a day', () => {
  test('has all its papers', async () => {
    const html = await getHtml('/papers/2025-12-12');
    expect(html).toContain('<h1>Papers of Friday, 12 December 2025</h1>');
    expect(html.match(/<article/g)).toHaveLength(latestPapers.length);
  });

  test('the latest one has a short address', async () => {
    const response = await app.request('/papers');
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/papers/2025-12-12');
  });

  test.each([
    '2025-12-10',
    '2025-02-30',
    '9999-12-31',
    '0000-00-00',
    'today',
    '2025-12-12?page=2',
    '2025-12-12?page=0',
    '2025-12-12?page=x',
    '2025-12-12?page=1&page=1',
  ])('/papers/%s is a 404 page', async (day) => {
    const response = await app.request(`/papers/${day}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('No papers are known for this day');
  });

  test('with many papers has several pages', async () => {
    const papers = latestPapers
      .slice(0, 1)
      .flatMap((paper) => Array.from({ length: 130 }, (_, n) => ({ ...paper, title: `Paper number ${n}` })));
    await importListing({ db: app.db }, { source: 'test', date: '2025-12-01', papers });
    const first = await getHtml('/papers/2025-12-01');
    const third = await getHtml('/papers/2025-12-01?page=3');
    expect(first.match(/<article/g)).toHaveLength(60);
    expect(first).toContain('aria-current="page"');
    expect(third.match(/<article/g)).toHaveLength(10);
    expect(third).toContain('Paper number 129');
  });
});

describe('a paper', () => {
  test('has its abstract, links, topics and the way to arXiv', async () => {
    const html = await getHtml('/paper/2');
    expect(html).toContain('Small Language Models That Admit Doubt</h1>');
    expect(html).toContain('Code: https://example.org/doubt');
    expect(html).toContain(
      '<a href="https://example.org/doubt" rel="external noopener">example.org/doubt</a>',
    );
    expect(html).toContain('Language models');
    expect(html).toContain(
      'https://arxiv.org/search/?query=Small+Language+Models+That+Admit+Doubt&amp;searchtype=title',
    );
    expect(html).toContain('href="/papers/2025-12-12"');
  });

  test('whose arXiv id is known leads to its abstract, PDF and HTML there', async () => {
    const papers = latestPapers
      .slice(0, 1)
      .map((paper) => ({ ...paper, title: 'Known', arxivId: '2511.00001' }));
    const { added } = await importListing({ db: app.db }, { source: 'test', date: '2025-11-01', papers });
    const html = await getHtml(`/paper/${added[0]?.seq}`);
    for (const form of ['abs', 'pdf', 'html'])
      expect(html).toContain(`href="https://arxiv.org/${form}/2511.00001"`);
    expect(html).not.toContain('arxiv.org/search');
  });

  test('links to http and https only', async () => {
    const html = await getHtml('/paper/4');
    expect(html).toContain('href="http://example.org/a?b=1&amp;c=%3Cd%3E"');
    expect(html).not.toContain('javascript:');
    expect(html).not.toContain('<script');
  });

  test.each(['0', '5000000', '2147483648', '99999999999999999999', '-1', '1.5', 'x', '2%00'])(
    '/paper/%s is a 404 page',
    async (seq) => {
      expect((await app.request(`/paper/${seq}`)).status).toBe(404);
    },
  );
});
