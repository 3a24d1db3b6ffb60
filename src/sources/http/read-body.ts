// The text of an answer, read no further than is allowed.
import type { Response } from 'undici';
import { decodeAsDeclared } from '../../text/declared-encoding.ts';

export type Body = { type: 'text'; text: string } | { type: 'too large' } | { type: 'not utf-8' };

/** Counts unpacked bytes: a small archive of something huge is stopped too. Throws when the connection breaks. */
export async function readBody(response: Response, maxBytes: number): Promise<Body> {
  if (response.body === null) return { type: 'text', text: '' };
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > maxBytes) return { type: 'too large' };
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  try {
    return { type: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const text = decodeAsDeclared(bytes);
    return text === null ? { type: 'not utf-8' } : { type: 'text', text };
  }
}
