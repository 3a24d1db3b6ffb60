// From a file's bytes to its text: UTF-8, UTF-16 or Windows-1252, or one sentence about why it is no text.
import { decodeAs, decodeAsDeclared } from '../../text/declared-encoding.ts';
import { describeForeignBytes } from './describe-foreign.ts';

export type DecodedListing =
  | { type: 'text'; text: string; warning: string | null }
  | { type: 'refused'; reason: string };

/** A day's listing is about 100 KB and ten thousand papers are 15 MB; beyond this it is something else. */
export const maxListingBytes = 32 * 1024 * 1024;

/** Decodes a listing, without its byte order mark. An encoding that had to be guessed comes with a warning. */
export function decodeListing(input: Uint8Array): DecodedListing {
  if (input.length > maxListingBytes) {
    const megabytes = Math.ceil(input.length / 1024 / 1024);
    return refuse(
      `It is ${megabytes} MiB and a listing has at most 32: split the file and import the parts one by one.`,
    );
  }
  const foreign = describeForeignBytes(input);
  if (foreign !== null) return refuse(foreign);

  const utf16 = findUtf16(input);
  if (utf16 !== null) return { type: 'text', text: new TextDecoder(utf16).decode(input), warning: null };
  return decodeBytes(input);
}

function refuse(reason: string): DecodedListing {
  return { type: 'refused', reason };
}

/** UTF-16 by its byte order mark or, without one, by the zero bytes that Latin text leaves on one side. */
function findUtf16(input: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (input[0] === 0xff && input[1] === 0xfe) return 'utf-16le';
  if (input[0] === 0xfe && input[1] === 0xff) return 'utf-16be';

  const start = input.subarray(0, 4096);
  const zeros = [0, 0];
  start.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > start.length * 0.3 && even < start.length * 0.02) return 'utf-16le';
  if (even > start.length * 0.3 && odd < start.length * 0.02) return 'utf-16be';
  return null;
}

function decodeBytes(input: Uint8Array): DecodedListing {
  try {
    return {
      type: 'text',
      text: new TextDecoder('utf-8', { fatal: true }).decode(input),
      warning: null,
    };
  } catch {
    const declared = decodeAsDeclared(input);
    return declared === null ? decodeDamagedBytes(input) : { type: 'text', text: declared, warning: null };
  }
}

/** Mostly valid UTF-8 has a few damaged bytes; otherwise the file was saved by an old Windows program. */
function decodeDamagedBytes(input: Uint8Array): DecodedListing {
  const text = new TextDecoder('utf-8').decode(input);
  const damaged = countMatches(text, /\ufffd/g);
  const intact = countMatches(text, /(?!\ufffd)\P{ASCII}/gu);
  if (damaged <= intact || damaged === 1) {
    return { type: 'text', text, warning: `${damaged} damaged character(s): the file is not clean UTF-8` };
  }
  return {
    type: 'text',
    text: decodeAs('windows-1252', input),
    warning: 'the file is not UTF-8: it was read as Windows-1252',
  };
}

function countMatches(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) count += 1;
  return count;
}
