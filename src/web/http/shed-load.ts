// Beyond what can be answered in time, requests are refused at once: those under way stay quick, and all recovers.
import type { Request, RequestHandler, Response } from 'express';
import { retryLater } from './error-handler.ts';
import { isWayOut } from './patience.ts';

/** What two cores answer in a quarter of a second, and some more. */
export const mostInFlight = 150;

/** Leaving is never refused. `refuse` answers (status 503 and Retry-After are set). `isLate`: see `watchLateness`. */
export function shedLoad(
  refuse: (request: Request, response: Response) => void,
  { most = mostInFlight, isLate = () => false }: { most?: number; isLate?: () => boolean } = {},
): RequestHandler {
  let inFlight = 0;
  return (request, response, next) => {
    if ((inFlight >= most || isLate()) && !isWayOut(request)) {
      retryLater(response);
      return refuse(request, response);
    }
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
    });
    next();
  };
}
