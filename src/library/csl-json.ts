// CSL's JSON, as Zotero and Mendeley export it: https://docs.citationstyles.org/en/stable/specification.html
import type { LibraryEntry } from './entry.ts';
import { isNoWork, nameWork } from './name-work.ts';

export function readCslJson(text: string): LibraryEntry[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [];
  }
  const { items, data } = Object(document);
  const list: unknown[] = [document, items, data].find(Array.isArray) ?? [document];
  return list.flatMap((listed) => {
    const item = readItem(listed);
    const of = (name: string) => listTexts(item[name]);
    if (of('itemType').some(isNoWork)) return [];
    const isOther = of('archive').some((archive) => !/\barxiv/i.test(archive));
    const told = [...places, ...furtherPlaces].filter((name) => !isOther || !ofArchive.has(name));
    return nameWork({ title: of('title')[0] ?? null, places: told.flatMap(of) });
  });
}

/** Semantic Scholar tells ids apart from the paper, and what a paper cites within what cites it. */
function readItem(listed: unknown): Record<string, unknown> {
  const { citedPaper, citingPaper, ...own } = Object(listed);
  const item = { ...own, ...Object(citedPaper ?? citingPaper) };
  const { ArXiv, DOI } = Object(item.externalIds);
  return { ...item, ...(ArXiv == null ? {} : { arxiv: ArXiv }), ...(DOI == null ? {} : { DOI }) };
}

/** Where an id may stand, what is surest first. Zotero writes its field Extra as `note`. */
const places = [
  'arxiv',
  'eprint',
  'archive_location',
  'DOI',
  'doi',
  'URL',
  'url',
  'number',
  'id',
  'note',
  'extra',
];
const furtherPlaces = [
  'container-title',
  'collection-title',
  'volume',
  'issue',
  'page',
  'genre',
  'publisher',
  'annote',
];
const ofArchive = new Set(['eprint', 'archive_location']);

/** Crossref has a list where CSL has a text. */
function listTexts(given: unknown): string[] {
  const all: unknown[] = Array.isArray(given) ? given : [given];
  return all.flatMap((one) => (typeof one === 'string' ? one : typeof one === 'number' ? String(one) : []));
}
