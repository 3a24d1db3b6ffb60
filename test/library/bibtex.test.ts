import { describe, expect, test } from 'vitest';
import { readLibrary } from '../../src/library/read-library.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

const readTitle = (title: string) => readLibrary(`@article{a,\n  title = {${title}},\n  year = {2026}\n}`)[0];

describe('BibTeX', () => {
  test.each(['@string(of = "Of moors")', '@string{of = "Of moors"}', '@STRING( of = {Of moors} )'])(
    'names texts once, in brackets of either kind: %s',
    (named) =>
      expect(readLibrary(`${named}\n@book(a, title = of # " and heather")`)).toEqual([
        'Of moors and heather',
      ]),
  );

  test.each([
    [String.raw`Sorting in $\mathcal{O}(n^2)$`, String.raw`Sorting in $\mathcal{O}(n^2)$`],
    [
      String.raw`Over {$\mathbb{R}^d$} and $\mathrm{GL}_2$`,
      String.raw`Over $\mathbb{R}^d$ and $\mathrm{GL}_2$`,
    ],
    [String.raw`Over {\$}\backslash{}mathbb{\{}Z{\}}{\_}2{\$}`, String.raw`Over $\mathbb{Z}_2$`],
    [String.raw`Of {\$}L{\^{}}p{\$} and O(n{$^2$})`, 'Of $L^p$ and O(n^2)'],
    [String.raw`\textasciitilde{}9 \textasciicircum{} {\textquotedbl}x{\textquotedbl}`, '~9 ^ "x"'],
    [String.raw`a {\textless} b {\textgreater} c {\textbar} d`, 'a < b > c | d'],
    [String.raw`5{\%} for \$3, {\textbraceleft}x{\textbraceright}\ldots`, '5% for $3, {x}…'],
    [String.raw`The $\alpha$-{D}ivergence~of \emph{it}`, 'The alpha-Divergence of it'],
  ])('has a title’s signs as they are meant: %s', (tex, title) => expect(readTitle(tex)).toBe(title));

  test.each([
    'title = {Of moors, author = {Ada}, year = 2020',
    'title = {Of moors, author = {Ada}, year = 2020\n}',
    'title = {Of moors,\n  author = {Ada},\n  year = {2020}\n}',
    'title = "Of {moors",\n  author = {Ada},\n  year = {2020}\n}',
    'title = {Of moors,\r\n\tyear = 2020,\r\n}',
  ])('a title whose brace is missing ends where the next field begins: %j', (fields) => {
    expect(readLibrary(`@article{a, ${fields}\n@book{b, title = {Heather}}`)).toEqual([
      'Of moors',
      'Heather',
    ]);
  });

  test('a title may speak of a field', () => {
    expect(readTitle('Of moors, title = {heather}, and\n year = {2020}')).toBe(
      'Of moors, title = heather, and year = 2020',
    );
  });

  test('of braces that are never closed is soon read', async () => {
    const text = `@a{b, ${'title = {x, '.repeat(20_000)}`;
    expect(await measureProcessorTime(() => readLibrary(text))).toBeLessThan(2000);
  });
});
