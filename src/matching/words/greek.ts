// Greek letters as papers and readers write them: π0, π_0, $\pi_0$ and pi0 are one name, and so are τ-bench and tau-bench.
import { openFormulas } from '../../text/formulas.ts';

const names = new Map(
  Object.entries({
    α: 'alpha',
    β: 'beta',
    γ: 'gamma',
    δ: 'delta',
    ε: 'epsilon',
    ζ: 'zeta',
    η: 'eta',
    θ: 'theta',
    ι: 'iota',
    κ: 'kappa',
    λ: 'lambda',
    μ: 'mu',
    ν: 'nu',
    ξ: 'xi',
    ο: 'omicron',
    π: 'pi',
    ρ: 'rho',
    σ: 'sigma',
    ς: 'sigma',
    τ: 'tau',
    υ: 'upsilon',
    φ: 'phi',
    χ: 'chi',
    ψ: 'psi',
    ω: 'omega',
  }),
);

const letterOf = new Map(
  [...names].filter(([letter]) => letter !== 'ς').map(([letter, name]) => [name, letter]),
);
const command = new RegExp(`\\\\(?:var)?(${[...letterOf.keys()].join('|')})(?![a-z])`, 'gi');
/** A digit below or above a letter belongs to its name: τ^2, π_{0.5}, SAP^{2}. */
const script = /(?<=\p{L})\$?[_^]\{?(\d+(?:\.\d+)?)\}?/gu;

const bracedLetter = /(?:\\[a-z]{1,20})?\{(\p{L})\}(?=[_^])/giu;

/** TeX's commands become letters, digits that stand below or above one stand beside it, and what encloses mathematics goes. */
export function readTex(text: string): string {
  if (!/[\\_^$]/.test(text)) return text;
  return openFormulas(text)
    .replace(command, (_, name: string) => {
      const letter = letterOf.get(name.toLowerCase()) ?? name;
      return /^\p{Lu}/u.test(name) ? letter.toUpperCase() : letter;
    })
    .replace(bracedLetter, '$1')
    .replace(script, '$1');
}

/** More than two in a row are a word of that language. */
const fewLetters = /(?<!\p{Script=Greek})\p{Script=Greek}{1,2}(?!\p{Script=Greek})/gu;

/** Of a word in small letters without accents. */
export function nameGreekLetters(word: string): string {
  return word.replace(fewLetters, (letters) =>
    Array.from(letters, (letter) => names.get(letter) ?? letter).join(''),
  );
}

/** A letter, or its name, with a number: π0, tau2. Null for anything else. */
export function readGreekVersion(word: string): string | null {
  const [, start = ''] = /^(\p{L}+)\d{1,3}$/u.exec(word.toLowerCase()) ?? [];
  const name = nameGreekLetters(start);
  return letterOf.has(name) ? name : null;
}
