// The answers of bioRxiv's API, written by hand in their shape.
import { describe, expect, test } from 'vitest';
import { parseDetails } from '../../../src/sources/biorxiv/details.ts';

const fish = {
  doi: '10.1101/2026.03.01.123456',
  title: 'Fish sleep',
  authors: 'Lovelace, A.; Turing, A. M.; The Fish Consortium',
  author_corresponding_institution: 'Example University',
  date: '2026-03-03',
  version: '1',
  type: 'new results',
  category: 'Animal Behavior and Cognition',
  abstract: 'We watch\nfish: https://example.org/.',
};
const print = (collection: unknown[], total: unknown = String(collection.length), status = 'ok') =>
  JSON.stringify({ messages: [{ status, total, count: collection.length, cursor: 0 }], collection });

describe('a page of details', () => {
  test('gives its papers by DOI, with authors, institution and day', () => {
    expect(parseDetails(print([fish], '131'), [])).toEqual({
      type: 'page',
      entries: 1,
      total: 131,
      revised: 0,
      warnings: [],
      papers: [
        {
          title: 'Fish sleep',
          ids: { doi: '10.1101/2026.03.01.123456' },
          abstract: 'We watch fish: https://example.org/.',
          authorsCount: 3,
          authors: ['A. Lovelace', 'A. M. Turing', 'The Fish Consortium'],
          organization: 'Example University',
          publishedOn: '2026-03-03',
          comments: null,
          upvotes: null,
          links: ['https://example.org/'],
        },
      ],
    });
  });

  test('leaves out revisions, counted, and keeps the word of a withdrawal', () => {
    const page = print([
      { ...fish, version: '2' },
      { ...fish, version: 3, type: 'withdrawn', doi: '10.1101/2026.03.01.000001' },
    ]);
    expect(parseDetails(page, [])).toMatchObject({
      entries: 2,
      revised: 1,
      papers: [{ ids: { doi: '10.1101/2026.03.01.000001' }, isWithdrawn: true }],
    });
  });

  test('has its title and abstract without the marks of their markup', () => {
    const marked = { title: 'Fish at 4{degrees}C', abstract: 'O_ST_ABSAimsC_ST_ABSWe watch fish.' };
    expect(parseDetails(print([{ ...fish, ...marked }]), [])).toMatchObject({
      papers: [{ title: 'Fish at 4°C', abstract: 'Aims: We watch fish.' }],
    });
  });

  test('loses what was posted in other years than the day that was asked for, and says how many', () => {
    const page = parseDetails(print([fish, { ...fish, date: '2020-03-03' }]), [], '2026-03-03');
    expect(page).toMatchObject({
      papers: [{ publishedOn: '2026-03-03' }],
      entries: 2,
      warnings: ['1 entries are left out: they are not of the day that was asked for'],
    });
  });

  test('gives those of the wanted categories, however they are written', () => {
    const page = print([fish, { ...fish, category: 'neuroscience' }]);
    expect(parseDetails(page, ['animal behavior and cognition'])).toMatchObject({
      papers: [{ title: 'Fish sleep' }],
      entries: 2,
    });
  });

  test('loses only the entry that cannot be read, and names it', () => {
    expect(parseDetails(print([{ ...fish, title: ' ' }, 7, fish]), [])).toMatchObject({
      papers: [{ title: 'Fish sleep' }],
      warnings: [
        'entry 1 (10.1101/2026.03.01.123456) is left out: it has no title',
        'entry 2 is left out: it is no paper',
      ],
    });
  });

  test('of a day without papers is empty, and any other status is refused', () => {
    expect(parseDetails(print([], undefined, 'no posts found'), [])).toMatchObject({ papers: [], total: 0 });
    expect(parseDetails(print([], 0, 'error: down for repair'), [])).toMatchObject({
      reason: 'the answer says “error: down for repair”',
    });
    expect(parseDetails('{"messages": ', [])).toMatchObject({ type: 'refused' });
    expect(parseDetails('[]', [])).toMatchObject({ type: 'refused' });
  });
});
