// HTML's references for characters, `&eacute;` and `&#233;`, as feeds and captures have them:
// https://html.spec.whatwg.org/multipage/named-characters.html. Of its names those that titles and names need.
import { decodeAs } from './declared-encoding.ts';

const marks: Record<string, string> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  cedil: '\u0327',
  caron: '\u030c',
};
const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega';

const named = new Map<string, string>([
  ...Object.entries({
    ...{
      amp: '&',
      lt: '<',
      gt: '>',
      quot: '"',
      apos: "'",
      nbsp: ' ',
      shy: '',
      ensp: ' ',
      emsp: ' ',
      thinsp: ' ',
    },
    ...{
      ndash: '–',
      mdash: '—',
      hellip: '…',
      lsquo: '‘',
      rsquo: '’',
      ldquo: '“',
      rdquo: '”',
      sbquo: '‚',
      bdquo: '„',
    },
    ...{
      laquo: '«',
      raquo: '»',
      bull: '•',
      middot: '·',
      prime: '′',
      Prime: '″',
      deg: '°',
      micro: 'µ',
      times: '×',
      divide: '÷',
    },
    ...{
      plusmn: '±',
      minus: '−',
      le: '≤',
      ge: '≥',
      ne: '≠',
      asymp: '≈',
      sim: '∼',
      infin: '∞',
      rarr: '→',
      larr: '←',
    },
    ...{ harr: '↔', sum: '∑', radic: '√', copy: '©', reg: '®', trade: '™', sect: '§', para: '¶', euro: '€' },
    ...{
      pound: '£',
      sup1: '¹',
      sup2: '²',
      sup3: '³',
      frac12: '½',
      szlig: 'ß',
      aelig: 'æ',
      AElig: 'Æ',
      oelig: 'œ',
    },
    ...{
      OElig: 'Œ',
      oslash: 'ø',
      Oslash: 'Ø',
      aring: 'å',
      Aring: 'Å',
      eth: 'ð',
      ETH: 'Ð',
      thorn: 'þ',
      THORN: 'Þ',
      iexcl: '¡',
      iquest: '¿',
    },
  }),
  ...greek.split(' ').flatMap((name, at): [string, string][] => {
    const capital = name.charAt(0).toUpperCase() + name.slice(1);
    return [
      [name, String.fromCharCode(0x3b1 + at)],
      [capital, String.fromCharCode(0x391 + at)],
    ];
  }),
]);

const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,9}));/gi;

/** What is no reference stays as it is. */
export function readReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return nameCharacter(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? characterOf(code) : whole;
  });
}

/**
 * Of Windows-1252 where Unicode has only controls:
 * https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state
 */
function characterOf(code: number): string {
  return code >= 0x80 && code <= 0x9f
    ? decodeAs('windows-1252', Uint8Array.of(code))
    : String.fromCodePoint(code);
}

/** `eacute` is an e with an acute. Null for an unknown name. */
export function nameCharacter(name: string): string | null {
  const known = named.get(name) ?? named.get(name.toLowerCase());
  if (known !== undefined) return known;
  const [, letter = '', mark = ''] = /^([a-z])([a-z]{3,5})$/i.exec(name) ?? [];
  const accent = marks[mark];
  return accent === undefined ? null : (letter + accent).normalize('NFC');
}
