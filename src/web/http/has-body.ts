// Whether a request brings anything to read.
import type { Request } from 'express';

/** False also for a body of no bytes, which is how some clients send none. */
export function hasBody(request: Request): boolean {
  const length = request.get('content-length');
  return length === undefined ? request.get('transfer-encoding') !== undefined : length !== '0';
}
