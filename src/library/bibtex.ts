// The titles, DOIs and arXiv ids of BibTeX and BibLaTeX, as Zotero, Mendeley, JabRef and Google Scholar export them. Its
// grammar: https://www.ctan.org/pkg/bibtex, btxdoc.
import { readTexLetters } from '../text/tex-letters.ts';
import type { LibraryEntry } from './entry.ts';
import { nameWork } from './name-work.ts';

/** Entries that are no works. */
const noWorks = new Set(['comment', 'preamble', 'string']);

/** Every pattern here looks at a place once, and a bounded way ahead: what is pasted may be made to take long. */
const entryStart = /(?:(?<=\})[ \t]{0,9}|^[ \t]*)@(\w{1,40})\s{0,9}[{(]/gm;
const fieldStart = /[,\n{][ \t\r\n]{0,80}([a-z][\w-]{0,40})\s{0,80}=\s{0,80}/giy;

/** An entry begins with a line, and ends where the next begins: a brace that somebody forgot costs this entry's rest, and no other. */
export function readBibtex(text: string): LibraryEntry[] {
  const starts = [...text.matchAll(entryStart)].slice(0, mostEntries);
  const macros = new Map<string, string>();
  return starts.flatMap(({ 0: head, 1: type = '', index }, number) => {
    const place = { from: index + head.length - 1, end: starts[number + 1]?.index ?? text.length };
    if (type.toLowerCase() === 'string') {
      for (const [name, value] of readFields(text, place, macros)) macros.set(name, value);
    }
    return noWorks.has(type.toLowerCase()) ? [] : toEntry(readFields(text, place, macros));
  });
}

type Macros = ReadonlyMap<string, string>;

/** `macros`: what `@string` named before. */
function readFields(
  text: string,
  { from, end }: { from: number; end: number },
  macros: Macros,
): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = from; at < end; ) {
    fieldStart.lastIndex = at;
    const found = fieldStart.exec(text);
    if (found === null || fieldStart.lastIndex > end) {
      at += 1;
      continue;
    }
    const value = readParts(text, { from: fieldStart.lastIndex, end }, macros);
    const name = (found[1] ?? '').toLowerCase();
    if (!fields.has(name)) fields.set(name, value.text.slice(0, longestValue));
    at = Math.max(value.end, at + 1);
  }
  return fields;
}

/** `foo # " of things"`: values that are put together. */
function readParts(
  text: string,
  { from, end }: { from: number; end: number },
  macros: Macros,
): { text: string; end: number } {
  let value = readPart(text, { from, end }, macros);
  for (let parts = 1; parts < mostParts; parts += 1) {
    const [sign] = /^\s{0,9}#\s{0,9}/.exec(text.slice(value.end, value.end + 20)) ?? [];
    if (sign === undefined || value.end + sign.length >= end) break;
    const next = readPart(text, { from: value.end + sign.length, end }, macros);
    value = { text: value.text + next.text, end: next.end };
  }
  return value;
}

function readPart(
  text: string,
  { from, end }: { from: number; end: number },
  macros: Macros,
): { text: string; end: number } {
  const value = readValue(text, from, end);
  const isBare = text[from] !== '{' && text[from] !== '"';
  return isBare ? { ...value, text: macros.get(value.text.toLowerCase()) ?? value.text } : value;
}

const mostParts = 20;
const longestValue = 2000;
/** Ten times what a reader may keep. */
const mostEntries = 2000;

/** `{in braces}`, `"in quotes"`, or a bare word, up to where it ends. */
function readValue(text: string, from: number, limit: number): { text: string; end: number } {
  const opening = text[from];
  if (opening !== '{' && opening !== '"') {
    const [bare = ''] = /^[^,}\s#]*/.exec(text.slice(from, Math.min(limit, from + 200))) ?? [];
    return { text: bare, end: from + bare.length };
  }
  let depth = 0;
  for (let at = from + 1; at < limit; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '{') depth += 1;
    else if (depth === 0 && character === (opening === '{' ? '}' : '"'))
      return { text: text.slice(from + 1, at), end: at + 1 };
    else if (character === '}') depth -= 1;
  }
  return { text: text.slice(from + 1, limit), end: limit };
}

/** Where an id may stand, what is surest first. */
const places = [
  'eprint',
  'arxiv',
  'arxivid',
  'arxiv_id',
  'doi',
  'url',
  'link',
  'ee',
  'howpublished',
  'note',
  'journal',
];
const furtherPlaces = [
  'journaltitle',
  'volume',
  'number',
  'eid',
  'pages',
  'series',
  'type',
  'booktitle',
  'institution',
];
const remarks = ['publisher', 'addendum', 'pubstate', 'annote', 'annotation', 'comment'];

function toEntry(fields: ReadonlyMap<string, string>): LibraryEntry {
  const of = (name: string) => fields.get(name) ?? '';
  const archive = `${of('archiveprefix')} ${of('eprinttype')}`;
  const isOther = /\w/.test(archive) && !/\barxiv/i.test(archive);
  const told = [...places, ...furtherPlaces, ...remarks].map((name) =>
    name !== 'eprint' ? of(name) : isOther ? '' : addArchive(of('eprint'), of('primaryclass')),
  );
  const title = [of('title'), of('subtitle')].filter((part) => part !== '').map(readTex);
  return nameWork({ title: title.join(': '), places: told, files: [of('file'), of('pdf')] });
}

/** Before 2007 an id was told in two fields: `0309136` of `cs.CL`. */
function addArchive(eprint: string, archive: string): string {
  return /^\d{7}(?:v\d)?$/.test(eprint.trim()) && archive !== '' ? `${archive}/${eprint.trim()}` : eprint;
}

/** A title without its braces and commands. */
function readTex(tex: string): string {
  return (
    readTexLetters(tex)
      // A formula's letters by their names, as in the titles of arXiv.
      .replace(/\$[^$]{0,300}\$/g, (formula) => formula.replace(/\\(?=[a-z])/gi, ' '))
      .replace(/\\(?:text|math|em|tt|it|bf)[a-z]*\s*/gi, '')
      .replace(/\\([&%$#_{}])/g, '$1')
      .replace(/\\[a-z]+\s*/gi, ' ')
      .replace(/[{}$]/g, '')
      .replace(/~/g, ' ')
      .replace(/---?/g, '-')
      .normalize('NFC')
  );
}
