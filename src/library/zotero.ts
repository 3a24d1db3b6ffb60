// Zotero's exports: CSV with a head line, and RDF.
import { XmlElement } from '@rgrove/parse-xml';
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { listChildren, readXml, textOfChild } from '../sources/xml.ts';
import { findArxivId } from './bibtex.ts';
import type { LibraryEntry } from './entry.ts';

export function readZoteroCsv(text: string): LibraryEntry[] {
  const [head = [], ...records] = splitRecords(text);
  const names = head.map((name) => name.trim().toLowerCase());
  return records.map((fields) => {
    const of = (name: string) => fields[names.indexOf(name)] ?? '';
    return name({ title: of('title'), doi: of('doi'), places: [of('url'), findArxivId(of('extra'))] });
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
function splitRecords(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, bare = '', end = ''] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\r|\n|$)/g,
  )) {
    records.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== ',' && end !== '') records.push([]);
  }
  return records.filter((fields) => fields.some((field) => field !== ''));
}

function name({ title, doi, places }: { title: string; doi: string; places: string[] }): LibraryEntry {
  return {
    arxiv: places.flatMap((place) => readArxivId(place) ?? [])[0] ?? null,
    doi: [doi, ...places].flatMap((place) => readDoi(place) ?? [])[0] ?? null,
    title: title.trim() === '' ? null : title,
  };
}
