// The titles, DOIs and arXiv ids of BibTeX and BibLaTeX, as Zotero, Mendeley, JabRef and Google Scholar export them. Its
// grammar: https://www.ctan.org/pkg/bibtex, btxdoc.
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { readTexLetters } from '../text/tex-letters.ts';
import type { LibraryEntry } from './entry.ts';

/** Entries that are no works. */
const noWorks = new Set(['comment', 'preamble', 'string']);

/** Every pattern here looks at a place once, and a bounded way ahead: what is pasted may be made to take long. */
const entryStart = /^[ \t]*@(\w{1,40})\s{0,9}[{(]/gm;
const fieldStart = /[,\n{][ \t\r\n]{0,80}([a-z][\w-]{0,40})\s{0,80}=\s{0,80}/giy;

/** An entry begins with a line, and ends where the next begins: a brace that somebody forgot costs this entry's rest, and no other. */
export function readBibtex(text: string): LibraryEntry[] {
  const starts = [...text.matchAll(entryStart)].slice(0, mostEntries);
  return starts.flatMap(({ 0: head, 1: type = '', index }, number) => {
    if (noWorks.has(type.toLowerCase())) return [];
    return toEntry(
      readFields(text, { from: index + head.length, end: starts[number + 1]?.index ?? text.length }),
    );
  });
}

function readFields(text: string, { from, end }: { from: number; end: number }): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = from; at < end; ) {
    fieldStart.lastIndex = at;
    const found = fieldStart.exec(text);
    if (found === null || fieldStart.lastIndex > end) {
      at += 1;
      continue;
    }
    const value = readValue(text, fieldStart.lastIndex, end);
    const name = (found[1] ?? '').toLowerCase();
    if (!fields.has(name)) fields.set(name, value.text.slice(0, longestValue));
    at = Math.max(value.end, at + 1);
  }
  return fields;
}

const longestValue = 2000;
/** Ten times what a reader may keep. */
const mostEntries = 2000;

/** `{in braces}`, `"in quotes"`, or a bare word, up to where it ends. */
function readValue(text: string, from: number, limit: number): { text: string; end: number } {
  const opening = text[from];
  if (opening !== '{' && opening !== '"') {
    const [bare = ''] = /^[^,}\s]*/.exec(text.slice(from, Math.min(limit, from + 200))) ?? [];
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

function toEntry(fields: ReadonlyMap<string, string>): LibraryEntry {
  const of = (name: string) => fields.get(name) ?? '';
  const isArxiv = /arxiv/i.test(of('archiveprefix') + of('eprinttype') + of('journal') + of('publisher'));
  const named = [isArxiv ? of('eprint') : '', of('url'), findArxivId(of('journal')), findArxivId(of('note'))];
  return {
    arxiv: [...named, of('doi')].map(unwrap).flatMap((text) => readArxivId(text) ?? [])[0] ?? null,
    doi: readDoi(unwrap(of('doi'))),
    title: readTex(of('title')),
  };
}

/** `arXiv preprint arXiv:1706.03762`, as Google Scholar has it for a journal. */
export function findArxivId(text: string): string {
  return /arxiv:\s*([\w./-]+)/i.exec(text)?.[1] ?? '';
}

const unwrap = (text: string) => text.replace(/[{}]/g, '').replace(/\\_/g, '_').trim();

/** A title without its braces and commands. */
function readTex(tex: string): string {
  return readTexLetters(tex)
    .replace(/\\(?:text|math|em|tt|it|bf)[a-z]*\s*/gi, '')
    .replace(/\\([&%$#_{}])/g, '$1')
    .replace(/\\[a-z]+\s*/gi, ' ')
    .replace(/[{}$]/g, '')
    .replace(/~/g, ' ')
    .replace(/---?/g, '-')
    .normalize('NFC');
}
