import { expect, test } from 'vitest';
import { findLinks } from '../../../src/sources/listing/find-links.ts';

test.each([
  ['Code: https://github.com/a/b.', ['https://github.com/a/b']],
  ['See https://example.org/x , or http://example.org/y!', ['https://example.org/x', 'http://example.org/y']],
  ['(https://example.org/x)', ['https://example.org/x']],
  ['(see https://example.org/x_(model)).', ['https://example.org/x_(model)']],
  ['\\url{https://example.org/x}', ['https://example.org/x']],
  ['[page](https://example.org/x), twice: https://example.org/x', ['https://example.org/x']],
  ['"https://example.org/?a=1&b=2#c"', ['https://example.org/?a=1&b=2#c']],
  ['https://example.org/, HTTPS://EXAMPLE.ORG/y', ['https://example.org/', 'HTTPS://EXAMPLE.ORG/y']],
  ['https:// and https://. are none, www.example.org is none, ftp://example.org is none', []],
  ['', []],
])('%s', (text, links) => {
  expect(findLinks(text)).toEqual(links);
});
