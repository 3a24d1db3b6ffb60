// The bytes that a command was given: of a file, or `-` for standard input.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../platform/errors.ts';

/** Throws ConfigError when it cannot be read, or is larger than `atMost` bytes. */
export async function readBytes(
  file: string,
  { workingFolder, atMost }: { workingFolder: string; atMost: number },
): Promise<Buffer> {
  const name = file === '-' ? 'standard input' : file;
  const stream = file === '-' ? process.stdin : createReadStream(resolve(workingFolder, file));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += (chunk as Buffer).length;
      if (length > atMost) throw new ConfigError(`${name} is larger than ${atMost / 1024 / 1024} MiB`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw tellUnread(name, error as Error);
  }
  return Buffer.concat(chunks);
}

/** What the system answered when it was asked for the file, in our words where its own are hard to read. */
export function tellUnread(name: string, error: Error): ConfigError {
  const why =
    'code' in error && error.code === 'EISDIR' ? 'it is a folder, and a file is wanted' : error.message;
  return new ConfigError(`${name} cannot be read: ${why}`, { cause: error });
}
