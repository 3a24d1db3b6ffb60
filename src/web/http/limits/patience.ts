// How long a request waits for the database, and that nothing more is asked for it once its visitor is gone.
import type { Request, RequestHandler } from 'express';
import { askWith } from '../../../platform/postgres/shared-pool.ts';

/** What leads out goes before all others, and is waited for: a mail provider that presses the button does it once. */
export function isWayOut({ path }: Pick<Request, 'path'>): boolean {
  return path.startsWith('/unsubscribe/');
}

const wayOutMs = 20_000;

/** What writes is finished, whether or not its visitor waits to hear of it. */
export const askPatiently: RequestHandler = (request, response, next) => {
  if (isWayOut(request)) return askWith({ waitMs: wayOutMs, goesFirst: true }, next);
  if (request.method !== 'GET' && request.method !== 'HEAD') return next();
  const leaving = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort();
  });
  return askWith({ gone: leaving.signal }, next);
};
