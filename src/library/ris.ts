// RIS, as EndNote, Zotero, Mendeley and publishers export it: https://en.wikipedia.org/wiki/RIS_(file_format)
import type { LibraryEntry } from './entry.ts';
import { nameWork } from './name-work.ts';

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
const endnoteTags: Record<string, string> = {
  '0': 'TY',
  T: 'TI',
  R: 'DO',
  U: 'UR',
  J: 'JO',
  B: 'T2',
  I: 'PB',
  V: 'VL',
  N: 'IS',
  P: 'SP',
  M: 'AN',
  Z: 'N1',
  '>': 'L1',
};

/** https://en.wikipedia.org/wiki/EndNote#Tags_and_fields */
export function readEndnote(text: string): LibraryEntry[] {
  const ris = text.replace(/^%(\S) /gm, (_, tag: string) => `${endnoteTags[tag] ?? 'ZZ'}  - `);
  return readRis(ris);
}

/** Where an id may stand, what is surest first; `N2` and `AB` are abstracts. */
const places = [
  'DO',
  'UR',
  'LK',
  'L3',
  'LID',
  'AID',
  'AN',
  'N1',
  'M1',
  'M2',
  'M3',
  'JO',
  'JF',
  'JA',
  'J1',
  'J2',
  'T2',
];
const furtherPlaces = ['T3', 'PB', 'VL', 'IS', 'SP', 'C1', 'C2', 'C3', 'C6', 'C7', 'U1', 'U2', 'ID', 'RN'];

function toEntry(fields: ReadonlyMap<string, string[]>): LibraryEntry {
  const of = (...tags: string[]) => tags.flatMap((tag) => fields.get(tag) ?? []);
  return nameWork({
    title: of('TI', 'T1', 'CT', 'BT', 'BTI', 'ST')[0] ?? null,
    // PubMed says behind an id what it is.
    places: of(...places, ...furtherPlaces).map((text) => text.replace(/ \[(?:doi|pii)\]$/, '')),
    files: of('L1', 'L2', 'L4'),
  });
}
