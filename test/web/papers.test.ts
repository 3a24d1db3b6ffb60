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
    expect(html.replaceAll(/<script src="\/assets\/[\w.-]+" defer><\/script>/g, '')).not.toContain('<script');
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

describe('from day to day', () => {
  test('leads to the days before and after that have papers', async () => {
    const latest = await getHtml('/papers/2025-12-12');
    expect(latest).toMatch(/href="\/papers\/2025-12-11" rel="prev"/);
    expect(latest).not.toContain('rel="next"');
    expect(await getHtml('/papers/2025-12-11')).toMatch(/href="\/papers\/2025-12-12" rel="next"/);
  });

  test('says where it is, whatever else its address holds', async () => {
    expect(await getHtml('/papers/2025-12-12?lang=en&x=1')).toContain(
      '<link rel="canonical" href="http://papers.example.org/papers/2025-12-12">',
    );
  });
});

test('the page of a paper has what a machine wrote in its reader’s language, marked, as text', async () => {
  const data = { paperSeq: 2, language: 'de', gist: 'Kurz <b>gesagt</b>.', translation: 'Der Abstract.' };
  await app.db.paperSummary.create({ data });
  const german = await getHtml('/paper/2?lang=de');
  expect(german).toContain('Kurz &lt;b&gt;gesagt&lt;/b&gt;.');
  expect(german).toContain('Von einer Maschine übersetzt: Der Abstract.');
  expect(await getHtml('/paper/2?lang=en')).not.toContain('Der Abstract.');
  await app.db.paperSummary.deleteMany();
});

describe('topics', () => {
  test('that were split or renamed lead on to what came in their place, page and feed', async () => {
    await app.db.topic.update({ where: { id: 'systems' }, data: { replaces: ['old-systems'] } });
    await app.db.topic.update({ where: { id: 'vision' }, data: { replaces: ['old-systems', 'systems'] } });
    const moves = [
      ['/topics/old-systems', /\/topics\/(?:systems|vision)$/],
      ['/topics/old-systems?lang=de', /\/topics\/(?:systems|vision)\?lang=de$/],
      ['/feeds/topics/old-systems.atom?lang=de', /\/feeds\/topics\/(?:systems|vision)\.atom\?lang=de$/],
    ] as const;
    for (const [path, target] of moves) {
      const response = await app.request(path);
      expect([response.status, response.headers.get('location')]).toEqual([
        302,
        expect.stringMatching(target),
      ]);
    }
    // One that is still there is itself, whatever another says of it.
    expect((await app.request('/topics/systems')).status).toBe(200);
    await app.db.topic.updateMany({ data: { replaces: [] } });
  });

  test('lead to their papers, under the days that brought them', async () => {
    expect(await getHtml('/topics')).toContain('<a href="/topics/vision">Computer vision</a>');
    const html = await getHtml('/topics/vision');
    expect(html).toContain('<h1>Computer vision</h1>');
    expect(html).toContain('<a href="/papers/2025-12-12">Friday, 12 December 2025</a>');
    expect(html).toContain('Seeing in the Dark');
    expect(html).not.toContain('Small Language Models');
  });

  test('go on by key: older papers, each once', async () => {
    const seqs = [];
    const papers = latestPapers
      .slice(0, 1)
      .flatMap((paper) => Array.from({ length: 65 }, (_, n) => ({ ...paper, title: `Topical ${n}` })));
    const { stored } = await importListing({ db: app.db }, { source: 'test', date: '2025-10-01', papers });
    const given = stored.map(({ seq }) => ({ paperSeq: seq, topicId: 'systems', score: 1, because: [] }));
    await app.db.paperTopic.createMany({ data: given });
    for (let path: string | undefined = '/topics/systems'; path !== undefined; ) {
      const html: string = await getHtml(path);
      seqs.push(
        ...Array.from(html.matchAll(/paper-title"><a href="\/paper\/(\d+)"/g), ([, seq]) => Number(seq)),
      );
      path = /href="([^"]+)" rel="next"/.exec(html)?.[1];
    }
    expect(seqs).toEqual(stored.map(({ seq }) => seq).toSorted((one, other) => other - one));
    await app.db.paper.deleteMany({ where: { seq: { in: seqs } } });
    await app.db.listing.deleteMany({ where: { date: new Date('2025-10-01') } });
  });

  test.each([
    '/topics/nothing',
    '/topics/vision?before=99999',
    '/topics/vision?before=x',
    '/topics/vision?before=1&before=2',
  ])('%s is a 404 page', async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });
});

describe('search', () => {
  test('finds papers of every day, and shows where', async () => {
    const html = await getHtml('/search?q=camera+OR+%22graph+transformers%22');
    expect(html).toContain('Seeing in the Dark');
    expect(html).toContain('Yesterday’s Paper');
    expect(html).toContain('<mark>camera</mark>');
    expect(html).toContain('name="robots" content="noindex, follow"');
  });

  test('says what it does not understand, and keeps it to be mended', async () => {
    const response = await app.request('/search?q=%22camera');
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).toContain('A quotation mark is never closed');
    expect(html).toContain('value="&quot;camera"');
  });

  test('asks of a list with commas whether several were meant', async () => {
    const html = await getHtml('/search?q=camera%2C+kv+cache');
    expect(html).toContain('Did you mean several searches?');
    expect(html).toContain('camera OR &quot;kv cache&quot;</a>');
    expect(await getHtml('/search?q=camera+kv')).not.toContain('Did you mean');
    expect(await getHtml('/search?q=au%3AAda+Byron+Camera')).toContain('is read as the name of one author');
    const preview = await getHtml('/preview/fragment?keywords=camera%2C+kv+cache');
    expect(preview).toContain('Did you mean several searches?');
  });

  test('that finds nothing yet can be followed by email', async () => {
    const html = await getHtml('/search?q=zzyzx');
    expect(html).toContain('No paper matches');
    expect(html).toContain('<a href="/?keywords=zzyzx">Get new papers that match by email.</a>');
  });

  test('shows back no more than a query may have', async () => {
    const response = await app.request(`/search?q=${'a'.repeat(5000)}`);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(`value="${'a'.repeat(251)}`);
  });

  test('stays in the language that was asked for', async () => {
    expect(await getHtml('/search?lang=de')).toContain('<input type="hidden" name="lang" value="de">');
    expect(await getHtml('/search')).not.toContain('name="lang"');
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
    expect(html).toContain('<a class="tag" href="/topics/language">Language models</a>');
    expect(html).toContain(
      'https://arxiv.org/search/?query=Small+Language+Models+That+Admit+Doubt&amp;searchtype=title',
    );
    expect(html).toContain('href="/papers/2025-12-12"');
  });

  test('whose arXiv id is known leads to its abstract, PDF and HTML there', async () => {
    const papers = latestPapers
      .slice(0, 1)
      .map((paper) => ({ ...paper, title: 'Known', ids: { arxiv: '2511.00001' } }));
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

describe('the authors of a paper', () => {
  test('are all named, each with a search for their papers', async () => {
    const authors = ['Ada Lovelace', 'LeCun, Y.', '<b>"x"', '…'];
    const [like] = latestPapers;
    if (like === undefined) throw new Error('there is no paper');
    const papers = [{ ...like, title: 'Engines', authors, authorsCount: 4 }];
    const { stored } = await importListing({ db: app.db }, { source: 'test', date: '2025-09-01', papers });
    const html = await getHtml(`/paper/${stored[0]?.seq}`);
    expect(html).toContain('<a href="/search?q=au%3A%22ada+lovelace%22" rel="nofollow">Ada Lovelace</a>');
    expect(html).toContain('LeCun, Y.</a>');
    expect(html).toContain('&lt;b&gt;&quot;x&quot;');
    expect(html).not.toContain('4 authors');
  });
});

describe('a paper for a reference manager', () => {
  test('is a file of its own, under either address', async () => {
    for (const path of ['/paper/2.bib', '/papers/2.bib']) {
      const response = await app.request(path);
      expect(response.headers.get('content-type')).toBe('application/x-bibtex; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="paper-2.bib"');
      expect(await response.text()).toContain('title = {{Small Language Models That Admit Doubt}}');
    }
    expect(await (await app.request('/paper/2.ris')).text()).toMatch(/^TY {2}- UNPB\r\n/);
  });

  test.each(['/paper/999.bib', '/paper/2.pdf', '/paper/x.ris', '/papers/2025-12-12.bib'])(
    '%s is a 404',
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );

  test('that was withdrawn says so, on its page and in lists', async () => {
    const [like] = latestPapers;
    if (like === undefined) throw new Error('there is no paper');
    const papers = [
      { ...like, title: 'Regretted', abstract: 'This paper has been withdrawn by its authors.' },
    ];
    const { stored } = await importListing({ db: app.db }, { source: 'test', date: '2025-08-01', papers });
    expect(await getHtml(`/paper/${stored[0]?.seq}`)).toContain('This paper was withdrawn');
    expect(await getHtml('/papers/2025-08-01')).toContain('<bdi>Withdrawn</bdi>');
  });
});
