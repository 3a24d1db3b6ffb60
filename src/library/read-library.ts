// What readers paste of what they have collected: BibTeX, RIS, PubMed's and EndNote's own lists, CSV with a head line, Zotero's
// RDF, CSL's JSON, or a list of ids, addresses and titles. Never throws; a damaged entry costs only itself.
import { readBibtex } from './bibtex.ts';
import { readCslJson } from './csl-json.ts';
import { type LibraryEntry, writeEntry } from './entry.ts';
import { readList } from './list.ts';
import { readEndnote, readRis } from './ris.ts';
import { findSeparator, readCsv, readZoteroRdf } from './zotero.ts';

/** A line that stands for a file in which there were no papers: nobody can type it. */
export const unreadableFile = '\u0000';

/** Each paper once, in the order of the text, as `entry.ts` writes them. */
export function readLibrary(text: string): string[] {
  const plain = text.replace(/^\uFEFF/, '');
  const entries = findFormat(plain)(plain);
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const line = writeEntry(entry);
    const key = entry.arxiv ?? entry.doi ?? line?.toLowerCase();
    if (line === null || key === undefined || seen.has(key)) return [];
    seen.add(key);
    return line;
  });
}

function findFormat(text: string): (text: string) => LibraryEntry[] {
  if (/(?:^|\})[ \t]*@\w{1,40}\s{0,9}[{(]/m.test(text)) return readBibtex;
  if (/^[ \t]{0,9}(?:TY[ \t]{1,3}|PMID)-[ \t]/m.test(text)) return readRis;
  if (/^%0 \S/m.test(text)) return readEndnote;
  if (/<rdf:RDF\b/.test(text)) return readZoteroRdf;
  if (/^\s*[[{]\s*["{]/.test(text)) return readCslJson;
  return findSeparator(text) === null ? readList : readCsv;
}
