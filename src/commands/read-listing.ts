// The listing that a command was given: a file, or `-` for standard input.
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { ConfigError } from '../errors.ts';
import { type ParsedListing, parseListing } from '../sources/listing-text.ts';

export type Listing = Extract<ParsedListing, { type: 'listing' }>;

const largestListing = 32 * 1024 * 1024;

/** Throws ConfigError when the file cannot be read or is not a listing. `date` is YYYY-MM-DD. */
export async function readListing(
  file: string,
  { date, workingFolder, now }: { date?: string | undefined; workingFolder: string; now: Date },
): Promise<Listing> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = await readBounded(
    file === '-' ? process.stdin : createReadStream(resolve(workingFolder, file)),
    name,
  );
  const parsed = parseListing(bytes, {
    today: now.toISOString().slice(0, 10),
    ...(date === undefined ? {} : { date }),
    ...(file === '-' ? {} : { fileName: basename(file) }),
  });
  if (parsed.type === 'refused') throw new ConfigError(`${name}: ${parsed.reason}`);
  return parsed;
}

async function readBounded(stream: Readable, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += (chunk as Buffer).length;
      if (length > largestListing)
        throw new ConfigError(`${name} is larger than 32 MiB: that is no day's listing`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${name} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return Buffer.concat(chunks);
}
