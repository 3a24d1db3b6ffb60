// Messages as they are looked up: blanks, plurals, dates.
import { describe, expect, test } from 'vitest';
import { readMessageKey } from '../../src/languages/catalogue.ts';
import { type Language, languageCodes } from '../../src/languages/languages.ts';
import { say, sayInEnglish, wordsOf } from '../../src/languages/words.ts';

const hostile = '$t(home.title) {{day}} $& $1 <b>&amp;</b>';

describe('a message', () => {
  test.each(languageCodes)('takes any text into its blanks as it is: %s', (code) => {
    const subject = wordsOf(code).t('digest.subject', { title: hostile, day: 'today' });
    expect(subject).toContain(hostile);
  });

  test('has the plural form of its language', () => {
    expect([1, 2].map((count) => wordsOf('en').t('paper.authors', { count }))).toEqual([
      '1 author',
      '2 authors',
    ]);
    expect([0, 1, 2].map((count) => wordsOf('fr').t('paper.authors', { count }))).toEqual([
      '0 auteur',
      '1 auteur',
      '2 auteurs',
    ]);
    expect([1, 2].map((count) => wordsOf('ja').t('paper.authors', { count }))).toEqual([
      '著者1名',
      '著者2名',
    ]);
  });

  test('writes numbers as its language does, and leaves texts alone', () => {
    const total = (code: Language, value: string | number) => wordsOf(code).t('layout.all', { total: value });
    expect(total('en', 12_345)).toBe('all 12,345');
    expect(total('de', 12_345)).toBe('alle 12.345');
    expect(total('fr', 12_345)).toBe('tout voir (12\u202f345)');
    expect(total('ja', 12_345)).toBe('全12,345件');
    expect(total('de', '12345')).toBe('alle 12345');
  });

  test('lists names as its language does', () => {
    const list = (code: Language, ...names: string[]) => wordsOf(code).list(names);
    expect(list('fr', 'vision', 'robotique')).toBe('vision et robotique');
    expect(list('es', 'visión', 'inferencia')).toBe('visión e inferencia');
    expect(list('ja', 'Vision', 'Robotics')).toBe('Vision、Robotics');
    expect(list('zh', 'Vision', 'Robotics')).toBe('Vision 和 Robotics');
    expect(list('zh', '星期一', '星期三')).toBe('星期一和星期三');
  });

  test('without a value for a blank is a bug, and loud', () => {
    expect(() => wordsOf('de').t('digest.subject', { title: 'x' })).toThrow('digest.subject');
    expect(() => wordsOf('de').t('paper.authors')).toThrow('paper.authors');
  });

  test('is chosen first, and said in a language later', () => {
    const message = { key: 'problems.tooLong', values: { most: 254 } } as const;
    expect(sayInEnglish(message)).toBe('This is longer than 254 characters.');
    expect(say(wordsOf('de'), message)).toBe('Das sind mehr als 254 Zeichen.');
  });

  test('is known by its name', () => {
    expect(['home.title', 'paper.authors', 'paper', 'home.nothing', ''].map(readMessageKey)).toEqual([
      'home.title',
      'paper.authors',
      null,
      null,
      null,
    ]);
  });
});

test.each([
  ['en', 'Friday, 12 December 2025'],
  ['de', 'Freitag, 12. Dezember 2025'],
  ['fr', 'vendredi 12 décembre 2025'],
  ['es', 'viernes, 12 de diciembre de 2025'],
  ['zh', '2025年12月12日星期五'],
  ['ja', '2025年12月12日（金曜日）'],
] as const)('a day in full: %s', (code, day) => {
  expect(wordsOf(code).days.full('2025-12-12')).toBe(day);
});
