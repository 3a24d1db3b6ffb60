// How often one network address may ask for what costs mail or work. Leaving is never limited.
import type { Request, RequestHandler } from 'express';
import { type Budget, type Budgets, createLocalBudgets, type Spending } from '../../../platform/budgets.ts';
import { type NetworkSource, sourceOf } from '../../../platform/network-source.ts';
import { isBehindUntoldProxy, readForwarded } from './proxy-watch.ts';
import { createTurns } from './take-turns.ts';

/** Points per source and window. */
export type RateLimit = { points: number; seconds: number };
export type RateLimits = {
  /** What sends a mail: sign-up, a preferences link, another address. One budget, by form and API. */
  mails: RateLimit;
  /** What looks through papers: a preview, a search, a feed of a search. */
  lookUps: RateLimit;
  /** What writes by a reader's own link. */
  changes: RateLimit;
  /** Tries to log in to the console. */
  logins: RateLimit;
  /** What one key to the API asks for. */
  keys: RateLimit;
};

export const defaultRateLimits: RateLimits = {
  mails: { points: 20, seconds: 600 },
  // A live preview asks once for every topic that is ticked.
  lookUps: { points: 120, seconds: 60 },
  changes: { points: 120, seconds: 60 },
  logins: { points: 10, seconds: 900 },
  keys: { points: 600, seconds: 60 },
};

/** A page of ours asks for some previews at once, never for more than that. */
const mostWaiting = 20;

/** A provider's customer may have all of an IPv6 /48: all its /64 together get so many times what one gets. */
const networkShare = 5;

/** All who come through a proxy that we were not told of: its own budget, so many times what a visitor gets. */
const proxyShare = 50;

export const tooManyRequests =
  'Too many requests came from your network address. Wait a few minutes, then try again.';

/** Beyond the limit `refuse` answers (status 429 and Retry-After are set). */
export type Limit = (
  name: Exclude<keyof RateLimits, 'logins' | 'keys'>,
  refuse: RequestHandler,
) => RequestHandler;

/**
 * Made once for all doors, so that form and API spend one budget. What sends mail is counted for all processes together;
 * the rest protects this process, counts here, and lets a GET write nothing.
 */
export function createLimit({
  budgets,
  rateLimits,
  config: { trustProxy },
}: {
  budgets: Budgets;
  rateLimits: RateLimits;
  config: { trustProxy: number };
}): Limit {
  const sourcesOf = (request: Request) => readSources(request, trustProxy);
  const here = createLocalBudgets();
  const turns = {
    mails: null,
    lookUps: createTurns({ keyOf: (request) => sourcesOf(request).address, mostWaiting }),
    changes: createTurns({ keyOf: readReader, mostWaiting }),
  };
  return (name, refuse) => {
    const limit = limitRate(
      { budgets: name === 'mails' ? budgets : here, sourcesOf },
      { name, ...rateLimits[name] },
      refuse,
    );
    const takeTurn = turns[name]?.(refuse);
    if (takeTurn === undefined) return limit;
    return (request, response, next) =>
      limit(request, response, (error?: unknown) =>
        error === undefined ? takeTurn(request, response, next) : next(error),
      );
  };
}

/** Whose link it is, of the API or of a page. */
function readReader({ headers, params }: Pick<Request, 'headers' | 'params'>): string {
  return headers.authorization ?? String(params.token);
}

function limitRate(
  { budgets, sourcesOf }: { budgets: Budgets; sourcesOf: (request: Request) => Sources },
  { name, points, seconds }: Budget,
  refuse: RequestHandler,
): RequestHandler {
  const host = { name, points, seconds };
  const network = { name: `${name}-network`, points: points * networkShare, seconds };
  const proxy = { name: `${name}-proxy`, points: points * proxyShare, seconds };
  return async (request, response, next) => {
    const { address, network: wider, proxy: shared } = sourcesOf(request);
    const spendings: Spending[] = [{ budget: host, key: address }];
    if (wider !== null) spendings.push({ budget: network, key: wider });
    if (shared !== null) spendings.push({ budget: proxy, key: shared });
    const granted = await budgets.spend(spendings);
    if (granted.isGranted) return next();
    response.status(429).set('Retry-After', String(Math.ceil(granted.retryAfterMs / 1000)));
    return refuse(request, response, next);
  };
}

/** `proxy`: one that `TRUST_PROXY` does not tell of; null: none. */
type Sources = NetworkSource & { proxy: string | null };

/**
 * What such a proxy says of its visitors only divides the proxy's own budget among them, and never adds to it: whoever
 * makes it up gains nothing beyond that, and one of them does not close the door for all.
 */
export function readSources(request: Request, trustProxy: number): Sources {
  const source = readSource(request);
  if (!isBehindUntoldProxy(request, trustProxy)) return { ...source, proxy: null };
  return {
    address: `${source.address} for ${readForwarded(request)}`,
    network: source.network,
    proxy: source.address,
  };
}

/** Who asks, as far as a budget is concerned. */
export function readSource({ ip }: Pick<Request, 'ip'>): NetworkSource {
  return sourceOf(ip);
}
