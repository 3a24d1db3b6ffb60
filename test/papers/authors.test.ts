import { describe, expect, it } from 'vitest';
import { askForAuthor, authorKey, isSameAuthor, listAuthorKeys } from '../../src/papers/authors.ts';

const one: [string, string][] = [
  ['Yann LeCun', 'Y. LeCun'],
  ['Yann LeCun', 'LeCun, Yann'],
  ['LeCun, Y.', 'yann lecun'],
  ['LeCun Y.', 'Yann LeCun'],
  ['LECUN Yann', 'Yann LeCun'],
  ['Yann André LeCun', 'Y. A. LeCun'],
  ['YA LeCun', 'Yann A. LeCun'],
  ['Yann LeCun', 'Yann A. LeCun'],
  ['Wei Wang', 'wei  WANG'],
  ['Wang Wei', 'Wei Wang'],
  ['Bernhard Schölkopf', 'Bernhard Schoelkopf'],
  ['Bernhard Schölkopf', 'B. Scholkopf'],
  ['Łukasz Kaiser', 'Lukasz Kaiser'],
  ['Jürgen Schmidhuber', 'Ju\u0308rgen Schmidhuber'],
  ['Søren Kierkegaard', 'Soeren Kierkegaard'],
  ['Laurens van der Maaten', 'van der Maaten, L.'],
  ['Laurens van der Maaten', 'Maaten, Laurens van der'],
  ['Aäron van den Oord', 'Aaron van den Oord'],
  ['Jean-Pierre Serre', 'J.-P. Serre'],
  ['Jean-Pierre Serre', 'Jean Pierre Serre'],
  ['Jean-Pierre Serre', 'J. Serre'],
  ['Jean-Pierre Serre', 'JP Serre'],
  ['Kai-Fu Lee', 'Kaifu Lee'],
  ['Pablo García López', 'García López, Pablo'],
  ["Brendan O'Connor", 'Brendan O’Connor'],
  ['Ruslan Salakhutdinov', 'R Salakhutdinov'],
  ['John Smith Jr.', 'Smith, John, Jr.'],
  ['Fei-Fei Li', 'Li, F.-F.'],
  ['王 伟', '王伟'],
  ['DeepSeek-AI', 'DeepSeek-AI'],
  ['Gemini Team', 'Gemini team'],
  ['AJ Piergiovanni', 'A. J. Piergiovanni'],
  ...[
    'King Jr., Martin L.',
    'King, Martin L., Jr.',
    'King, Jr., Martin L.',
    'King, Martin L. Jr.',
    'King, Jr. Martin L.',
  ]
    .concat(['Martin L. King Jr.', 'Martin Luther King, Jr.', 'King ML Jr', 'King JR, Martin Luther'])
    .map((name): [string, string] => [name, 'Martin Luther King Jr.']),
  ...['II', 'III', 'IV', 'Sr.', 'PhD', 'Ph.D.', 'Ph. D.', '3rd'].flatMap((suffix): [string, string][] => [
    [`King ${suffix}, Martin L.`, 'Martin Luther King'],
    [`King, Martin L., ${suffix}`, `Martin Luther King ${suffix}`],
    [`Martin Luther King, ${suffix}`, 'M. L. King'],
  ]),
  ['Iv, Petro', 'Petro Iv'],
  ['Sr, Li', 'Li Sr'],
];

const two: [string, string][] = [
  ['LeCun', 'Yann LeCun'],
  ['Wang', 'Wei Wang'],
  ['Wei Wang', 'Lei Wang'],
  ['Wei Wang', 'Weiming Wang'],
  ['Wei Wang', 'Wei-Xin Wang'],
  ['Wei Wang', 'W. Wei'],
  ['Wei Wang', 'Wei Zhang'],
  ['Yann LeCun', 'Jan LeCun'],
  ['Y. A. LeCun', 'Yann B. LeCun'],
  ['Michael Black', 'Michal Black'],
  ['Michael J. Black', 'Michael Jordan'],
  ['Y. L.', 'Yann LeCun'],
  ['Li, Bo', 'Li, Bao'],
  ['J. Li', 'Jing Liu'],
  ['van der Maaten', 'Laurens van der Maaten'],
  ['Jean-Pierre Serre', 'Jean-Paul Serre'],
  ['King Jr., Martin', 'Martin Jr.'],
  ['Iv, Petro', 'Petro Sr'],
  ['', ''],
  ['…', '?'],
];

describe('names', () => {
  it.each(one)('%s is %s', (first, second) => {
    expect(isSameAuthor(first, second)).toBe(true);
    expect(isSameAuthor(second, first)).toBe(true);
    const keys = listAuthorKeys(first);
    expect(listAuthorKeys(second).some((key) => keys.includes(key))).toBe(true);
  });

  it.each(two)('%s is not %s', (first, second) => {
    expect(isSameAuthor(first, second)).toBe(false);
    expect(isSameAuthor(second, first)).toBe(false);
  });

  it('have one key for one order of whole words', () => {
    expect(authorKey('LeCun, Yann')).toBe(authorKey('yann LeCun'));
    expect(authorKey('…')).toBe('');
    expect(askForAuthor('…')).toBeNull();
  });

  it('are read in bounded time, whatever they are', () => {
    expect(isSameAuthor('a '.repeat(100_000), ', -'.repeat(100_000))).toBe(false);
  });
});
