// Beyond what can be answered in time, requests are refused at once: those under way stay quick, and all recovers.
import type { Request, RequestHandler, Response } from 'express';
import { roomLimits } from '../../../platform/room.ts';
import { retryLater } from '../answers/error-handler.ts';
import { isWayOut } from './patience.ts';
import { takeRoom } from './room-taken.ts';

type Options = {
  /** How many may be under way. */
  readRoom?: (() => number) | undefined;
  /** What is answered from memory takes no room, and is never refused. */
  isAtHand?: (request: Request) => boolean;
};

/** Leaving is never refused. `refuse` answers (status 503 and Retry-After are set). */
export function shedLoad(
  refuse: (request: Request, response: Response) => void,
  { readRoom = () => roomLimits.most, isAtHand = () => false }: Options = {},
): RequestHandler {
  let underWay = 0;
  return (request, response, next) => {
    if (isAtHand(request)) return next();
    if (underWay >= readRoom() && !isWayOut(request)) {
      retryLater(response);
      return refuse(request, response);
    }
    takeRoom(response, (change) => {
      underWay += change;
    });
    next();
  };
}
