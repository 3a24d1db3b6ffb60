// The texts of authors who write TeX, as they are stored: letters are letters, and formulas stay what `mendText` shows them from.
import { changeOutsideFormulas } from './formulas.ts';
import { mendText } from './mend-text.ts';
import { readTexLetters } from './tex-letters.ts';

/** A title or an abstract. */
export function readTexText(tex: string): string {
  if (!tex.includes('\\')) return tex;
  return changeOutsideFormulas(readTexLetters(tex), (text) => text.replace(/\\([&%#_])/g, '$1'));
}

/** An author's name, which nothing mends later on: without braces and commands, too. */
export function readTexName(tex: string): string {
  if (!/[\\{}$~`]|--/.test(tex)) return tex;
  return mendText(readTexLetters(tex, 'name'))
    .replace(/[{}]/g, '')
    .replace(/\p{Pd}+/gu, '-')
    .replace(/~/g, ' ')
    .trim();
}
