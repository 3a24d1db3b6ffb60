// What readers paste of what they have collected: BibTeX, RIS, Zotero's CSV or RDF, or a list of ids, addresses and titles.
// Never throws; a damaged entry costs only itself.
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { readBibtex } from './bibtex.ts';
import { type LibraryEntry, readEntry, writeEntry } from './entry.ts';
import { readRis } from './ris.ts';
import { readZoteroCsv, readZoteroRdf } from './zotero.ts';

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
  if (/^[ \t]*@\w{1,40}\s{0,9}[{(]/m.test(text)) return readBibtex;
  if (/^TY {2}-/m.test(text)) return readRis;
  if (/<rdf:RDF\b/.test(text)) return readZoteroRdf;
  const [firstLine = ''] = text.trimStart().split(/\r\n|\r|\n/, 1);
  if (/^"?[\w ]+"?,/.test(firstLine) && /(?:^|,)"?(?:Title|DOI)"?(?:,|$)/.test(firstLine))
    return readZoteroCsv;
  return readList;
}

/** One a line; ids and addresses may stand side by side. */
function readList(text: string): LibraryEntry[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim().replace(/^(?:[-*•]|\d{1,3}[.)])\s+/, ''))
    .filter((line) => line !== '')
    .flatMap((line) => {
      const words = line.split(/[\s,;]+/).filter((word) => word !== '');
      const areIds =
        words.length > 1 && words.every((word) => readArxivId(word) !== null || readDoi(word) !== null);
      return (areIds ? words : [line]).map(readEntry);
    });
}
