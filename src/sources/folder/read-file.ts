// The bytes of a dropped file, of the file itself and of nothing that a link leads to.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { maxListingBytes } from '../listing/decode-listing.ts';
import type { FoundFile } from './find-files.ts';

export type FileContent =
  | { type: 'bytes'; bytes: Uint8Array }
  | { type: 'refused'; reason: string }
  | { type: 'changed' };

/** Throws when it cannot be read. */
export async function readDroppedFile({ path, size }: FoundFile): Promise<FileContent> {
  if (size > maxListingBytes) {
    const megabytes = Math.ceil(size / 1024 / 1024);
    return {
      type: 'refused',
      reason: `It is ${megabytes} MiB and a listing has at most 32: split it into several files.`,
    };
  }
  // Windows has neither flag, and needs neither.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const before = await file.stat();
    if (!before.isFile() || before.size !== size) return { type: 'changed' };
    const bytes = Buffer.alloc(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await file.read(bytes, length, size - length, length);
      if (bytesRead === 0) return { type: 'changed' };
      length += bytesRead;
    }
    const after = await file.stat();
    const isSame = after.size === before.size && after.mtimeMs === before.mtimeMs;
    return isSame ? { type: 'bytes', bytes } : { type: 'changed' };
  } finally {
    await file.close();
  }
}
