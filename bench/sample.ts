// The listing that comes with the project, to make many papers of.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../src/config/config.ts';
import type { ListedPaper } from '../src/papers/paper.ts';
import { parseListing } from '../src/sources/listing-text.ts';

export async function readSample(): Promise<readonly ListedPaper[]> {
  const fileName = 'daily-papers-2025-12-12.txt';
  const bytes = await readFile(join(packageFolder, 'seeds', fileName));
  const listing = parseListing(bytes, { fileName, today: '2025-12-12' });
  if (listing.type === 'refused') throw new Error(listing.reason);
  return listing.papers;
}
