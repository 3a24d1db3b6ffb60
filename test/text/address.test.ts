import { describe, expect, test } from 'vitest';
import { parseEmail } from '../../src/subscribers/preferences/parse-preferences.ts';
import { readDomain, showAddress, toAsciiAddress } from '../../src/text/address.ts';

const read = (typed: string) => parseEmail(typed);

describe('an address at a domain that is not ASCII', () => {
  test.each([
    ['x@exämple.org', 'x@xn--exmple-cua.org'],
    ['x@EXÄMPLE.org', 'x@xn--exmple-cua.org'],
    ['x@exa\u0308mple.org', 'x@xn--exmple-cua.org'],
    ['X.y+tag@XN--EXMPLE-CUA.ORG', 'X.y+tag@xn--exmple-cua.org'],
    ['почта@нет', null],
    ['ada@почта.рф', 'ada@xn--80a1acny.xn--p1ai'],
    ['ada@例え。jp', 'ada@xn--r8jz45g.jp'],
    ['ada@faß.example', 'ada@xn--fa-hia.example'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(read(typed)).toMatchObject(kept === null ? { type: 'invalid' } : { type: 'email', email: kept });
  });

  test('is shown as it is written', () => {
    expect(showAddress('x@xn--exmple-cua.org')).toBe('x@exämple.org');
    expect(showAddress('ada@mail.xn--80a1acny.xn--p1ai')).toBe('ada@mail.почта.рф');
    expect(showAddress('ada@xn--exmple-cua.org'.toUpperCase())).toBe('ADA@exämple.org');
  });
});

test.each(['Ada@Example.org', 'ada+papers@sub.example.org', 'no address', '@', 'ada@'])(
  '%s, which is ASCII, stays as it was typed',
  (typed) => {
    expect(toAsciiAddress(typed)).toBe(typed);
    expect(showAddress(typed)).toBe(typed);
  },
);

test.each(['ädä@example.org', 'почта@почта.рф', 'а\u200bda@example.org'])(
  'letters before the sign are refused with the reason: %s',
  (typed) => {
    expect(read(typed)).toMatchObject({
      type: 'invalid',
      problems: [{ path: 'email', words: { key: 'problems.foreignName' } }],
    });
  },
);

test('a domain in another script that looks like a known one is another address', () => {
  // Its “а” is Cyrillic.
  expect(read('ada@exаmple.org')).toMatchObject({ type: 'email', email: 'ada@xn--exmple-4nf.org' });
});

test.each([
  ['Example.ORG', 'example.org'],
  [' papers.example.org ', 'papers.example.org'],
  ['exämple.org', 'xn--exmple-cua.org'],
  ['bad_domain.org', null],
  ['localhost', null],
  ['192.0.2.1', null],
  ['ada@example.org', null],
  ['example..org', null],
  ['-a.example.org', null],
  ['a b.org', null],
  [`${'a.'.repeat(130)}org`, null],
  ['', null],
])('as a domain “%s” is %s', (typed, domain) => {
  expect(readDomain(typed)).toBe(domain);
});
