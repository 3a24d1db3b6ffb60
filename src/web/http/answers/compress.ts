// Compresses what anybody may read. What is for one reader stays as it is.
import { constants } from 'node:zlib';
import compression from 'compression';
import type { RequestHandler, Response } from 'express';

/**
 * A page behind a secret address names that secret in its links. Where a stranger could have words of theirs put beside
 * it, the length of the compressed page would give it away letter by letter (BREACH, https://www.breachattack.com).
 */
export function compressPublic(): RequestHandler {
  return compression({
    // What is made for one visitor is not worth more: half the time of the usual 6, for a twentieth more bytes.
    level: 4,
    // No page is larger than this window of 256 kB; the default one takes 16 times the memory per answer.
    brotli: { params: { [constants.BROTLI_PARAM_LGWIN]: 18 } },
    // A 304 has no type any more, and must vary as its 200 does (RFC 9110 section 15.4.5).
    filter: (request, response) =>
      isPublic(response) && (response.statusCode === 304 || compression.filter(request, response)),
  });
}

/** Every page with a token in it is `no-store`, and a reader's own feed `private`. */
export function isPublic(response: Pick<Response, 'getHeader'>): boolean {
  return !/no-store|private/.test(String(response.getHeader('Cache-Control') ?? ''));
}
