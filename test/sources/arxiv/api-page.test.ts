import { describe, expect, test } from 'vitest';
import { parseApiPage } from '../../../src/sources/arxiv/api-page.ts';
import { printApiPage } from './print-feed.ts';

const asked = { from: new Date('2026-02-27T19:00:00Z'), to: new Date('2026-03-02T19:00:00Z') };

describe('a page of the API', () => {
  test('has letters where its authors typed TeX', () => {
    const page = printApiPage([
      {
        id: '2603.00001v2',
        title: String.raw`Erd\H{o}s and $\v{x}$`,
        abstract: String.raw`Na\"ive.`,
        authors: [String.raw`Fran\c cois Lov{\'e}`],
      },
    ]);
    expect(parseApiPage(page, asked)).toMatchObject({
      papers: [{ title: String.raw`Erdős and $\v{x}$`, abstract: 'Naïve.', authors: ['François Lové'] }],
    });
  });

  test('gives its papers, and how many there are on all pages', () => {
    const page = printApiPage(
      [
        {
          id: '2603.00001v2',
          title: 'Fish\n  & Chips',
          abstract: '  We fry\n  fish at https://example.org/.\n',
          authors: ['Ada Lovelace', 'Alan Turing'],
        },
      ],
      2894,
    );
    expect(parseApiPage(page, asked)).toEqual({
      type: 'page',
      total: 2894,
      entries: 1,
      warnings: [],
      papers: [
        {
          title: 'Fish & Chips',
          ids: { arxiv: '2603.00001' },
          abstract: 'We fry fish at https://example.org/.',
          authorsCount: 2,
          authors: ['Ada Lovelace', 'Alan Turing'],
          organization: null,
          publishedOn: '2026-03-01',
          comments: null,
          upvotes: null,
          links: ['https://example.org/'],
        },
      ],
    });
  });

  test('names a journal’s DOI, and where the comment leads', () => {
    const told =
      '<arxiv:doi>10.1000/F.1</arxiv:doi><arxiv:comment>9 pages, code at https://example.org/code.</arxiv:comment></entry>';
    const page = printApiPage([{ id: '2603.00001v1' }]).replace('</entry>', told);
    expect(parseApiPage(page, asked)).toMatchObject({
      papers: [{ ids: { arxiv: '2603.00001', doi: '10.1000/f.1' }, links: ['https://example.org/code'] }],
    });
  });

  test('loses what was submitted before or after the time that was asked for, and says how many', () => {
    const page = printApiPage([
      { id: '2001.00001v3', published: '2020-01-01T12:00:00Z' },
      { id: '2603.00001v1', published: '2026-02-27T19:00:00Z' },
      { id: '2603.00002v1', published: '2026-03-02T19:00:00Z' },
    ]);
    expect(parseApiPage(page, asked)).toMatchObject({
      papers: [{ ids: { arxiv: '2603.00001' } }],
      entries: 3,
      warnings: ['2 entries are left out: they were not submitted in the time that was asked for'],
    });
  });

  test('with a bad entry loses that one, and names it', () => {
    const page = printApiPage([
      { id: 'nonsense' },
      { id: '2603.00001v1', title: '' },
      { id: 'math/0309136v1' },
    ]);
    expect(parseApiPage(page, asked)).toMatchObject({
      papers: [{ ids: { arxiv: 'math/0309136' } }],
      entries: 3,
      warnings: [
        'entry 1 (http://arxiv.org/abs/nonsense) is left out: it has no arXiv id',
        'entry 2 (http://arxiv.org/abs/2603.00001v1) is left out: it has no title',
      ],
    });
  });

  test('that is an error says which', () => {
    const page = printApiPage([{ id: 'x', title: 'Error', abstract: 'incorrect id format for x' }]).replace(
      'http://arxiv.org/abs/x',
      'http://arxiv.org/api/errors#incorrect_id_format_for_x',
    );
    expect(parseApiPage(page, asked)).toEqual({ type: 'error', reason: 'incorrect id format for x' });
  });

  test.each([
    ['that was cut off', printApiPage([{ id: '2603.00001v1' }]).slice(0, -30)],
    ['without a total', printApiPage([]).replace(/<opensearch:totalResults>.*/, '')],
    ['that is none', '<html></html>'],
  ])('%s is refused', (_, text) => {
    expect(parseApiPage(text, asked)).toMatchObject({ type: 'refused' });
  });
});
