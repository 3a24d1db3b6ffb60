// Papers as somebody names them: on a command line with commas or semicolons between them, or a line each in a file.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../../platform/errors.ts';
import { readBytes } from '../read-bytes.ts';

/** `text` is one name; `list` may be several: only who knows the papers can tell which commas belong to titles. */
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
    const bytes = await readBytes(given, { workingFolder, atMost: largestFile });
    return splitLines(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  }
  if (/^\S+\.(?:txt|csv|tsv|json|md|list)$/i.test(given))
    throw new ConfigError(`${given} cannot be read: there is no such file`);
  if (/[;\n]/.test(given)) return splitLines(given.replace(/;/g, '\n'));
  return [{ type: 'list', text: given }];
}

/** A line that begins with # is a remark. */
function splitLines(text: string): Named[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^#\s/.test(line))
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
