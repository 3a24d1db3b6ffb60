// Which entries are one paper, and what becomes of its row.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MergedPaper, mergePapers } from '../../src/papers/merge-papers.ts';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { faultSize } from '../support/fault-sizes.ts';
import { paper } from '../support/world.ts';

const bare = { authorsCount: null, publishedOn: null };

/** What the rows are after the papers were listed, one listing after the other. */
function listAll(...listings: ListedPaper[][]): MergedPaper[] {
  let rows: MergedPaper[] = [];
  for (const listed of listings) {
    let next = rows.length;
    const merged = mergePapers(rows, listed).map(({ merged }) => ({ ...merged, seq: merged.seq ?? ++next }));
    const changed = new Map(merged.map((row) => [row.seq, row]));
    rows = [...new Map([...rows.map((row) => [row.seq, row] as const), ...changed]).values()];
  }
  return rows;
}

describe('one paper', () => {
  test('one by its DOI, and then by the arXiv id that came with it', () => {
    const doi = '10.1101/2026.03.01.123456';
    const [first] = listAll(
      [paper({ title: 'Doubts', ids: { doi } })],
      [paper({ title: 'Doubts, Revised', ids: { doi, arxiv: '2603.00001' } })],
      [paper({ title: 'Doubts, Again', ids: { arxiv: '2603.00001' } })],
    );
    expect(first).toMatchObject({ key: `doi:${doi}`, ids: { doi, arxiv: '2603.00001' } });
  });

  test('is a text listing’s and then arXiv’s, under the first number and arXiv’s id', () => {
    const rows = listAll(
      [paper({ title: 'Small Models, Large Doubts' })],
      [paper({ title: 'Small models: large doubts', ids: { arxiv: '2512.00001' } })],
    );
    expect(rows).toMatchObject([{ seq: 1, key: 'arxiv:2512.00001', title: 'Small Models, Large Doubts' }]);
  });

  test('is arXiv’s and then a text listing’s', () => {
    const rows = listAll(
      [paper({ title: 'Small models: large doubts', ids: { arxiv: '2512.00001' } })],
      [paper({ title: 'Small Models, Large Doubts' })],
    );
    expect(rows).toMatchObject([{ seq: 1, key: 'arxiv:2512.00001' }]);
  });

  test('is one whether its title is listed with TeX or with letters', () => {
    const [typed, read] = [paper({ title: String.raw`H\"older Nets` }), paper({ title: 'Hölder Nets' })];
    const identified = { ...read, ids: { arxiv: '2512.00001' } };
    expect(listAll([identified], [typed])).toHaveLength(1);
    expect(listAll([typed], [identified], [typed], [read])).toHaveLength(1);
  });

  test('is found by its former title too', () => {
    const rows = listAll(
      [paper({ title: 'A First Title', ids: { arxiv: '2512.00001' } })],
      [paper({ title: 'A Better Title', ids: { arxiv: '2512.00001' } })],
      [paper({ title: 'A first title' })],
      [paper({ title: 'A better title' })],
    );
    expect(rows).toHaveLength(1);
  });

  test('is one even twice in a listing', () => {
    const rows = listAll([
      paper({ title: 'Doubts', ids: { arxiv: '2512.00001' } }),
      paper({ title: 'Other' }),
      paper({ title: 'Doubts', upvotes: 3 }),
    ]);
    expect(rows).toMatchObject([{ key: 'arxiv:2512.00001', upvotes: 3 }, { key: 'title:other' }]);
  });
});

describe('two papers', () => {
  test('are those with two ids, however alike their titles', () => {
    const rows = listAll(
      [paper({ title: 'Technical Report', ids: { arxiv: '2512.00001' } })],
      [paper({ title: 'Technical Report', ids: { arxiv: '2512.00002' } })],
    );
    expect(rows.map(({ key }) => key)).toEqual(['arxiv:2512.00001', 'arxiv:2512.00002']);
  });

  test('with one title: a row without id becomes the first of them', () => {
    const rows = listAll(
      [paper({ title: 'Technical Report' })],
      [
        paper({ title: 'Technical Report', ids: { arxiv: '2512.00001' } }),
        paper({ title: 'Technical Report', ids: { arxiv: '2512.00002' } }),
      ],
    );
    expect(rows.map(({ key }) => key)).toEqual(['arxiv:2512.00001', 'arxiv:2512.00002']);
  });
});

describe('a row', () => {
  test('gets what was missing, keeps what it has, and never loses it', () => {
    const listed = { title: 'Doubts', ...bare };
    const full = {
      abstract: 'All of it.',
      authorsCount: 4,
      organization: 'Example Lab',
      publishedOn: '2026-03-01',
      upvotes: 7,
      comments: 1,
      links: ['https://github.com/example/doubts'],
    };
    const [row] = listAll(
      [paper(listed)],
      [paper({ ...listed, ...full })],
      [
        paper({
          ...listed,
          abstract: 'Another.',
          organization: 'Else',
          upvotes: 5,
          links: ['https://example.org/'],
        }),
      ],
      [paper(listed)],
    );
    expect(row).toMatchObject({ ...full, links: [...full.links, 'https://example.org/'] });
  });

  test('gets letters for the TeX that it was stored with, and its first texts stay else', () => {
    const ids = { arxiv: '2512.00001' };
    const typed = {
      title: String.raw`H\"older Nets`,
      abstract: String.raw`Na\"ive.`,
      authors: [String.raw`J\"org M\"uller`, 'Ada'],
    };
    const read = { title: 'Hölder Nets', abstract: 'Naïve.', authors: ['Jörg Müller', 'Ada'] };
    expect(listAll([paper({ ids, ...typed })], [paper({ ids, ...read })])).toMatchObject([read]);
    expect(listAll([paper({ ids, ...read })], [paper({ ids, ...typed })])).toMatchObject([read]);
    const other = { title: 'Other Nets', abstract: 'Other.', authors: ['Ada'] };
    expect(listAll([paper({ ids, ...typed })], [paper({ ids, ...other })])).toMatchObject([typed]);
  });

  test('is not changed by the same listing again', () => {
    const listedPaper = fc.record(
      {
        title: fc.constantFrom('One', 'Two', 'one!', 'Three', '…'),
        ids: fc.constantFrom({ arxiv: '2512.00001' }, { arxiv: '2512.00002' }),
        abstract: fc.option(fc.string()),
        upvotes: fc.option(fc.nat()),
        organization: fc.option(fc.string()),
        links: fc.uniqueArray(fc.nat(40).map((number) => `https://example.org/${number}`)),
      },
      { requiredKeys: ['title'] },
    );
    const someListed = fc.array(listedPaper, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(someListed, { maxLength: 3 }), someListed, (before, last) => {
        const asPapers = (listed: typeof last) => listed.map((given) => paper(given));
        const once = listAll(...before.map(asPapers), asPapers(last));
        const twice = listAll(...before.map(asPapers), asPapers(last), asPapers(last));
        expect(twice).toEqual(once);
        expect(new Set(once.map(({ key }) => key)).size).toBe(once.length);
      }),
      { numRuns: 500 * faultSize('INPUTS') },
    );
  });
});
