import { describe, expect, test } from 'vitest';
import { listArxivLinks, readArxivId } from '../../src/papers/paper-ids.ts';

describe('an arXiv id', () => {
  test.each([
    ['2512.00001', '2512.00001'],
    ['2512.00001v2', '2512.00001'],
    ['0704.0001v1', '0704.0001'],
    ['oai:arXiv.org:2508.13426v1', '2508.13426'],
    ['arXiv:2508.13426v12', '2508.13426'],
    ['http://arxiv.org/abs/2606.13677v1', '2606.13677'],
    ['https://export.arxiv.org/abs/2606.13677', '2606.13677'],
    ['https://arxiv.org/pdf/2606.13677v3.pdf', '2606.13677'],
    ['(https://arxiv.org/abs/2606.13677?context=cs.CL)', '2606.13677'],
    ['https://arxiv.org/pdf/2606.13677.pdf#page=3 [cs.CL]', '2606.13677'],
    ['math.GT/0309136v1', 'math/0309136'],
    ['http://arxiv.org/abs/cond-mat/0309136', 'cond-mat/0309136'],
  ])('in %s is %s', (text, id) => {
    expect(readArxivId(text)).toBe(id);
  });

  test.each([
    '',
    '2513.00001',
    '2512.001',
    'my-paper',
    'http://arxiv.org/api/errors#bad',
    '2512.00001v',
    '../2512.00001',
  ])('is not in “%s”', (text) => {
    expect(readArxivId(text)).toBeNull();
  });

  test('leads to the abstract, the PDF and the page', () => {
    expect(listArxivLinks('2512.00001')).toEqual({
      abs: 'https://arxiv.org/abs/2512.00001',
      pdf: 'https://arxiv.org/pdf/2512.00001',
      html: 'https://arxiv.org/html/2512.00001',
    });
  });
});
