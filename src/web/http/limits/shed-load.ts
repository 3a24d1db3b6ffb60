// Beyond what can be answered in time, requests wait a moment, and are refused then: those under way stay quick, and all recovers.
import { AsyncResource } from 'node:async_hooks';
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
  /** So long one waits for room: a browser that asks for twenty pages at once gets them all. */
  waitMs?: number;
};

/** On a machine with ten times as much to do as it has cores, thirty pages take that long. */
const longestWaitMs = 5000;
/** More in line would not get in within their time anyway. */
const mostWaiting = roomLimits.most;

/** Leaving is never refused. `refuse` answers (status 503 and Retry-After are set). */
export function shedLoad(
  refuse: (request: Request, response: Response) => void,
  { readRoom = () => roomLimits.most, isAtHand = () => false, waitMs = longestWaitMs }: Options = {},
): RequestHandler {
  let underWay = 0;
  const waiting = new Set<() => void>();

  function letIn(): void {
    for (const enter of waiting) {
      if (underWay >= readRoom()) return;
      enter();
    }
  }

  return (request, response, next) => {
    if (isAtHand(request)) return next();
    const enter = () => {
      takeRoom(response, (change) => {
        underWay += change;
        if (change < 0) letIn();
      });
      next();
    };
    const turnAway = () => {
      retryLater(response);
      refuse(request, response);
    };
    if (isWayOut(request) || (underWay < readRoom() && waiting.size === 0)) return enter();
    if (waiting.size >= mostWaiting) return turnAway();
    const leaveLine = () => {
      clearTimeout(timer);
      waiting.delete(enterLater);
      response.off('close', leaveLine);
    };
    // On behalf of this request, whoever's end it is that lets it in.
    const enterLater = AsyncResource.bind(() => {
      leaveLine();
      enter();
    });
    const timer = setTimeout(() => {
      leaveLine();
      turnAway();
    }, waitMs);
    waiting.add(enterLater);
    response.once('close', leaveLine);
  };
}
