// One at a time: what a source or a reader asks for that is dear waits for what they asked for before.
import { AsyncResource } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import { comeBack, standAside } from './room-taken.ts';

export type Turns = {
  /** Whose turn it is. */
  keyOf: (request: Parameters<RequestHandler>[0]) => string;
  /** So many may wait behind the one under way; the next is refused. */
  mostWaiting: number;
};

/** Who waits holds nothing but their own connection: no place in the database's pool, no work on the main thread. */
export function createTurns({ keyOf, mostWaiting }: Turns): (refuse: RequestHandler) => RequestHandler {
  const lines = new Map<string, (() => void)[]>();

  function leave(key: string): void {
    const next = lines.get(key)?.shift();
    if (next === undefined) lines.delete(key);
    else next();
  }

  return (refuse) => (request, response, next) => {
    const key = keyOf(request);
    // On behalf of this request, whoever's end it is that lets it in.
    const enter = AsyncResource.bind(() => {
      // Gone while they waited.
      if (response.destroyed) return leave(key);
      response.once('close', () => leave(key));
      comeBack(response);
      next();
    });
    const line = lines.get(key);
    if (line === undefined) {
      lines.set(key, []);
      return enter();
    }
    if (line.length < mostWaiting) {
      line.push(enter);
      standAside(response);
      return;
    }
    response.status(429).set('Retry-After', '1');
    return refuse(request, response, next);
  };
}
