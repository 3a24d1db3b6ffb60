// How often one network address may ask for what costs mail or work. Leaving is never limited.
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';

export type RateLimit = { windowMs: number; requests: number };
export type RateLimits = { signUps: RateLimit; previews: RateLimit };

const minuteMs = 60_000;

export const defaultRateLimits: RateLimits = {
  signUps: { windowMs: 10 * minuteMs, requests: 20 },
  // A live preview asks once for every topic that is ticked.
  previews: { windowMs: minuteMs, requests: 120 },
};

export const tooManyRequests =
  'Too many requests came from your network address. Wait a few minutes, then try again.';

/**
 * Beyond the limit `refuse` answers (status 429 and Retry-After are set). Counts are kept in this process's memory
 * for one window: several web processes allow as many times more.
 */
export function limitRate({ windowMs, requests }: RateLimit, refuse: RequestHandler): RequestHandler {
  return rateLimit({
    windowMs,
    limit: requests,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // Its checks print client addresses to the console; what they look for is set in app.ts.
    validate: false,
    handler: (request, response, next) => refuse(request, response.status(429), next),
  });
}
