// What a text loses on each of its ways: in from a page or a source, into the search, out to readers.
import { expect, test } from 'vitest';
import { cleanLine, cleanText, dropInvisible, readText, unifySpelling } from '../../src/text/clean-text.ts';

const ways = { cleanLine, readText, unifySpelling, dropInvisible, cleanText };

test.each(Object.entries(ways))('%s leaves words on one line, single spaces between them', (_, clean) => {
  expect(clean('  Experts\tmove \r\n before  hosts\u00a0fail ')).toMatch(
    /^Experts move before hosts[ \u00a0]fail$/,
  );
  expect(clean('plain words')).toBe('plain words');
});

test('of text that is none, nothing is left', () => {
  const nothing = ' \u200b\u0001\ufeff ';
  for (const clean of [cleanLine, unifySpelling, dropInvisible, cleanText]) expect(clean(nothing)).toBe('');
  expect(readText(' \u0001 ')).toBeNull();
  for (const value of [null, undefined, 7, {}]) expect(readText(value)).toBeNull();
});

test('a line of a listing keeps what its writing needs: a joiner within Persian or emoji, not beside ASCII', () => {
  expect(cleanLine('می\u200cخواهم')).toBe('می\u200cخواهم');
  expect(cleanLine('👩\u200d🔬')).toBe('👩\u200d🔬');
  expect(cleanLine('ab\u200dc\u200e')).toBe('abc');
});

test('PostgreSQL gets no half of a surrogate pair, and no text without end', () => {
  expect(readText('a\ud800b')).toBe('a\ufffdb');
  expect(readText('x'.repeat(30_000))).toHaveLength(20_000);
});

test('what looks the same is spelled the same for the search', () => {
  expect(unifySpelling('ﬁne‑tuned “LLMs”')).toBe('fine-tuned "LLMs"');
  expect(unifySpelling('soft\u00adhyphen')).toBe('softhyphen');
});

test('nothing turns our own words around, and no tower of marks covers its neighbours', () => {
  expect(dropInvisible('Safe \u202etfarc\u202c \u2066title')).toBe('Safe tfarc title');
  expect(dropInvisible(`Z${'\u0351'.repeat(50)}`)).toBe(`Z${'\u0351'.repeat(4)}`);
});

test('only our own templates have what is filled in', () => {
  expect(cleanText('{{unsubscribe}} {{{{x}}}}')).toBe('{unsubscribe} {x}');
});

test('each character is treated alike, whether or not there is anything else to clean', () => {
  const codes = Array.from({ length: 0x10000 }, (_, code) => code);
  const differs = (clean: (text: string) => string) => (code: number) => {
    const text = `a${String.fromCharCode(code)}b`;
    return clean(text) !== clean(`${text}  `);
  };
  expect(codes.filter(differs(dropInvisible))).toEqual([]);
  expect(codes.filter(differs(unifySpelling))).toEqual([]);
});
