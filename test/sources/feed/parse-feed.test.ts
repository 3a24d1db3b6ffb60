// Feeds of papers as journals, repositories and weblogs write them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFeed } from '../../../src/sources/feed/parse-feed.ts';
import { measureProcessorTime } from '../../support/processor-time.ts';

const readPapers = (text: string) => {
  const feed = parseFeed(text);
  return feed.type === 'feed' ? feed.papers : [];
};

const rss2 = `<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Journal</title>
<item><title>Fish &amp;amp; &lt;i&gt;Chips&lt;/i&gt;</title><link>https://journal.example/papers/1</link>
<description>&lt;p&gt;We fry &amp;lt; 10&amp;#37;.&lt;/p&gt;&lt;p&gt;Code: https://github.com/example/fish&lt;/p&gt;</description>
<dc:creator>Ada Lovelace, Alan Turing</dc:creator><guid>https://doi.org/10.1234/Fish.1</guid>
<pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>`;

const rss1 = `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<channel rdf:about="x"><title>Journal</title></channel>
<item rdf:about="x"><title>Fish &amp; Chips</title><link>https://journal.example/papers/1</link>
<description>We fry &lt; 10%. Code: https://github.com/example/fish</description>
<dc:creator>Ada Lovelace</dc:creator><dc:creator>Alan Turing</dc:creator>
<dc:identifier>doi:10.1234/Fish.1</dc:identifier><dc:date>2026-03-03</dc:date></item></rdf:RDF>`;

const atom = `<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<title>Journal</title>
<entry><title type="html">Fish &amp;amp; Chips</title><id>urn:1</id><link rel="self" href="https://journal.example/atom/1"/>
<link href="https://journal.example/papers/1"/><summary>We fry &lt; 10%. Code: https://github.com/example/fish</summary>
<author><name>Ada Lovelace</name></author><author><name>Alan Turing</name></author><prism:doi>10.1234/fish.1</prism:doi>
<published>2026-03-03T23:30:00-00:00</published><updated>2026-03-09T00:00:00Z</updated></entry></feed>`;

const jsonFeed = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Journal',
  items: [
    {
      id: 'https://doi.org/10.1234/fish.1',
      url: 'https://journal.example/papers/1',
      title: 'Fish & Chips',
      content_html: '<p>We fry &lt; 10%.</p> <p>Code: https://github.com/example/fish</p>',
      authors: [{ name: 'Ada Lovelace' }, { name: 'Alan Turing' }],
      date_published: '2026-03-03T01:00:00+00:00',
    },
  ],
});

describe.each([
  ['RSS 2.0', rss2],
  ['RSS 1.0', rss1],
  ['Atom', atom],
  ['JSON Feed', jsonFeed],
])('an entry in %s', (_, feed) => {
  test('gives title, ids, abstract, authors and day, without markup', () => {
    expect(parseFeed(feed)).toEqual({
      type: 'feed',
      warnings: [],
      papers: [
        {
          day: '2026-03-03',
          paper: {
            title: 'Fish & Chips',
            ids: { doi: '10.1234/fish.1', page: 'https://journal.example/papers/1' },
            abstract: 'We fry < 10%. Code: https://github.com/example/fish',
            authorsCount: 2,
            authors: ['Ada Lovelace', 'Alan Turing'],
            organization: null,
            publishedOn: '2026-03-03',
            comments: null,
            upvotes: null,
            links: ['https://github.com/example/fish'],
          },
        },
      ],
    });
  });
});

describe('a feed', () => {
  test('whose entries lead to arXiv names its papers by their ids', () => {
    const feed = rss2.replace('https://journal.example/papers/1', 'https://arxiv.org/abs/2603.00001v2');
    expect(parseFeed(feed)).toMatchObject({ papers: [{ paper: { ids: { arxiv: '2603.00001' } } }] });
  });

  test('loses only the entry that has no title, and names it', () => {
    const bare = '<item><link>https://journal.example/papers/2</link></item></channel>';
    expect(parseFeed(rss2.replace('</channel>', bare))).toMatchObject({
      papers: [{ day: '2026-03-03' }],
      warnings: ['entry 2 (https://journal.example/papers/2) is left out: it has no title'],
    });
  });

  test.each([
    ['RSS', rss2, 'We fry'],
    ['Atom, in references', atom.replace('<summary>', '<summary type="html">'), 'We fry'],
  ])('has no programs and no styles in its texts: %s', (_, feed, start) => {
    const program = '&lt;style&gt;p { x: y }&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;';
    const [entry] = readPapers(feed.replace(start, `${program}${start}`));
    expect(entry?.paper.abstract).toBe('We fry < 10%. Code: https://github.com/example/fish');
  });

  test('has its paragraphs apart where Atom’s are XHTML, and nothing of its programs', () => {
    const xhtml =
      '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>We <b>fr</b>y.</p><p>Fish.</p><script>alert(1)</script><style>p {}</style></div></summary>';
    const [entry] = readPapers(atom.replace(/<summary>.*<\/summary>/, xhtml));
    expect(entry?.paper.abstract).toBe('We fry. Fish.');
  });

  test('that is none is refused with what it is', () => {
    expect(parseFeed('<html><body/></html>')).toMatchObject({ reason: expect.stringContaining('<html>') });
    expect(parseFeed('{"message": "no"}')).toMatchObject({ reason: 'the answer is JSON, and no feed' });
    expect(parseFeed(rss2.slice(0, 400))).toMatchObject({ type: 'refused' });
    expect(parseFeed('<!DOCTYPE rss [<!ENTITY a "b">]><rss/>')).toMatchObject({ type: 'refused' });
  });

  test('that is cut or damaged anywhere is read or refused, and never an error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(rss2, rss1, atom, jsonFeed),
        fc.nat(2000),
        fc.string(),
        (feed, at, junk) => {
          expect(['feed', 'refused']).toContain(parseFeed(feed.slice(0, at) + junk + feed.slice(at)).type);
          expect(['feed', 'refused']).toContain(parseFeed(feed.slice(0, at)).type);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what feeds get wrong', () => {
  const rss = (item: string, attributes = '') =>
    `<rss version="2.0" ${attributes}><channel><title>J</title><link>https://journal.example/</link><item>${item}</item></channel></rss>`;
  const only = (text: string) => {
    const feed = parseFeed(text);
    return feed.type === 'feed' ? feed.papers[0] : feed;
  };

  test.each([
    ['bare ampersands', rss('<title>R&D for Boats</title>'), 'R&D for Boats'],
    ['names of HTML', rss('<title>M&uuml;ller &ndash; &alpha;</title>'), 'Müller – α'],
    ['names of HTML in HTML', rss('<title>caf&amp;eacute; &amp;lt; 3</title>'), 'café < 3'],
    ['control characters', rss('<title>A\u000bFerry&#x1;</title>'), 'A Ferry'],
    ['what stands below the end', `${rss('<title>A Ferry</title>')}<script>x</script>`, 'A Ferry'],
    [
      'a document type',
      `<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss.dtd">${rss('<title>A Ferry</title>')}`,
      'A Ferry',
    ],
    [
      'prefixes of Atom',
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>A Ferry</a:title><a:id>x</a:id></a:entry></a:feed>',
      'A Ferry',
    ],
    [
      'prefixes of RSS 1.0',
      '<rdf:RDF xmlns:rdf="r" xmlns:rss="http://purl.org/rss/1.0/"><rss:item><rss:title>A Ferry</rss:title></rss:item></rdf:RDF>',
      'A Ferry',
    ],
  ])('%s cost nothing', (_, text, title) => expect(only(text)).toMatchObject({ paper: { title } }));

  test.each([
    ['Fri, 02 Oct 2026 10:00:00 EDT', '2026-10-02'],
    ['Fri, 02 Oct 26 10:00:00 GMT', '2026-10-02'],
    ['Fri, 02 Oct 2026 23:30:00 CET', '2026-10-02'],
    ['2026-10-02T23:30:00-05:00', '2026-10-03'],
    ['2026-10-02 23:30:00', '2026-10-02'],
    ['2026-10-02', '2026-10-02'],
    ['20261002', '2026-10-02'],
    ['Oct 2, 2026', '2026-10-02'],
    ['Friday, October 2, 2026 - 00:10', '2026-10-02'],
    ['2nd October 2026', '2026-10-02'],
    ['02-Oct-2026', '2026-10-02'],
    ['2.10.2026', '2026-10-02'],
    ['2026年10月2日', '2026-10-02'],
    ['Oct 2 2026 10:00AM', '2026-10-02'],
    ['October 2026', null],
    ['Fri, 02 Oct 10:00:00 +2000', null],
    ['Oct 2', null],
    ['2026', null],
    ['2026-02-30', null],
    ['Fall 2026', null],
  ])('the day of “%s” is %s', (written, day) => {
    expect(only(rss(`<title>A Ferry</title><pubDate>${written}</pubDate>`))).toMatchObject({ day });
  });

  test.each([
    ['<dc:creator>Lovelace, A., Turing, A. M.</dc:creator>', ['A. Lovelace', 'A. M. Turing']],
    [
      '<dc:creator>Lovelace, Ada</dc:creator><dc:creator>Turing, Alan</dc:creator>',
      ['Ada Lovelace', 'Alan Turing'],
    ],
    ['<dc:creator>Lovelace, Ada; Turing, Alan</dc:creator>', ['Ada Lovelace', 'Alan Turing']],
    ['<dc:creator>Lovelace, Ada</dc:creator>', ['Ada Lovelace']],
    [
      '<dc:creator>Ada Lovelace, Alan Turing &amp; Grace Hopper</dc:creator>',
      ['Ada Lovelace', 'Alan Turing', 'Grace Hopper'],
    ],
    ['<author>ada@example.org (Ada Lovelace)</author>', ['Ada Lovelace']],
    ['<authors>A. Lovelace;A. Turing;</authors>', ['A. Lovelace', 'A. Turing']],
    ['<author>Ada Lovelace</author><author>Alan Turing</author>', ['Ada Lovelace', 'Alan Turing']],
    ['<author>noreply@example.org</author>', undefined],
  ])('authors of %s', (written, authors) => {
    const found = only(rss(`<title>A Ferry</title>${written}`, 'xmlns:dc="d"'));
    expect(found).toMatchObject({ paper: { title: 'A Ferry' } });
    expect(found !== undefined && 'paper' in found ? found.paper.authors : null).toEqual(authors);
  });

  test('a relative link begins at the page of the feed', () => {
    expect(only(rss('<title>A Ferry</title><link>/papers/1</link>'))).toMatchObject({
      paper: { ids: { page: 'https://journal.example/papers/1' } },
    });
    const base =
      '<feed xmlns="a" xml:base="https://journal.example/"><entry><title>A Ferry</title><link href="papers/1"/></entry></feed>';
    expect(only(base)).toMatchObject({ paper: { ids: { page: 'https://journal.example/papers/1' } } });
  });

  test('an identifier that is no place leads nowhere', () => {
    const guid = (text: string) =>
      only(rss(`<title>A Ferry</title><guid isPermaLink="false">${text}</guid>`));
    expect(guid('paper-1')).toHaveProperty('paper.ids', {});
    expect(guid('https://journal.example/1')).toMatchObject({
      paper: { ids: { page: 'https://journal.example/1' } },
    });
  });

  test('what Google’s alerts lead to is the paper', () => {
    const link = 'https://www.google.com/url?rct=j&amp;url=https://arxiv.org/abs/2603.00001&amp;ct=ga';
    expect(only(rss(`<title>A Ferry</title><link>${link}</link>`))).toMatchObject({
      paper: { ids: { arxiv: '2603.00001', page: 'https://arxiv.org/abs/2603.00001' } },
    });
  });

  test('what is said of a talk is its abstract', () => {
    const media = '<media:group><media:description>On ferries.</media:description></media:group>';
    expect(only(rss(`<title>A Ferry</title>${media}`, 'xmlns:media="m"'))).toMatchObject({
      paper: { abstract: 'On ferries.' },
    });
  });

  test.each([
    ['an HTML text as it is', '<description>Slow <b>and</b> wet<br>ferries</description>'],
    ['a sign that is none of markup', '<description>Slow and wet ferries, x < y</description>'],
  ])('%s costs nothing', (_, summary) => {
    const feed = rss(`<title>A Ferry</title>${summary}`);
    expect(only(feed)).toMatchObject({ paper: { abstract: expect.stringMatching(/^Slow and wet ferries/) } });
  });

  test('what a server writes above the feed is passed over', () => {
    expect(
      only(`<!-- from a cache -->\n<?xml version="1.0"?>${rss('<title>A Ferry</title>').trim()}`),
    ).toMatchObject({ paper: { title: 'A Ferry' } });
  });

  test('a DOI counts, whichever of its identifiers it is', () => {
    const item =
      '<title>A Ferry</title><dc:identifier>pmid:1</dc:identifier><dc:identifier>doi:10.1000/p1</dc:identifier>';
    expect(only(rss(item, 'xmlns:dc="d"'))).toMatchObject({ paper: { ids: { doi: '10.1000/p1' } } });
  });

  test('what another namespace calls an item names no paper', () => {
    const item =
      '<media:title>A figure</media:title><media:item>1</media:item><title>A Ferry</title><link>https://journal.example/1</link>';
    expect(only(rss(item, 'xmlns:media="m"'))).toMatchObject({ paper: { title: 'A Ferry' } });
  });

  test('what stands behind a comment that never ends is text', () => {
    const summary = '<description><![CDATA[A <!-- note --> deep <!-- river]]></description>';
    expect(only(rss(`<title>A Ferry</title>${summary}`))).toMatchObject({
      paper: { abstract: 'A deep <!-- river' },
    });
  });

  test('names without end take no time', async () => {
    const creator = `<dc:creator>${'@'.repeat(150_000)} x</dc:creator>`;
    const feed = rss(`<title>A Ferry</title>${creator}${creator}`, 'xmlns:dc="d"');
    expect(await measureProcessorTime(() => only(feed))).toBeLessThan(1000);
  });

  test('texts that never end take no time', async () => {
    const feed = rss(`${'<title>A < B'.repeat(100_000)}${'<description> <title '.repeat(100_000)}`);
    expect(await measureProcessorTime(() => only(feed))).toBeLessThan(3000);
  });

  test('comments that never end take no time', async () => {
    const feed = rss(`<title>A Ferry</title><description><![CDATA[${'<!--'.repeat(50_000)}]]></description>`);
    expect(await measureProcessorTime(() => only(feed))).toBeLessThan(3000);
  });
});
