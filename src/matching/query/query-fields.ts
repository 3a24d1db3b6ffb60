// Where in a paper a word is to stand, as arXiv's searchers write it: ti:, abs:, au: and all:.
import { nameParticles } from '../../papers/authors.ts';
import { splitWords } from '../words/split-words.ts';
import { isTitleWord } from '../words/title-words.ts';

export type Field = 'title' | 'abstract' | 'author';

const fields: Readonly<Record<string, Field | 'all'>> = {
  ti: 'title',
  title: 'title',
  abs: 'abstract',
  abstract: 'abstract',
  au: 'author',
  author: 'author',
  authors: 'author',
  intitle: 'title',
  inauthor: 'author',
  all: 'all',
};
export const fieldPrefixes: Readonly<Record<Field, string>> = {
  title: 'ti:',
  abstract: 'abs:',
  author: 'au:',
};

/** At the start of a token; a space may follow. Those after `cat` are arXiv's and other searchers', and not known here. */
export const fieldShape = [
  String.raw`(?:ti|abs|au|all|title|abstract|authors?):\s*`,
  String.raw`cat(?:egory)?:\s*(?=[a-z-]{2,10}\.[a-z-]{2})`,
  String.raw`(?:intitle|inauthor|cat|category|co|jr|rn|id|submitteddate|lastupdateddate|journal|venue|year|date|site):(?=[^\s)])`,
].join('|');

/** As it stands behind `cat:`, where it says nothing else: a reader's own words have no such form. */
const category = /^(?:cs|math|stat|eess|econ|physics|astro-ph|cond-mat|q-bio|q-fin|nlin)\.[A-Z]{2}$/;

export function isCategory(word: string): boolean {
  return category.test(word);
}

/** `all` says nothing; null for what papers are not stored with. */
export function readField(part: string): Field | 'all' | null {
  return fields[part.slice(0, part.indexOf(':')).toLowerCase()] ?? null;
}

const operators = '(?!(?:AND|OR|NOT|ANDNOT)\\b)';
const nameParticle = `(?:${[...nameParticles].join('|')})`;
/** A word of a name by its capital, of no field, and no `LeCun_Y`, which is a name already. */
const nameWord = String.raw`${operators}\p{Lu}[\p{L}\p{M}'.-]*(?![\p{L}\p{M}\p{N}_:*"(])`;
const nameRun = `(?:${nameParticle} )*${nameWord}(?: (?:${nameParticle} )*${nameWord})*`;
const authorPrefix = `(?:[aA][uU](?:[tT][hH][oO][rR][sS]?)?|[iI][nN][aA][uU][tT][hH][oO][rR]):`;
const bareNames = new RegExp(
  String.raw`(?<=(^|[\s(])([-!]|(?:AND)?NOT )?)(${authorPrefix})\s*(${nameRun}(?:(?:, ?and |, ?| and | & )${nameRun})*)`,
  'gu',
);

/**
 * `au: Yann LeCun` is a name to whoever types it: capitals go on with it, up to a word without, an operator, a field, or a word that
 * titles are made of. `LeCun, Yann` is one too; `Yann LeCun and Ada Lovelace` wrote it together.
 */
export function quoteNames(text: string): string {
  return text.replace(bareNames, (_whole, _before, sign: string | undefined, prefix: string, run: string) => {
    const { names, rest } = readNames(run);
    // Who is left out is so one by one.
    const quoted = names.map((name) => `${prefix}${name.includes(' ') ? `"${name}"` : name}`);
    return quoted.join(` ${sign ?? ''}`) + rest;
  });
}

/** `rest`: what is no name any more, with the space or comma in front of it. */
function readNames(run: string): { names: string[]; rest: string } {
  const list = run.slice(0, findNamesEnd(run));
  const names = list.split(/,? and |, ?| & /);
  const isTurned = names.length === 2 && list.includes(',') && !/ \p{Lu}/u.test(names[0] ?? '');
  return { names: isTurned ? [names.join(' ')] : names, rest: run.slice(list.length) };
}

/** `Qwen Team` */
const teamName = / (?:Team|Group|Collaboration|Consortium|Labs?)$/;
const nameJoint = new RegExp(`(?:,|,? (?:and|&|${nameParticle}))* *$`);

function findNamesEnd(run: string): number {
  if (teamName.test(run)) return run.length;
  const [, ...further] = run.matchAll(/[^\s,&]+/g);
  const first = further.find(({ 0: word, index }) =>
    isTitleWord(word, { before: run.slice(0, index), after: run.slice(index + word.length) }),
  );
  return first === undefined ? run.length : run.slice(0, first.index).replace(nameJoint, '').length;
}

/** A bare name that may have swallowed words. `first`: the shortest that it may be. Null where all are as one writes names. */
export function findDoubtfulName(text: string): { name: string; first: string; any: string } | null {
  const all = [...text.matchAll(bareNames)].flatMap(({ 4: run = '' }) => {
    const { names, rest } = readNames(run);
    return names.map((name, at) => ({ name, isCut: rest !== '' && at === names.length - 1 }));
  });
  const { name } = all.find(isDoubtful) ?? {};
  if (name === undefined) return null;
  const [first = name] = upToWholeWord.exec(name) ?? [];
  const any = quoteNames(text).replace(`"${name}"`, () => `"${first}"${name.slice(first.length)}`);
  return { name, first, any };
}

/** No initial and no particle. */
const wholeWord = /^\p{Lu}[\p{L}\p{M}'-]+$/u;
const upToWholeWord = /^.*?(?<=^| )\p{Lu}[\p{L}\p{M}'-]+(?= |$)/u;

function isDoubtful({ name, isCut }: { name: string; isCut: boolean }): boolean {
  if (teamName.test(name)) return false;
  const words = name.split(' ').filter((word) => wholeWord.test(word));
  const isShouted =
    words.length > 1 && /\p{Ll}/u.test(words[0] ?? '') && /^\p{Lu}+$/u.test(words.at(-1) ?? '');
  return words.length > (isCut ? 1 : 2) || isShouted;
}

const bareWord = String.raw`(?!AND\b|OR\b|NOT\b|ANDNOT\b|[-!"(|])[^\s"():,;_]+`;
const lonelyWord = new RegExp(
  String.raw`(?<=(?:^|[\s(])[-!]?)((?:ti|title|abs|abstract|intitle|au|authors?|inauthor):)\s*(${bareWord}) ((?:(?!\S+:)${bareWord}(?: (?=\S)|(?=\))|$))+)`,
  'i',
);

/** `ti:video generation`: the second word may stand anywhere, which is rarely what was meant. Null for any other text. */
export function findLonelyField(
  text: string,
): { part: string; word: string; rest: string; any: string } | null {
  const [whole, part = '', word = '', more = ''] = lonelyWord.exec(text) ?? [];
  if (whole === undefined) return null;
  const rest = more.trim();
  return { part, word, rest, any: text.replace(whole.trim(), () => `${part}"${word} ${rest}"`) };
}

/** A name is looked up by these keys of its words, in any order: see `listAuthorKeys`. */
export function listAskedKeys(name: string): { stems: string[]; joined: string[] } {
  const words = splitWords(name).map(({ text }) => text);
  return {
    stems: words.map((word) => (isInitial(word) ? `au:${word}*` : `au:${word}`)),
    joined: words.filter((word) => !isInitial(word)).map(abbreviate),
  };
}

/** What a word of an author's name is found by: itself, its first letter, and itself as the short form of a first name. */
export function listAuthorKeys(word: string): string[] {
  const first = Array.from(word)[0] ?? '';
  return isInitial(word) ? [`au:${word}*`, abbreviate(word)] : [`au:${word}`, `au:${first}*`];
}

/** The other key that answers an asked one: Y. LeCun is who was asked for as Yann. */
export function shortenKey(key: string): string | null {
  return key.endsWith('*') ? null : abbreviate(key.slice('au:'.length));
}

function isInitial(word: string): boolean {
  return Array.from(word).length === 1;
}

function abbreviate(word: string): string {
  return `au:${Array.from(word)[0] ?? ''}.`;
}
