// CSL's JSON, as Zotero and Mendeley export it: https://docs.citationstyles.org/en/stable/specification.html
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import type { LibraryEntry } from './entry.ts';

export function readCslJson(text: string): LibraryEntry[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [];
  }
  const { items } = Object(document);
  const list: unknown[] = Array.isArray(document) ? document : Array.isArray(items) ? items : [document];
  return list.map((item) => {
    const { title, DOI, doi, URL: address, url, arxiv, number, id } = Object(item);
    const names = [arxiv, DOI, doi, address, url, number, id].filter((name) => typeof name === 'string');
    return {
      arxiv: names.flatMap((name) => readArxivId(name) ?? [])[0] ?? null,
      doi: names.flatMap((name) => readDoi(name) ?? [])[0] ?? null,
      title: typeof title === 'string' ? title : null,
    };
  });
}
