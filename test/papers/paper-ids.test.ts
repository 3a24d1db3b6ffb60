import { describe, expect, test } from 'vitest';
import { locatePaper, paperKey, readArxivId, readDoi } from '../../src/papers/paper-ids.ts';

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

describe('an arXiv id', () => {
  test.each([
    'arXiv:1706.03762v5',
    'arXiv: 1706.03762',
    'arXiv:1706.03762 [cs.CL]',
    '[1706.03762]',
    'arxiv.org/abs/1706.03762',
    'https://www.arxiv.org/pdf/1706.03762v2.pdf#page=3',
    'https://arxiv.org/abs/1706.03762?context=cs',
    'https://arxiv.org/html/1706.03762v1#S2',
    'https://ar5iv.labs.arxiv.org/html/1706.03762',
    'https://www.alphaxiv.org/overview/1706.03762v2',
    'https://huggingface.co/papers/1706.03762',
    'https://doi.org/10.48550/arXiv.1706.03762',
    '10.48550/arXiv.1706.03762',
  ])('is read from %s', (text) => {
    expect(readArxivId(text)).toBe('1706.03762');
    expect(readDoi(text)).toBeNull();
  });

  test.each(['math.GT/0309136v2', 'https://arxiv.org/abs/math/0309136', 'doi:10.48550/arxiv.math/0309136'])(
    'of before 2007 is read from %s',
    (text) => expect(readArxivId(text)).toBe('math/0309136'),
  );

  test.each([
    '3.14159',
    '1913.12345',
    'arXiv',
    'https://example.org/abs/1706.03762',
    `${'['.repeat(3000)}1706.03762`,
  ])('is none: %s', (text) => expect(readArxivId(text)).toBeNull());
});

describe('a DOI', () => {
  const old = '10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O';
  test.each([
    old,
    `doi:${old}`,
    `<${old}>`,
    `${old}</a>`,
    `https://doi.org/${old}`,
    `https://doi.org/${encodeURIComponent(old)}`,
    `https://onlinelibrary.wiley.com/doi/abs/${old.replace('<', '%3C').replace('>', '%3E')}`,
    old.replace('<', '&lt;').replace('>', '&gt;'),
  ])('may have a part in angle brackets: %s', (text) => expect(readDoi(text)).toBe(old.toLowerCase()));

  test.each([
    ['DOI: 10.1000/182', '10.1000/182'],
    ['doi.org/10.1000/182', '10.1000/182'],
    ['https://www.doi.org/10.1000/182', '10.1000/182'],
    ['(10.1000/182)', '10.1000/182'],
    ['10.1000/182.', '10.1000/182'],
    ['urn:doi:10.1000/182', '10.1000/182'],
    ['10.1016/S0140-6736(20)30183-5', '10.1016/s0140-6736(20)30183-5'],
    ['https://doi.org/10.1038%2Fs41586-021-03819-2', '10.1038/s41586-021-03819-2'],
    ['https://www.nature.com/articles/s41586-021-03819-2', '10.1038/s41586-021-03819-2'],
    ['https://dl.acm.org/doi/abs/10.1145/3292500.3330701?af=R', '10.1145/3292500.3330701'],
    ['https://www.biorxiv.org/content/10.1101/2026.03.01.123456v2.full.pdf', '10.1101/2026.03.01.123456'],
    [
      'https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0300001',
      '10.1371/journal.pone.0300001',
    ],
    ['https://example.org/10.1/2', null],
    ['10.1000/182</a>', '10.1000/182'],
    ['10.1000/182<br/>More', '10.1000/182'],
    ['https://doi.org/10.1000/182<jats:i>More</jats:i>', '10.1000/182'],
    ['10.1000/a>b', null],
    ['10.1641/0006-3568(2001)051[0933:TEOTWA]2.0.CO;2', '10.1641/0006-3568(2001)051[0933:teotwa]2.0.co;2'],
  ])('%s', (text, doi) => expect(readDoi(text)).toBe(doi));
});
