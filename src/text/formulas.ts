// Mathematics in a text that is written in TeX. As Pandoc reads it: `$x^2$` is a formula, `$5 to $10` is money.

const formula = String.raw`(?<!\\)\${1,2}(?![\s$])(?:[^$\\]|\\[^]){1,1000}?(?<!\s)\${1,2}(?!\d)|\\\((?:[^\\]|\\[^)]){0,1000}?\\\)|\\\[(?:[^\\]|\\[^\]]){0,1000}?\\\]`;
const formulas = new RegExp(`(${formula})`, 'g');
const delimiters = /^(?:\$+|\\[([])|(?:\$+|\\[)\]])$/g;

/** What `change` makes of the text around its formulas, which stay as they are. */
export function changeOutsideFormulas(tex: string, change: (text: string) => string): string {
  return tex
    .split(formulas)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** The text with what `read` makes of each formula, without the signs around it. */
export function openFormulas(tex: string, read: (formula: string) => string = (inside) => inside): string {
  return tex.replace(formulas, (whole) => read(whole.replace(delimiters, '')));
}
