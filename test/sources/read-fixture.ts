// Listings of the tests: the ones beside this file, written by hand in the shape of real captures, and the sample.
import { readFileSync } from 'node:fs';
import type { ListedPaper } from '../../src/papers/paper.ts';
import type { ListingOptions, ParsedListing } from '../../src/sources/listing/listing.ts';
import { parseListing } from '../../src/sources/listing-text.ts';

export type Listing = Extract<ParsedListing, { type: 'listing' }>;

export const captureDay = '2026-11-23';
export const sampleFile = 'seeds/daily-papers-2025-12-12.txt';

export function readFixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}

/** Parses a text that has to be a listing. */
export function readListing(input: Uint8Array | string, options: Partial<ListingOptions> = {}): Listing {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const parsed = parseListing(bytes, { today: captureDay, ...options });
  if (parsed.type === 'refused') throw new Error(`refused: ${parsed.reason}`);
  return parsed;
}

/** The one paper whose title starts so. */
export function findPaper(listing: Listing, titleStart: string): ListedPaper {
  const found = listing.papers.filter(({ title }) => title.startsWith(titleStart));
  const [paper] = found;
  if (paper === undefined || found.length > 1)
    throw new Error(`${found.length} papers start with ${titleStart}`);
  return paper;
}

export function readSample(): Listing {
  return readListing(readFileSync(sampleFile));
}
