// A listing that somebody sent, read without holding up the requests of others.
import { askThread } from '../platform/thread.ts';
import type { ListingOptions, ParsedListing } from './listing/listing.ts';
import { parsePapersFile } from './papers-file.ts';

/** A day's is read in some 20 ms; a thread takes longer to begin. */
const mostAtOnce = 256 * 1024;

export type ListingToParse = { bytes: Uint8Array; options: ListingOptions };

export async function parseListingApart({ bytes, options }: ListingToParse): Promise<ParsedListing> {
  if (bytes.length <= mostAtOnce) return parsePapersFile(bytes, options);
  return askThread<ParsedListing>('parse-thread', import.meta.url, { data: { bytes, options } });
}
