// Accept-Language as browsers send it, and as nobody should.
import express from 'express';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languageCodes } from '../../src/languages/languages.ts';
import { chooseLanguage as choose, findAskedLanguage } from '../../src/web/http/choose-language.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

/** By Express itself. */
function chooseLanguage(header: string | undefined) {
  const headers = header === undefined ? {} : { 'accept-language': header };
  return choose(Object.create(express.request, { headers: { value: headers } }));
}

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de', 'de'],
  ['de-DE,de;q=0.9,en;q=0.8', 'de'],
  ['de-AT', 'de'],
  ['DE-ch', 'de'],
  ['en-US,en;q=0.9,de;q=0.8', 'en'],
  ['pl,de;q=0.9,en;q=0.8', 'de'],
  ['fr;q=0.2, ja;q=0.9, es;q=0.5', 'ja'],
  ['fr;q=0, *;q=0.5', 'en'],
  ['en;q=0, fr;q=0.1', 'fr'],
  ['zh-CN,zh;q=0.9', 'zh'],
  // Whoever reads traditional characters reads simplified ones sooner than English.
  ['zh-Hant-TW', 'zh'],
  ['zh-TW,zh;q=0.9,en-US;q=0.8', 'zh'],
  ['es-419,es;q=0.9,en;q=0.8', 'es'],
  ['fr-CA, *;q=0.1', 'fr'],
  ['ja-JP-u-ca-japanese', 'ja'],
  ['en;q=0.5, de-AT;q=0.9', 'de'],
  ['pt-BR,pt;q=0.9', 'en'],
  ['pl', 'en'],
  ['de;q=high, fr;q=0.5', 'fr'],
  [';;;,,,q=1', 'en'],
  ['__proto__, constructor;q=1', 'en'],
])('%s is served in %s', (header, language) => {
  expect(chooseLanguage(header)).toBe(language);
});

test('whatever the header holds, it is answered with a language, soon', async () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (header) => {
      expect(languageCodes).toContain(chooseLanguage(header));
    }),
  );
  const header = 'a-b;q=0.1,'.repeat(100_000);
  expect(languageCodes).toContain(chooseLanguage(header));
  expect(await measureProcessorTime(() => chooseLanguage(header))).toBeLessThan(500);
});

test('the highest quality value wins', () => {
  const weighted = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...languageCodes), fc.integer({ min: 1, max: 999 })),
    {
      minLength: 1,
      selector: ([, quality]) => quality,
    },
  );
  fc.assert(
    fc.property(weighted, (items) => {
      // Where a language is named twice, the first mention counts.
      const once = items.filter(([code], index) => items.findIndex(([other]) => other === code) === index);
      const [best] = once.toSorted(([, one], [, other]) => other - one);
      const header = once
        .map(([code, quality]) => `${code};q=0.${String(quality).padStart(3, '0')}`)
        .join(', ');
      expect(chooseLanguage(header)).toBe(best?.[0]);
    }),
  );
});

test('an address may ask for a language of the list, and for no other', () => {
  expect(findAskedLanguage({ query: { lang: 'ja' } })).toBe('ja');
  for (const lang of ['', 'JA', 'pl', 'toString', ['de', 'ja'], { de: '1' }, undefined]) {
    expect(findAskedLanguage({ query: { lang } as never })).toBeNull();
  }
});
