// Text for a .bib file: what LaTeX takes for commands is written out, and letters that old BibTeX cannot sort are commands.

const specials: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  // Not \\{: BibTeX counts that as a brace, too.
  '{': '{\\textbraceleft}',
  '}': '{\\textbraceright}',
  $: '\\$',
  '&': '\\&',
  '%': '\\%',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '{\\textless}',
  '>': '{\\textgreater}',
  '|': '{\\textbar}',
  '"': '{\\textquotedbl}',
  '\u2013': '--',
  '\u2014': '---',
  '\u2010': '-',
  '\u2011': '-',
  '\u2018': '`',
  '\u2019': "'",
  '\u201c': '``',
  '\u201d': "''",
  '\u2026': '{\\ldots}',
  '\u00a0': '~',
  ß: '{\\ss}',
  æ: '{\\ae}',
  Æ: '{\\AE}',
  œ: '{\\oe}',
  Œ: '{\\OE}',
  ø: '{\\o}',
  Ø: '{\\O}',
  ł: '{\\l}',
  Ł: '{\\L}',
  ı: '{\\i}',
  '×': '{$\\times$}',
  '±': '{$\\pm$}',
  '≤': '{$\\leq$}',
  '≥': '{$\\geq$}',
  '≈': '{$\\approx$}',
  '→': '{$\\rightarrow$}',
  '∞': '{$\\infty$}',
};

const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi . pi rho varsigma sigma tau upsilon phi chi psi omega'.split(
    ' ',
  );
const greekCapitals = new Map(
  [...'ΓΔΘΛΞΠΣΥΦΨΩ'].map((letter, place) => [
    letter,
    'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'.split(' ')[place] ?? '',
  ]),
);

/** By the mark that follows the letter once it is taken apart. */
const accents: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0327': 'c',
  '\u0328': 'k',
};

/** One line. What there is no command for (Chinese, emoji) stays as it is: every TeX of today reads UTF-8. */
export function escapeLatex(text: string): string {
  return Array.from(
    text.normalize('NFC').replace(/\s+/g, (space) => (space === '\u00a0' ? space : ' ')),
    escapeCharacter,
  ).join('');
}

function escapeCharacter(character: string): string {
  const special = specials[character];
  if (special !== undefined) return special;
  if (/^[\x20-\x7e]$/.test(character)) return character;
  const [letter = '', mark = '', ...more] = character.normalize('NFD');
  const accent = accents[mark];
  if (accent !== undefined && more.length === 0 && /^[a-z]$/i.test(letter)) {
    const base = letter === 'i' || letter === 'j' ? `\\${letter}` : letter;
    return /[a-z]/i.test(accent)
      ? `{\\${accent}{${base}}}`
      : `{\\${accent}${base.startsWith('\\') ? `{${base}}` : base}}`;
  }
  const name = /^[α-ω]$/.test(character)
    ? greek[character.charCodeAt(0) - 0x3b1]
    : greekCapitals.get(character);
  if (name !== undefined && name !== '.') return `{$\\${name}$}`;
  const below = '₀₁₂₃₄₅₆₇₈₉'.indexOf(character);
  if (below >= 0) return `{$_${below}$}`;
  const above = '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(character);
  return above >= 0 ? `{$^${above}$}` : character;
}
