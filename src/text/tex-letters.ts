// Letters that TeX writes as commands, as authors type them: `J\"urgen`, `{\O}ystein`, `Fran\c cois`, `Mart\'{\i}n`.
// https://info.arxiv.org/help/prep.html tells what arXiv asks for; people write all other forms, too.
import { changeOutsideFormulas } from './formulas.ts';

const accents: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  d: '\u0323',
  textcommabelow: '\u0326',
  c: '\u0327',
  k: '\u0328',
  b: '\u0331',
};
const letters: Readonly<Record<string, string>> = {
  ss: 'ß',
  SS: 'ẞ',
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
  i: 'ı',
  j: 'ȷ',
  dj: 'đ',
  DJ: 'Đ',
  dh: 'ð',
  DH: 'Ð',
  th: 'þ',
  TH: 'Þ',
  ng: 'ŋ',
  NG: 'Ŋ',
  cprime: "'",
};

/**
 * A `text` has quotation marks and apostrophes, which programs escape (`don\'t`, `a \"b\"`); in a `name` nearly every such
 * sign is an accent.
 */
export type TexKind = 'text' | 'name';

/** The text with such letters as letters; all else stays, other commands and formulas too. */
export function readTexLetters(tex: string, kind: TexKind = 'text'): string {
  return tex.includes('\\') ? changeOutsideFormulas(tex, (part) => readLetters(part, kind)) : tex;
}

const letterNames = Object.keys(letters).join('|');
/** TeX takes the space behind a command as its end. Whoever writes `Micha\l Kowalski` does not mean so. */
const letterCommand = new RegExp(
  String.raw`\{\s{0,9}\\(${letterNames})(?:\s{0,9}\{\})?\s{0,9}\}|(?<![\d$])\\(${letterNames})(?![a-zA-Z(])(?:\{\}|\s{1,9}(?=\p{Ll}))?`,
  'gu',
);
const letter = String.raw`(\p{L}\p{M}{0,3})`;
const group = String.raw`\{\s{0,9}${letter}\s{0,9}\}`;
const mark = String.raw`\\(?:([\x60'^"~=.])|(textcommabelow|[cvuHrkdb])(?![a-zA-Z]))`;
/** `\'{e}`, `\c{{c}}`, and with braces around: `{\'{e}}`, `{\c c}`. */
const bracedAccent = new RegExp(
  String.raw`\{\s{0,9}${mark}\s{0,9}(?:${group}|${letter})\s{0,9}\}|${mark}\s{0,9}(?:${group}|\{${group}\})`,
  'gu',
);
const bareSign = new RegExp(String.raw`\\([\x60'^"~=.])${letter}`, 'gu');
const spacedSign = new RegExp(String.raw`\\([\x60'^"~]|[=.](?!\s))\s{0,9}${letter}`, 'gu');
/** `\c cois`, and `\u` in front of what was `\i`. */
const bareWord = new RegExp(String.raw`\\([cvuHrkdb])(?:\s{1,9}|(?=[ıȷ]))${letter}`, 'gu');
const tie = /\\t\s{0,9}\{\s{0,9}(\p{L})(\p{L})\s{0,9}\}/gu;
/** Accents on accents: `\'{\^e}`. */
const layers = 3;

/** Where a quotation ends that began with an escaped sign. */
const quoteEnd = /(?<=[\p{L}\p{N}.,!?%)])\\"(?![\p{L}{])/u;

function readLetters(text: string, kind: TexKind): string {
  let read = text.replace(
    letterCommand,
    (all, grouped?: string, alone?: string) => letters[grouped ?? alone ?? ''] ?? all,
  );
  const style = kind === 'text' && quoteEnd.test(read) ? 'quoting' : kind;
  for (let layer = 0; layer < layers && read.includes('\\'); layer += 1) {
    const before = read;
    read = read
      .replace(bracedAccent, readBraced)
      .replace(
        kind === 'name' ? spacedSign : bareSign,
        (all, sign: string, base: string, at: number, whole: string) => {
          const around = {
            head: whole.slice(Math.max(0, at - 2), at),
            tail: whole.slice(at + all.length - base.length, at + all.length + 3),
          };
          return isAccent(sign, around, style) ? (compose(sign, base) ?? all) : all;
        },
      )
      .replace(bareWord, (all, sign: string, base: string) => compose(sign, base) ?? all);
    if (read === before) break;
  }
  return read.replace(tie, '$1\u0361$2');
}

/** What stands before the sign, and from its letter on. */
type Around = { head: string; tail: string };

/** Without braces, the sign may be an apostrophe or a quotation mark. */
function isAccent(sign: string, { head, tail }: Around, style: TexKind | 'quoting'): boolean {
  // O'Neill, d'Alembert
  if (sign === "'" && /(?<!\p{L})[ODLdl]$/u.test(head) && /^\p{Lu}\p{Ll}/u.test(tail)) return false;
  if (style === 'name') return true;
  const isInWord = /\p{L}$/u.test(head);
  if (sign === "'") return !(isInWord && /^(?:[stdm]|re|ve|ll)(?!\p{L})/u.test(tail));
  if (sign === '"') return /^[aeiouy]/i.test(tail) && (isInWord || style === 'text');
  return sign !== '~' || !head.endsWith('/');
}

/** Of the eight groups of `bracedAccent` two are there: a sign and its letter. */
function readBraced(_: string, ...found: unknown[]): string {
  const [sign = '', base = ''] = found.slice(0, 8).filter((part) => typeof part === 'string');
  return compose(sign, base) ?? dotted(base) + (accents[sign] ?? '');
}

/** Null where Unicode has no such letter. */
function compose(sign: string, base: string): string | null {
  const composed = (dotted(base) + (accents[sign] ?? '')).normalize('NFC');
  return Array.from(composed).length === 1 ? composed : null;
}

/** TeX puts accents on letters without a dot; Unicode's have theirs. */
function dotted(base: string): string {
  return base.replace('ı', 'i').replace('ȷ', 'j');
}
