import { describe, expect, test } from 'vitest';
import { locatePaper, paperKey, readDoi } from '../../src/papers/paper-ids.ts';

describe('a paper is known by', () => {
  test('its arXiv id, else its DOI, else its title', () => {
    const title = 'On Doubts';
    const doi = '10.1101/2026.03.01.123456';
    expect(paperKey({ title, ids: { doi, arxiv: '2603.00001' } })).toBe('arxiv:2603.00001');
    expect(paperKey({ title, ids: { doi } })).toBe(`doi:${doi}`);
    expect(paperKey({ title, ids: { page: 'https://example.org/1' } })).toBe('title:on doubts');
    expect(paperKey({ title })).toBe('title:on doubts');
  });

  test.each([
    ['10.1101/2026.03.01.123456', '10.1101/2026.03.01.123456'],
    ['https://doi.org/10.1101/ABC.1', '10.1101/abc.1'],
    ['doi: 10.5555/x(1)', '10.5555/x(1)'],
    ['10.1/x', null],
    ['2603.00001', null],
    ['10.5555/<script>', null],
  ])('the DOI in “%s”', (text, doi) => expect(readDoi(text)).toBe(doi));
});

describe('a paper is read', () => {
  test('at arXiv, as a PDF and as HTML', () => {
    expect(locatePaper({ ids: { arxiv: '2603.00001', doi: '10.5555/1' } })).toEqual({
      label: 'arXiv',
      name: 'arXiv 2603.00001',
      url: 'https://arxiv.org/abs/2603.00001',
      pdf: 'https://arxiv.org/pdf/2603.00001',
      html: 'https://arxiv.org/html/2603.00001',
    });
  });

  test('where its DOI leads, whatever stands in it', () => {
    expect(locatePaper({ ids: { doi: '10.5555/a#b' } })).toMatchObject({
      label: 'DOI',
      url: 'https://doi.org/10.5555/a%23b',
    });
  });

  test('on its source’s page, named by the host', () => {
    expect(locatePaper({ ids: { page: 'https://www.example.org/papers/1' } })).toMatchObject({
      label: 'example.org',
      url: 'https://www.example.org/papers/1',
    });
  });

  test('nowhere, when only its title is known', () => {
    expect(locatePaper({ key: 'title:on doubts' })).toBeNull();
  });
});
