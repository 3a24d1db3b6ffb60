// Conditional requests (RFC 9110 section 13). Express answers them too, but not those with `Cache-Control: no-cache`, and
// that is what clients made of `fetch` send along.
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** Of a text, however it is encoded. */
export function etagOf(body: string): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/** Sends `body` with its ETag, or 304 to who has it. Last-Modified and whatever else is set on `response` go with both. */
export function sendConditionally(
  request: Request,
  response: Response,
  { body, etag }: { body: string | Buffer; etag: string },
): void {
  response.set('ETag', etag);
  if (hasIt(request, { etag, lastModified: response.get('Last-Modified') })) response.status(304).send();
  else response.send(body);
}

function hasIt(
  request: Request,
  { etag, lastModified }: { etag: string; lastModified: string | undefined },
): boolean {
  const known = request.get('If-None-Match');
  if (known !== undefined) {
    const tags = known.split(',').map((tag) => tag.trim());
    return tags.includes('*') || tags.some((tag) => tag.replace(/^W\//, '') === etag.slice(2));
  }
  // An absent or unreadable date is NaN, and compares as false.
  return Date.parse(lastModified ?? '') <= Date.parse(request.get('If-Modified-Since') ?? '');
}
