// Letters that TeX writes as commands, in authors' names and in titles: `J\"urgen`, `{\O}ystein`, `Fran\c{c}ois`.

const accents: Record<string, string> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '"': '\u0308',
  c: '\u0327',
  v: '\u030c',
  H: '\u030b',
  '=': '\u0304',
  '.': '\u0307',
  u: '\u0306',
  r: '\u030a',
  k: '\u0328',
};
const letters: Record<string, string> = {
  ss: 'ß',
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  i: 'i',
  j: 'j',
};

/** The text with such letters as letters; all else stays, other commands and formulas too. */
export function readTexLetters(tex: string): string {
  return tex
    .replace(
      /\\([`'^~"=.])\s*(?:\{\s*\\?([a-z])\s*\}|\\?([a-z]))/gi,
      (_, accent: string, one?: string, other?: string) => (one ?? other ?? '') + (accents[accent] ?? ''),
    )
    .replace(
      /\\([cvHurk])(?:\s*\{\s*\\?([a-z])\s*\}|\s+([a-z])\b)/gi,
      (all, accent: string, one?: string, other?: string) =>
        accents[accent] === undefined ? all : (one ?? other ?? '') + accents[accent],
    )
    .replace(
      /\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![a-z])\s*/gi,
      (all, name: string) => letters[name] ?? all,
    )
    .normalize('NFC');
}
