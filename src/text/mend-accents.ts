// Letters with accents, as LaTeX writes them: `\'e`, `\"{o}`, `{\c c}`, `{\ss}`.
import { symbols } from './latex-symbols.ts';

const combining: Record<string, string> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030c',
  u: '\u0306',
  H: '\u030b',
  k: '\u0328',
  r: '\u030a',
};

export function mendAccents(text: string): string {
  return (
    text
      // The braces around an accent belong to it.
      .replace(/\{\\(['`^"~=.])\{?\\?(\p{L})\}?\}/gu, accent)
      .replace(/\{\\([cvuHkr])[ {](\p{L})\}{1,2}/gu, accent)
      .replace(/\{\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i)\}/g, (_, name: string) => symbols.get(name) ?? name)
      .replace(/\\(['`^"~=.cvuHkr])\{\\?(\p{L})\}/gu, accent)
      // Without braces only where it is no escaped quotation mark, as in `don\'t` or `a \"b\"`.
      .replace(/\\(['`^~])([aeiounAEIOUN])/g, accent)
      .replace(/(?<=\p{L})\\(")([aeiouyAEIOUY])/gu, accent)
      .replace(/\\(["'])/g, '$1')
  );
}

function accent(_: string, mark: string, letter: string): string {
  return (letter + (combining[mark] ?? '')).normalize('NFC');
}
