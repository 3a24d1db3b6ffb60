import { expect, test } from 'vitest';
import { decodeAs, decodeAsDeclared } from '../../src/text/declared-encoding.ts';

test.each(['windows-1252', 'ISO-8859-1'])(
  'quotes and dashes of Windows are read, where a text says that it is in %s',
  (name) => {
    const head = `<?xml version="1.0" encoding="${name}"?><rss>`;
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from([0x49, 0x74, 0x92, 0x73, 0x97, 0xe9])]);
    expect(decodeAsDeclared(bytes)).toBe(`${head}It’s—é`);
  },
);

test('a sign of two bytes that is cut off is told as damaged', () => {
  expect(decodeAs('shift_jis', Uint8Array.of(0x41, 0x92))).toBe('A\ufffd');
});
