// Where in a paper a word is to stand, as arXiv's searchers write it: ti:, abs:, au: and all:.
import { splitWords } from '../words/split-words.ts';

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

/** `all` says nothing; null for what papers are not stored with. */
export function readField(part: string): Field | 'all' | null {
  return fields[part.slice(0, part.indexOf(':')).toLowerCase()] ?? null;
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
