// The listing that a command was given: a file, or `-` for standard input.
import { basename } from 'node:path';
import { ConfigError } from '../platform/errors.ts';
import type { ParsedListing } from '../sources/listing/listing.ts';
import { parsePapersFile } from '../sources/papers-file.ts';
import { utcDay } from '../text/days.ts';
import { readBytes } from './read-bytes.ts';

export type Listing = Extract<ParsedListing, { type: 'listing' }>;

const largestListing = 32 * 1024 * 1024;

/** Throws ConfigError when the file cannot be read or is not a listing. `date` is YYYY-MM-DD. */
export async function readListing(
  file: string,
  { date, workingFolder, now }: { date?: string | undefined; workingFolder: string; now: Date },
): Promise<Listing> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = await readBytes(file, { workingFolder, atMost: largestListing });
  const parsed = parsePapersFile(bytes, {
    today: utcDay(now),
    ...(date === undefined ? {} : { date }),
    ...(file === '-' ? {} : { fileName: basename(file) }),
  });
  if (parsed.type === 'refused') throw new ConfigError(`${name}: ${parsed.reason}`);
  return parsed;
}
