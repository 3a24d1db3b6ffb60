// Zotero's exports: CSV with a head line, which others write too, and RDF.
import { XmlElement } from '@rgrove/parse-xml';
import { listChildren, readXml, textOfChild } from '../sources/xml.ts';
import type { LibraryEntry } from './entry.ts';
import { isNoWork, nameWork } from './name-work.ts';

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

/** Columns where an id may stand, what is surest first, and those that only others than Zotero have. */
const columns = [
  'doi',
  'url',
  'link',
  'extra',
  'archive location',
  'call number',
  'number',
  'report number',
  'notes',
  'note',
];
const furtherColumns = [
  'publication title',
  'journal',
  'journal abbreviation',
  'venue',
  'source',
  'volume',
  'issue',
  'pages',
];
const namedAfterIt = /arxiv|\bdoi\b|e-?print|\burls?\b/;

export function readCsv(text: string): LibraryEntry[] {
  const [head = [], ...records] = splitRecords(text, findSeparator(text) ?? ',');
  const names = listNames(head);
  const known = [...names.filter((name) => namedAfterIt.test(name)), ...columns, ...furtherColumns];
  return records.flatMap((fields) => {
    const of = (name: string) => fields[names.indexOf(name)] ?? '';
    if (isNoWork(of('item type'))) return [];
    const files = [of('link attachments'), of('file attachments')];
    return nameWork({ title: of('title'), places: known.map(of), files });
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
  const all = document.root.children.filter((child) => child instanceof XmlElement);
  const parts = listParts(all);
  return all.flatMap((child) => {
    if (noWorks.has(child.name)) return [];
    const containers = listChildren(child, 'dcterms:isPartOf').flatMap((link) => [
      ...link.children.filter((one) => one instanceof XmlElement),
      ...(parts.get(link.attributes['rdf:resource'] ?? '') ?? []),
    ]);
    const attached = listChildren(child, 'link:link').flatMap(
      (link) => parts.get(link.attributes['rdf:resource'] ?? '') ?? [],
    );
    return nameWork({
      title: textOfChild(child, 'dc:title'),
      places: [
        ...[child, ...containers].flatMap(listPlaces),
        ...containers.map((container) => textOfChild(container, 'dc:title') ?? ''),
      ],
      files: attached.flatMap(listPlaces),
    });
  });
}

/** What works point to, by its name there: a journal with an article's DOI, an attachment. One that several point to says nothing of either. */
function listParts(all: readonly XmlElement[]): Map<string, XmlElement[]> {
  const names = all.flatMap((child) =>
    ['dcterms:isPartOf', 'link:link'].flatMap((name) =>
      listChildren(child, name).map((link) => link.attributes['rdf:resource'] ?? ''),
    ),
  );
  const parts = new Map<string, XmlElement[]>();
  for (const child of all) {
    const name = child.attributes['rdf:about'] ?? '';
    if (name !== '' && names.indexOf(name) === names.lastIndexOf(name))
      parts.set(name, [...(parts.get(name) ?? []), child]);
  }
  return parts;
}

/** Zotero writes its field Extra as a description. */
function listPlaces(work: XmlElement): string[] {
  const told = ['dc:description', 'prism:number', 'prism:volume', 'dc:coverage'].flatMap((name) =>
    listChildren(work, name).map((one) => one.text),
  );
  return [...listChildren(work, 'dc:identifier').map((one) => one.text.trim()), ...told];
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
