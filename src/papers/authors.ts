// Which spellings of a name are one author: `Y. LeCun`, `LeCun, Yann` and `Yann LeCun` are. Whoever compares names asks
// `isSameAuthor`; among many names, first look up those that share one of `listAuthorKeys` with what is asked for.

/** A name as it may be meant: of `Wang Wei` either word may be the family name. */
type Reading = {
  given: string[];
  family: string;
  /** Family name first, without the comma that would say so: then only whole names count, no first letters. */
  isGuessed: boolean;
};

const longestName = 200;
/** What stands in front of a family name: `van der Maaten` is found under Maaten. */
export const nameParticles: ReadonlySet<string> = new Set(
  'van von der den de del della di da dos das du le la el al bin ibn ter ten zu'.split(' '),
);
/** What stands behind either part of a name, and tells nobody apart whose name is told without it as often: `King Jr., Martin`. */
const suffixes = /^(?:jr|sr|ii|iii|iv|2nd|3rd|phd)$/;

/**
 * Never by the family name alone: given names must be equal, or one the first letter of the other, as far as both tell them.
 * A name of one word (`DeepSeek-AI`) is who has exactly that name.
 */
export function isSameAuthor(one: string, other: string): boolean {
  return compareReadings(readName(one), readName(other));
}

/** Null for what is no name; the name that is asked for is read once. */
export function askForAuthor(name: string): ((other: string) => boolean) | null {
  const asked = readName(name);
  return asked.length === 0 ? null : (other) => compareReadings(asked, readName(other));
}

/** Two names of one author share at least one of these; empty for what is no name. */
export function listAuthorKeys(name: string): string[] {
  return [...new Set(readName(name).flatMap(({ given, family }) => [family, squeeze(given) + family]))];
}

/** The same for all spellings of a name in which its words are whole and stand in one order. */
export function authorKey(name: string): string {
  const [first] = readName(name);
  return first === undefined ? '' : [...first.given, first.family].join(' ');
}

function compareReadings(ones: readonly Reading[], others: readonly Reading[]): boolean {
  return ones.some((one) => others.some((other) => isSameReading(one, other)));
}

function isSameReading(one: Reading, other: Reading): boolean {
  const whole = ({ given, family }: Reading) => squeeze(given) + family;
  if (one.given.length === 0 || other.given.length === 0) return whole(one) === whole(other);
  if (!one.isGuessed && !other.isGuessed && whole(one) === whole(other)) return true;
  if (one.family !== other.family) return false;
  if (one.isGuessed && other.isGuessed) return false;
  if (one.isGuessed || other.isGuessed)
    return !hasInitials(one) && one.given.join(' ') === other.given.join(' ');
  return isSameGiven(one.given, other.given);
}

function hasInitials({ given }: Reading): boolean {
  return given.some(isInitial);
}

/** Names that only one of them has are no difference, beyond the first. */
function isSameGiven(one: readonly string[], other: readonly string[]): boolean {
  if (squeeze(one) === squeeze(other)) return true;
  const [ones, others] =
    one.every(isInitial) || other.every(isInitial) ? [split(one), split(other)] : [fuse(one), fuse(other)];
  return ones.every((name, place) => isCompatible(name, others[place]));
}

function isCompatible(one: string, other: string | undefined): boolean {
  if (other === undefined || one === other) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return isInitial(short) && long.startsWith(short);
}

const squeeze = (names: readonly string[]) => names.join('').replaceAll('-', '');
const split = (names: readonly string[]) => names.flatMap((name) => name.split('-'));
const fuse = (names: readonly string[]) => names.map((name) => name.replaceAll('-', ''));

function isInitial(name: string): boolean {
  return name.split('-').every((part) => Array.from(part).length === 1);
}

/** The likeliest reading first; each in the spellings that its umlauts allow. None for what has no letter. */
function readName(name: string): Reading[] {
  const readings = listPlainSpellings(name.slice(0, longestName)).flatMap(readSpelling);
  return readings.map((reading) => ({ ...reading, family: reading.family.replaceAll('-', '') }));
}

/** As names are written without marks, in small letters: `Schölkopf` is Scholkopf or Schoelkopf, `Łukasz` is Lukasz. */
export function listPlainSpellings(name: string): string[] {
  const composed = name.normalize('NFKC');
  const plain = fold(composed);
  const spelledOut = fold(
    composed.replace(/[äöüÄÖÜøØåÅ]/g, (letter) => expansions[letter.toLowerCase()] ?? letter),
  );
  return plain === spelledOut ? [plain] : [plain, spelledOut];
}

const expansions: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };
const letters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
};

/** Without diacritics, case kept: two capital letters that stand alone are two initials. */
function fold(name: string): string {
  const opened = /\p{Ll}/u.test(name)
    ? name.replace(/(?<=^|[\s.])(\p{Lu})(\p{Lu})(?=\.?\s)/gu, '$1 $2')
    : name;
  return opened
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{ASCII}]/gu, (letter) => letters[letter] ?? letter)
    .replace(/['’ʼ`´"“”]/gu, '')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/\.-/g, '-');
}

function readSpelling(name: string): Reading[] {
  const [before = [], ...behind] = name
    .replace(/(?<!\p{L})ph\.\s?d(?!\p{L})/gu, 'phd')
    .split(',')
    .map(readWords)
    .filter((words) => words.length > 0);
  if (before.length === 0) return [];
  // `Smith, John, Jr.`
  const given = behind.map(dropSuffixes).find((some) => some.length > 0) ?? [];
  const words = given.length > 0 || before.length > 2 ? keepOne(before) : before;
  if (given.length > 0) return [{ given: dropParticles(given), family: joinFamily(words), isGuessed: false }];
  if (words.length === 1 || words.every(isEastAsian))
    return [{ given: [], family: words.join(''), isGuessed: false }];

  const last = words.at(-1) ?? '';
  const [first = '', ...others] = words;
  const familyFirst = { given: others, family: first };
  // `LeCun Y.`
  if (others.every(isInitial) && !isInitial(first)) return [{ ...familyFirst, isGuessed: false }];
  const names = dropParticles(words.slice(0, -1));
  return [
    { given: names, family: last, isGuessed: false },
    { ...familyFirst, isGuessed: true },
  ];
}

function dropSuffixes(words: readonly string[]): string[] {
  return words.filter((word) => !suffixes.test(word));
}

/** Whatever the first word is, it is a name: `Iv, Petro`. */
function keepOne(words: readonly string[]): string[] {
  return [...words.slice(0, 1), ...dropSuffixes(words.slice(1))];
}

/** Letters, digits and hyphens. */
function readWords(text: string): string[] {
  return text
    .replace(/[^\p{L}\p{N}-]+/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^-+|-+$/g, ''))
    .filter((word) => word !== '');
}

function isEastAsian(word: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+$/u.test(word);
}

function joinFamily(words: readonly string[]): string {
  return dropParticles(words, 0).join('');
}

/** The first of given names may be `Van` or `Al`; the last word of a family name stays whatever it is. */
function dropParticles(words: readonly string[], from = 1): string[] {
  const kept = words.filter((word, place) => place < from || !nameParticles.has(word));
  return kept.length > 0 ? kept : words.slice(-1);
}
