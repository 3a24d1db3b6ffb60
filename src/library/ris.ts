// RIS, as EndNote, Zotero, Mendeley and publishers export it: https://en.wikipedia.org/wiki/RIS_(file_format)
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { findArxivId } from './bibtex.ts';
import type { LibraryEntry } from './entry.ts';

/** An entry begins with TY, or with PMID in PubMed's own form; one whose end is missing ends where the next begins. */
export function readRis(text: string): LibraryEntry[] {
  const entries: Map<string, string[]>[] = [];
  let last: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, tag = '', value = ''] =
      /^[ \t]{0,5}([A-Z][A-Z0-9]{1,3})(?:[ \t]{1,3}-|-(?=\s|$)) ?(.*)$/.exec(line) ?? [];
    if (tag === '') {
      // A long value goes on.
      if (line.trim() !== '' && last.length > 0) last[last.length - 1] += ` ${line.trim()}`;
      continue;
    }
    if (tag === 'TY' || tag === 'PMID') entries.push(new Map());
    const values = entries.at(-1)?.get(tag) ?? [];
    values.push(value.trim());
    entries.at(-1)?.set(tag, values);
    last = values;
  }
  return entries.map(toEntry);
}

/** EndNote's tags and what RIS calls the same. */
const endnoteTags: Record<string, string> = { '0': 'TY', T: 'TI', R: 'DO', U: 'UR' };

/** https://en.wikipedia.org/wiki/EndNote#Tags_and_fields */
export function readEndnote(text: string): LibraryEntry[] {
  const ris = text.replace(/^%(\S) /gm, (_, tag: string) => `${endnoteTags[tag] ?? 'ZZ'}  - `);
  return readRis(ris);
}

function toEntry(fields: ReadonlyMap<string, string[]>): LibraryEntry {
  const of = (...tags: string[]) => tags.flatMap((tag) => fields.get(tag) ?? []);
  const arxivIds = [
    ...of('DO', 'UR', 'L1', 'L2', 'AN'),
    ...of('JO', 'JF', 'T2', 'PB', 'N1', 'M1').map(findArxivId),
  ];
  return {
    arxiv: arxivIds.flatMap((text) => readArxivId(text) ?? [])[0] ?? null,
    doi:
      of('DO', 'UR', 'L3', 'LID', 'AID').flatMap((text) => readDoi(text.replace(/ \[doi\]$/, '')) ?? [])[0] ??
      null,
    title: of('TI', 'T1', 'CT')[0] ?? null,
  };
}
