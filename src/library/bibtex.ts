// The titles, DOIs and arXiv ids of BibTeX and BibLaTeX, as Zotero, Mendeley, JabRef and Google Scholar export them. Its
// grammar: https://www.ctan.org/pkg/bibtex, btxdoc.
import { readTexLetters } from '../text/tex-letters.ts';
import type { LibraryEntry } from './entry.ts';
import { nameWork } from './name-work.ts';

/** Entries that are no works. */
const noWorks = new Set(['comment', 'preamble', 'string']);

/** Every pattern here looks at a place once, and a bounded way ahead: what is pasted may be made to take long. */
const entryStart = /(?:(?<=\})[ \t]{0,9}|^[ \t]*)@(\w{1,40})\s{0,9}[{(]/gm;
const fieldStart = /[,\n{(][ \t\r\n]{0,80}([a-z][\w-]{0,40})\s{0,80}=\s{0,80}/giy;

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
  for (let at = from, read = 0; at < end && read < mostFields; ) {
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
    read += 1;
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

const mostFields = 200;
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
  let end = Math.min(limit, from + longestScan);
  let depth = 0;
  for (let at = from + 1; at < end; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '{') depth += 1;
    else if (depth === 0 && character === (opening === '{' ? '}' : '"')) {
      if (!isEntrysEnd(text, at, limit)) return { text: text.slice(from + 1, at), end: at + 1 };
      end = at;
    } else if (character === '}') depth -= 1;
    else if (character === ',' && beginsField(text, at)) return cutBefore(text, from, at);
  }
  const next = text.slice(from + 1, end).search(fieldInValue);
  return cutBefore(text, from, next === -1 ? end : from + 1 + next);
}

/** A brace that somebody forgot costs no more than this: a known field that begins a line ends the value before it, too. */
const longestScan = 20_000;
const fieldNames =
  'abstract|address|annote|archiveprefix|arxivid|author|booktitle|date|doi|edition|editor|eprint|eprinttype|file|howpublished|' +
  'institution|isbn|issn|journal|journaltitle|keywords|language|month|note|number|organization|pages|primaryclass|' +
  'publisher|school|series|subtitle|title|url|urldate|volume|year';
const fieldAfterLine = new RegExp(
  String.raw`,[ \t]{0,9}\r?\n[ \t\r\n]{0,80}(?:${fieldNames})[ \t]{0,80}=[ \t]{0,80}[{"\d]`,
  'iy',
);
const fieldInValue = new RegExp(
  String.raw`,[ \t\r\n]{0,80}(?:${fieldNames})[ \t]{0,80}=[ \t]{0,80}[{"\d]`,
  'i',
);

/** Behind a value there is at least the brace that ends the entry: where nothing is, it was that one. */
function isEntrysEnd(text: string, at: number, limit: number): boolean {
  return limit - at < 20 && text.slice(at + 1, limit).trim() === '';
}

function beginsField(text: string, at: number): boolean {
  fieldAfterLine.lastIndex = at;
  return fieldAfterLine.test(text);
}

function cutBefore(text: string, from: number, end: number): { text: string; end: number } {
  const value = text.slice(from + 1, end);
  return { text: text[from] === '"' ? value.replace(/"\s{0,9}$/, '') : value, end };
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
    name !== 'eprint' ? readPlace(of(name)) : isOther ? '' : addArchive(of('eprint'), of('primaryclass')),
  );
  const title = [of('title'), of('subtitle')].filter((part) => part !== '').map(readTex);
  return nameWork({ title: title.join(': '), places: told, files: [of('file'), of('pdf')] });
}

/** Before 2007 an id was told in two fields: `0309136` of `cs.CL`. */
function addArchive(eprint: string, archive: string): string {
  return /^\d{7}(?:v\d)?$/.test(eprint.trim()) && archive !== '' ? `${archive}/${eprint.trim()}` : eprint;
}

/** A title without its braces and commands. What TeX would take for a command is kept apart until these are gone. */
function readTex(tex: string): string {
  return (
    readTexLetters(readSymbols(tex))
      // As in the titles of arXiv: a formula with commands for letters as it stands, else its letters by their names.
      .replace(/\$[^$]{0,300}\$/g, (formula) =>
        letterCommand.test(formula) ? keep(formula) : formula.replace(/\\(?=[a-z])/gi, ' '),
      )
      .replace(/\\(?:text|math|em|tt|it|bf)[a-z]*\s*/gi, '')
      .replace(/\\([&%#_])/g, '$1')
      .replace(/\\[a-z]+\s*/gi, ' ')
      .replace(/[{}$]/g, '')
      .replace(/~/g, ' ')
      .replace(/---?/g, '-')
      .normalize('NFC')
      .replace(keptSign, bringBack)
  );
}

/** An id or an address, of which Mendeley writes `a{\_}b`, and others `$<$`. */
function readPlace(tex: string): string {
  return readSymbols(tex)
    .replace(/\{\\([_%&#])\}/g, '$1')
    .replace(/\$([<>])\$/g, '$1')
    .replace(keptSign, bringBack);
}

const letterCommand =
  /\\(?:math(?:cal|bb|bf|rm|sf|tt|it|frak|scr)|boldsymbol|operatorname|bm|text(?:bf|it|rm|sf|tt)?)\b/;

/** In Unicode's area for private use, where no title has a letter. */
const keptSigns = '\\{}$~';
const firstKept = 0xe000;

const keptSign = /[\ue000-\ue004]/g;
const bringBack = (sign: string) => keptSigns[sign.charCodeAt(0) - firstKept] ?? '';

function keep(text: string): string {
  return text.replace(/[\\{}$~]/g, (sign) => String.fromCharCode(firstKept + keptSigns.indexOf(sign)));
}

/** Signs that TeX has commands for, as programs write them. */
const symbols: Readonly<Record<string, string>> = {
  textbackslash: '\\',
  backslash: '\\',
  textasciicircum: '^',
  textasciitilde: '~',
  textless: '<',
  textgreater: '>',
  textbar: '|',
  textquotedbl: '"',
  textquotesingle: "'",
  textbraceleft: '{',
  textbraceright: '}',
  textdollar: '$',
  textunderscore: '_',
  textendash: '-',
  textemdash: '-',
  textellipsis: '…',
  ldots: '…',
};
const symbolCommand = new RegExp(
  String.raw`\{?\\(${Object.keys(symbols).join('|')})(?![a-z])(?:\{\}|\}|[ \t]{1,9})?`,
  'gi',
);

/** `{\^{}}`, `\textasciicircum{}` and `{\$}`. */
function readSymbols(tex: string): string {
  return tex
    .replace(symbolCommand, (_, name: string) => keep(symbols[name.toLowerCase()] ?? ''))
    .replace(/\{?\\([\^~])\{\s{0,9}\}\}?/g, (_, sign: string) => keep(sign))
    .replace(/\{?\\([{}$])\}?/g, (_, sign: string) => keep(sign));
}
