// Files that people have: each by what is in it, with its day, as `papers import` and the watched folder take it.
import { describe, expect, test } from 'vitest';
import { parsePapersFile } from '../../src/sources/papers-file.ts';
import { hfEntry } from '../support/live-sources.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

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

test('comments at the start of a file take no time', async () => {
  expect(await measureProcessorTime(() => read('<!---->'.repeat(40)))).toBeLessThan(1000);
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

describe('JSON that somebody else wrote', () => {
  const entry = hfEntry('2603.00001');

  test.each(['data', 'results', 'daily_papers'])('has its list under any name: %s', (name) => {
    expect(read(JSON.stringify({ total: 1, [name]: [entry] }))).toMatchObject({
      papers: [{ ids: { arxiv: '2603.00001' } }],
    });
  });

  test('has ids in addresses, authors in a line, counts as text', () => {
    const papers = [
      {
        title: 'A Ferry',
        url: 'https://arxiv.org/abs/2603.00001v2',
        authors: ['Ada Lovelace'],
        upvotes: '12',
      },
      {
        title: 'A Bridge',
        link: 'https://doi.org/10.1000/182',
        authors: 'Lovelace, A.; Turing, A.',
        date: '2026-03-02',
      },
    ];
    expect(read(JSON.stringify(papers))).toMatchObject({
      papers: [
        { ids: { arxiv: '2603.00001' }, authors: ['Ada Lovelace'], upvotes: 12 },
        { ids: { doi: '10.1000/182' }, authors: ['A. Lovelace', 'A. Turing'], publishedOn: '2026-03-02' },
      ],
    });
  });

  const told = {
    title: 'A Ferry',
    authors: ['Ada Lovelace', 'Alan Turing'],
    publishedOn: '2026-03-02',
    abstract: 'We ferry boats.',
  };
  test.each<[string, unknown, object]>([
    [
      'Semantic Scholar',
      {
        total: 1,
        data: [
          {
            externalIds: { ArXiv: '2603.00001' },
            title: 'A Ferry',
            abstract: 'We ferry boats.',
            publicationDate: '2026-03-02',
            authors: [{ name: 'Ada Lovelace' }, { name: 'Alan Turing' }],
          },
        ],
      },
      { arxiv: '2603.00001' },
    ],
    [
      'Crossref',
      {
        status: 'ok',
        message: {
          items: [
            {
              DOI: '10.1000/F.1',
              title: ['A Ferry'],
              author: [
                { given: 'Ada', family: 'Lovelace' },
                { given: 'Alan', family: 'Turing' },
              ],
              abstract: '<jats:title>Abstract</jats:title><jats:p>We ferry boats.</jats:p>',
              issued: { 'date-parts': [[2026, 3, 2]] },
            },
          ],
        },
      },
      { doi: '10.1000/f.1' },
    ],
    [
      'OpenAlex',
      {
        results: [
          {
            doi: 'https://doi.org/10.1000/f.1',
            display_name: 'A Ferry',
            publication_date: '2026-03-02',
            authorships: [
              { author: { display_name: 'Ada Lovelace' } },
              { author: { display_name: 'Alan Turing' } },
            ],
            abstract_inverted_index: { 'boats.': [2], We: [0], ferry: [1] },
          },
        ],
      },
      { doi: '10.1000/f.1' },
    ],
    [
      'Zenodo',
      {
        hits: {
          hits: [
            {
              doi: '10.1000/f.1',
              metadata: {
                title: 'A Ferry',
                publication_date: '2026-03-02',
                description: '<p>We ferry boats.</p>',
                creators: [{ name: 'Lovelace, Ada' }, { name: 'Turing, Alan' }],
              },
            },
          ],
        },
      },
      { doi: '10.1000/f.1' },
    ],
  ])('may be of %s', (_, document, ids) => {
    expect(read(JSON.stringify(document))).toMatchObject({ papers: [{ ...told, ids }] });
  });

  test('may have initials behind its names, and a month without a day', () => {
    const result = {
      title: 'A Ferry',
      doi: '10.1000/f.1',
      authorString: 'Lovelace A, Turing AM.',
      issued: { 'date-parts': [[2026, 3]] },
    };
    expect(read(JSON.stringify({ resultList: { result: [result] } }))).toMatchObject({
      papers: [{ authors: ['A Lovelace', 'AM Turing'], publishedOn: null }],
    });
  });

  test('loses entries of other years, and says how many', () => {
    const old = structuredClone(entry);
    old.paper.id = '2403.00001';
    old.paper.submittedOnDailyAt = '2024-03-03T00:00:00.000Z';
    expect(read(JSON.stringify([entry, old]))).toMatchObject({
      date: '2026-03-03',
      papers: [{ ids: { arxiv: '2603.00001' } }],
      warnings: [{ message: '1 entries are left out: they are of a day long before 2026-03-03' }],
    });
  });

  test('is refused with the line where it is damaged', () => {
    const text = JSON.stringify([entry], null, 2);
    const lines = text.split('\n').length;
    expect(read(text.slice(0, -10))).toMatchObject({
      reason: expect.stringMatching(/cut off: nothing can be read from line \d+ on/),
    });
    expect(read(`${text}\n%`)).toMatchObject({
      reason: expect.stringContaining(`from line ${lines + 1} on`),
    });
  });

  test('may be OpenReview’s notes, of either version', () => {
    const at = Date.parse('2026-03-02T10:00:00Z');
    const notes = [
      { id: 'a', cdate: at, content: { title: 'A Ferry', authors: ['Ada'] } },
      { id: 'b', cdate: at, content: { title: { value: 'A Bridge' }, authors: { value: ['Alan'] } } },
      { id: 'c', cdate: at, replyto: 'a', content: { title: 'Review' } },
    ];
    expect(read(JSON.stringify({ notes }))).toMatchObject({
      papers: [
        { title: 'A Ferry', publishedOn: '2026-03-02', ids: { page: 'https://openreview.net/forum?id=a' } },
        { title: 'A Bridge', authors: ['Alan'] },
      ],
    });
  });

  test('may be bioRxiv’s, and tells how many new versions it left out', () => {
    const collection = [1, 2].map((version) => ({
      doi: `10.1101/${version}`,
      title: `Fish ${version}`,
      version,
    }));
    expect(read(JSON.stringify({ collection }))).toMatchObject({
      papers: [{ title: 'Fish 1' }],
      warnings: expect.arrayContaining([
        { line: null, message: '1 new versions of earlier papers are no news' },
      ]),
    });
  });

  test('may be bioRxiv’s without its messages, with markup in a title', () => {
    const collection = [
      { doi: '10.1101/2026.03.01.123456', title: '<i>E. coli</i> &amp; CO<sub>2</sub>', version: '1' },
    ];
    expect(read(JSON.stringify({ collection }))).toMatchObject({ papers: [{ title: 'E. coli & CO2' }] });
  });
});
