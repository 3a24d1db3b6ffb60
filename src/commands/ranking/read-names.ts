// Papers as somebody names them: on a command line with commas or semicolons between them, or in a file.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readLibrary } from '../../library/read-library.ts';
import { ConfigError } from '../../platform/errors.ts';
import { decodeListing } from '../../sources/listing/decode-listing.ts';
import { readBytes } from '../read-bytes.ts';

/** `text` is one name, as a library has it; `list` may be several: only who knows the papers can tell which commas belong to titles. */
export type Named = { type: 'text'; text: string } | { type: 'list'; text: string };

const largestFile = 1024 * 1024;

/** Throws ConfigError for what looks like a file and cannot be read. */
export async function readNames(given: readonly string[], workingFolder: string): Promise<Named[]> {
  const read = await Promise.all(given.map((text) => readOne(text, workingFolder)));
  return read.flat();
}

async function readOne(given: string, workingFolder: string): Promise<Named[]> {
  const isFile = (await stat(resolve(workingFolder, given)).catch(() => null))?.isFile() === true;
  if (isFile || given === '-') {
    return readFile(given, await readBytes(given, { workingFolder, atMost: largestFile }));
  }
  if (/^\S+\.(?:txt|csv|tsv|json|md|list|bib|bibtex|ris|enw|nbib|rdf|xml)$/i.test(given))
    throw new ConfigError(`${given} cannot be read: there is no such file`);
  if (/[;\n]/.test(given)) return toTexts(given.split(/[;\r\n]+/));
  return [{ type: 'list', text: given }];
}

/** As a reader's library is read, in all its formats; a line that begins with # is a remark. */
function readFile(name: string, bytes: Uint8Array): Named[] {
  const decoded = decodeListing(bytes);
  if (decoded.type === 'refused') throw new ConfigError(`${name} cannot be read: ${decoded.reason}`);
  const names = toTexts(readLibrary(decoded.text.replace(/^[ \t]*#[ \t].*$/gm, '')));
  if (names.length === 0) throw new ConfigError(`${name} names no papers`);
  return names;
}

function toTexts(lines: readonly string[]): Named[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ type: 'text', text: line }));
}

/** A comma that belongs to a known title parts nothing: of what begins at a part, the longest that is known is one name. */
export function splitNames(named: readonly Named[], isKnown: (name: string) => boolean): string[] {
  return named.flatMap(({ type, text }) => (type === 'text' ? text : splitList(text, isKnown)));
}

const mostCommas = 20;

function splitList(text: string, isKnown: (name: string) => boolean): string[] {
  const parts = text.split(',');
  const names: string[] = [];
  for (let from = 0; from < parts.length; ) {
    let to = Math.min(parts.length, from + mostCommas);
    const join = () => parts.slice(from, to).join(',').trim();
    while (to > from + 1 && !isKnown(join())) to -= 1;
    if (join() !== '') names.push(join());
    from = to;
  }
  return names;
}
