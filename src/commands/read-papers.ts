// The papers of a file, or of all files of a folder and the folders in it.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ListedPaper } from '../papers/paper.ts';
import { ConfigError } from '../platform/errors.ts';
import { describeWarning } from '../sources/listing/listing.ts';
import { parsePapersFile } from '../sources/papers-file.ts';
import { utcDay } from '../text/days.ts';
import { readBytes } from './read-bytes.ts';

const largestFile = 32 * 1024 * 1024;

/** Files of a folder that hold no papers are told in a warning. Throws ConfigError when there is no paper at all. */
export async function readPapers(
  given: string,
  { workingFolder, now }: { workingFolder: string; now: Date },
): Promise<{ papers: ListedPaper[]; warnings: string[] }> {
  const isFolder =
    given !== '-' && (await stat(resolve(workingFolder, given)).catch(() => null))?.isDirectory();
  const files = isFolder === true ? await listFiles(resolve(workingFolder, given)) : [given];
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    const bytes = await readBytes(file, { workingFolder, atMost: largestFile });
    const parsed = parsePapersFile(bytes, { today: utcDay(now), fileName: basename(file), wanted: 'papers' });
    if (parsed.type === 'refused') warnings.push(`${file} is left out: ${parsed.reason}`);
    else {
      for (const paper of parsed.papers) papers.push(paper);
      warnings.push(...parsed.warnings.map((warning) => file + describeWarning(warning)));
    }
  }
  if (papers.length === 0) throw new ConfigError([`There are no papers in ${given}`, ...warnings].join('\n'));
  return { papers, warnings };
}

/** In the order of their names; hidden ones are none of ours. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
