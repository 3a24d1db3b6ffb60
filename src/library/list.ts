// A library that was written by hand: one paper a line, by its title, an id or an address, or a title with either beside it.
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { type LibraryEntry, readEntry } from './entry.ts';

/** What goes on further is no title. */
const longestLine = 2000;

/** Ids and addresses may stand side by side. */
export function readList(text: string): LibraryEntry[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim().replace(/^(?:[-*•–+]|#{1,6}|\d{1,4}[.)]|\[\d{1,4}\](?=\s))\s+/, ''))
    .filter((line) => line !== '')
    .flatMap((line) => {
      const words = line.split(betweenIds).filter((word) => word !== '' && !besideIds.test(word));
      if (words.length > 1 && words.every(isId)) return words.map(readEntry);
      const entry = readEntry(line.slice(0, longestLine));
      return entry.arxiv !== null || entry.doi !== null ? entry : readTitleWithId(line.slice(0, longestLine));
    });
}

/** The semicolon of `10.1002/(SICI)…3.0.CO;2-O` parts nothing. */
const betweenIds = /(?:[\s,|]|(?<!\d\.\d\.[a-z]{2});)+/i;
const besideIds = /^(?:and|or|und|oder|et|ou|y|e|o|&|\+|(?:arxiv|doi):?)$/i;

function isId(word: string): boolean {
  return readArxivId(word) !== null || readDoi(word) !== null;
}

/** `[A Ferry](https://arxiv.org/abs/…)`, `A Ferry, arXiv:2609.00001`, `2609.00001: A Ferry`. */
const markdownLink = /^(.{0,9})\[(.{1,500})\]\((https?:\/\/[^\s()]{1,1000})\)/;
const idInLine =
  /https?:\/\/\S{1,1000}|\barxiv:\s?[\w./-]{5,40}|\b(?:doi:\s?)?10\.\d{4,9}\/\S{1,200}|^\d{4}\.\d{4,5}(?:v\d{1,2})?(?=[\s:,])/gi;
/** What parted it from its title. */
const edges = /^[\s,;:|(–—-]+|[\s,;:|)(–—-]+$/g;

function readTitleWithId(line: string): LibraryEntry {
  const [, , linked, address] = markdownLink.exec(line) ?? [];
  if (linked !== undefined && address !== undefined && isId(address)) {
    return { ...readEntry(address), title: dropQuotes(linked) };
  }
  for (const [found] of line.matchAll(idInLine)) {
    const named = readEntry(found.replace(/[)\].,;]+$/, ''));
    if (named.arxiv === null && named.doi === null) continue;
    return { ...named, title: dropQuotes(line.replace(found, ' ').replace(/\s+/g, ' ').replace(edges, '')) };
  }
  return readEntry(dropQuotes(line));
}

/** Around the whole of it. */
function dropQuotes(title: string): string {
  return title.replace(/^(?:"([^"]+)"|“([^”]+)”|\*\*([^*]+)\*\*|\*([^*]+)\*|_([^_]+)_)$/, '$1$2$3$4$5');
}
