// Zotero's exports: CSV with a head line, which others write too, and RDF.
import { XmlElement } from '@rgrove/parse-xml';
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { listChildren, readXml, textOfChild } from '../sources/xml.ts';
import { findArxivId } from './bibtex.ts';
import type { LibraryEntry } from './entry.ts';

/** Of a text that begins with a head line which names titles or DOIs; a line alone needs no separator. Null for any other text. */
export function findSeparator(text: string): string | null {
  const [head = ''] = text.trimStart().split(/\r\n|\r|\n/, 1);
  if (head.length > 5000) return null;
  const isHead = (separator: string) => {
    const names = listNames(head.split(separator));
    return names.includes('title') || (names.length > 1 && names.includes('doi'));
  };
  return [',', ';', '\t'].find(isHead) ?? null;
}

function listNames(fields: readonly string[]): string[] {
  const names = fields.map((field) => field.replace(/"/g, '').trim().toLowerCase());
  return names.map((name) => (/^(?:article|document|paper) title$/.test(name) ? 'title' : name));
}

export function readCsv(text: string): LibraryEntry[] {
  const [head = [], ...records] = splitRecords(text, findSeparator(text) ?? ',');
  const names = listNames(head);
  return records.map((fields) => {
    const of = (name: string) => fields[names.indexOf(name)] ?? '';
    const places = ['url', 'link', 'arxiv', 'arxiv id', 'arxiv_id'].map(of);
    return name({ title: of('title'), doi: of('doi'), places: [...places, findArxivId(of('extra'))] });
  });
}

/** What stands beside works in such a file. */
const noWorks = new Set([
  'bib:Memo',
  'bib:Journal',
  'bib:Series',
  'z:Attachment',
  'z:Collection',
  'z:UserItem',
]);

export function readZoteroRdf(text: string): LibraryEntry[] {
  const document = readXml(text);
  if (document.type === 'refused') return [];
  return document.root.children.flatMap((child) => {
    if (!(child instanceof XmlElement) || noWorks.has(child.name)) return [];
    const identifiers = listChildren(child, 'dc:identifier').map((one) => one.text.trim());
    const doi =
      identifiers.map((one) => /^DOI\s+(\S+)$/i.exec(one)?.[1] ?? '').find((one) => one !== '') ?? '';
    const title = textOfChild(child, 'dc:title') ?? '';
    return name({
      title,
      doi,
      places: [...identifiers, findArxivId(textOfChild(child, 'dc:description') ?? '')],
    });
  });
}

/** RFC 4180: a field in quotes may hold commas, line ends and doubled quotes. */
function splitRecords(text: string, separator: string): string[][] {
  const records: string[][] = [[]];
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r\\n|\\r|\\n|$)`,
    'g',
  );
  for (const [, quoted, bare = '', end = ''] of text.trimStart().matchAll(field)) {
    records.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== separator && end !== '') records.push([]);
  }
  return records.filter((fields) => fields.some((value) => value !== ''));
}

function name({ title, doi, places }: { title: string; doi: string; places: string[] }): LibraryEntry {
  return {
    arxiv: [doi, ...places].flatMap((place) => readArxivId(place) ?? [])[0] ?? null,
    doi: [doi, ...places].flatMap((place) => readDoi(place) ?? [])[0] ?? null,
    title: title.trim() === '' ? null : title,
  };
}
