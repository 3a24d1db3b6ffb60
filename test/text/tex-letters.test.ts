// Letters as TeX's commands, in the forms that authors use.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTexName, readTexText } from '../../src/text/read-tex.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

describe('a name', () => {
  test.each(
    Object.entries({
      ö: [
        String.raw`\"{o}`,
        String.raw`{\"o}`,
        String.raw`\"o`,
        String.raw`{\"{o}}`,
        String.raw`\"{{o}}`,
        String.raw`\" o`,
      ],
      í: [
        String.raw`\'\i`,
        String.raw`\'{\i}`,
        String.raw`{\'\i}`,
        String.raw`{\'{\i}}`,
        String.raw`\'\i{}`,
        String.raw`\'i`,
      ],
      ç: [String.raw`\c{c}`, String.raw`\c c`, String.raw`{\c c}`, String.raw`{\c{c}}`, String.raw`\c{{c}}`],
      š: [String.raw`\v{s}`, String.raw`\v s`, String.raw`{\v s}`],
      ñ: [String.raw`\~n`, String.raw`\~{n}`, String.raw`{\~n}`],
      å: [String.raw`\aa`, String.raw`{\aa}`, String.raw`\aa{}`, String.raw`\r{a}`, String.raw`\r a`],
      Å: [String.raw`\AA`, String.raw`{\AA}`, String.raw`\r{A}`],
      ø: [String.raw`\o`, String.raw`{\o}`, String.raw`\o{}`],
      Ø: [String.raw`\O`, String.raw`{\O}`],
      ß: [String.raw`\ss`, String.raw`{\ss}`, String.raw`\ss{}`],
      ł: [String.raw`\l`, String.raw`{\l}`, String.raw`\l{}`],
      Ł: [String.raw`\L{}`, String.raw`{\L}`, String.raw`{\L{}}`],
      æ: [String.raw`\ae`, String.raw`{\ae}`],
      Œ: [String.raw`\OE`],
      đ: [String.raw`\dj`, String.raw`{\dj}`],
      ı: [String.raw`\i`, String.raw`{\i}`],
      ğ: [String.raw`\u{g}`, String.raw`\u g`],
      ĭ: [String.raw`\u{\i}`, String.raw`\u\i`],
      ő: [String.raw`\H{o}`, String.raw`\H o`],
      ą: [String.raw`\k{a}`],
      İ: [String.raw`\.{I}`, String.raw`\.I`],
      ā: [String.raw`\=a`, String.raw`\={a}`],
      ṭ: [String.raw`\d{t}`],
      ḇ: [String.raw`\b{b}`],
      ș: [String.raw`\textcommabelow{s}`],
      o͡o: [String.raw`\t{oo}`],
      ế: [String.raw`\'{\^e}`, String.raw`{\'{\^{e}}}`],
      é: [String.raw`\'e`, '{é}'],
      ô: [String.raw`\^o`],
      è: ['\\`e', '\\`{e}'],
    }).flatMap(([letter, forms]) => forms.map((form) => [form, letter])),
  )('%s is %s', (form, letter) => {
    expect(readTexName(form)).toBe(letter);
    if (form !== String.raw`\t{oo}`) expect(readTexName(`A${form}{}a Bee`)).toBe(`A${letter}a Bee`);
  });

  test.each([
    [String.raw`Paulo Andr\'e Lima de Castro`, 'Paulo André Lima de Castro'],
    [String.raw`J\"org M\"uller`, 'Jörg Müller'],
    [String.raw`\v{C}ed\'ic {\O}stberg`, 'Čedíc Østberg'],
    [String.raw`{\'E}milie N\o rgaard`, 'Émilie Nørgaard'],
    [String.raw`Bj{\"o}rn \AA str{\"o}m`, 'Björn Åström'],
    [String.raw`\"Ozg\"ur \c{S}ahin`, 'Özgür Şahin'],
    [String.raw`{\L}ukasz, {{\"O}zg{\"u}r}`, 'Łukasz, Özgür'],
    [String.raw`Fran\c cois Mart\'\i nez`, 'François Martínez'],
    [String.raw`Micha\l Kowalski`, 'Michał Kowalski'],
    [String.raw`Mart\'\i Gomez`, 'Martí Gomez'],
    [String.raw`O\'Neill, D\'Angelo`, "O'Neill, D'Angelo"],
    ['A.~B.~Smith', 'A. B. Smith'],
    [String.raw`A.\ B.\,Smith`, 'A. B. Smith'],
    ['Jean--Pierre', 'Jean-Pierre'],
    ['{van der} {Berg}', 'van der Berg'],
    [String.raw`\textsc{Atlas} and $\mu$BooNE`, 'Atlas and μBooNE'],
    ['Ada Lovelace', 'Ada Lovelace'],
    ['Nguyễn Thị', 'Nguyễn Thị'],
  ])('%s is %s', (tex, name) => {
    expect(readTexName(tex)).toBe(name);
  });
});

describe('a title or an abstract', () => {
  test.each([
    [
      String.raw`Schr\"odinger Bridges for Na\"ive K\"ahler $\pi_0$ Policies \& 50\% More`,
      String.raw`Schrödinger Bridges for Naïve Kähler $\pi_0$ Policies & 50% More`,
    ],
    [String.raw`Erd\H{o}s--R\'enyi, {\'E}tudes`, 'Erdős--Rényi, Études'],
    [String.raw`$5 for H\"older, and $10`, '$5 for Hölder, and $10'],
    [String.raw`https://example.org/a\_b`, 'https://example.org/a_b'],
  ])('%s has its letters', (tex, text) => {
    expect(readTexText(tex)).toBe(text);
  });

  test.each([
    String.raw`$\v{x}$, $\o$ and $$\H_0 \% 2$$`,
    String.raw`\(\d x\) and \[\c{c}\]`,
    String.raw`don\'t, the author\'s, we\'re`,
    String.raw`\"a quoted thing\" of it`,
    String.raw`\textbf{BERT} of $O(n)$, O\'Neill`,
    String.raw`https://example.org/\~nobody`,
    'Plain {text} -- with ~ signs',
  ])('%s stays as it is', (text) => {
    expect(readTexText(text)).toBe(text);
  });
});

test('no brace is left in a name, and whatever comes is soon read', async () => {
  const pieces = fc.constantFrom(
    '\\',
    '"',
    "'",
    '{',
    '}',
    '$',
    'o',
    'c',
    ' ',
    '\\c',
    '\\i',
    '\\(',
    'ı',
    '~',
    '--',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const name = readTexName(parts.join(''));
      expect(name).not.toMatch(/[{}]/);
    }),
  );
  for (const part of ['\\"o', '$\\', '\\(', '{\\c ', '\\"', "{{\\'", '\\c  '])
    expect(
      await measureProcessorTime(() => {
        readTexText(part.repeat(20_000 / part.length));
        readTexName(part.repeat(20_000 / part.length));
      }),
    ).toBeLessThan(1000);
});
