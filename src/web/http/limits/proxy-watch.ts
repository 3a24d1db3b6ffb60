// A proxy in front that `TRUST_PROXY` does not tell of: all visitors come from its address then, and would share one
// budget, which a single one of them could spend.
import type { Request, RequestHandler } from 'express';
import ipaddr from 'ipaddr.js';
import type { Logger } from '../../../platform/logger.ts';

type Asked = Pick<Request, 'headers'> & { socket: { remoteAddress?: string | undefined } };

/** What the nearest proxy says of whom it speaks for, as it came. Null: it says nothing. */
export function readForwarded({ headers }: Pick<Request, 'headers'>): string | null {
  const lines = headers['x-forwarded-for'] ?? headers.forwarded;
  const last = [lines ?? []].flat().join(',').split(',').at(-1)?.trim() ?? '';
  return last === '' ? null : last.slice(0, 100);
}

/** Whether a request came over a proxy of this network that we were not told of. What its header says is not to be believed. */
export function isBehindUntoldProxy(request: Asked, trustProxy: number): boolean {
  return trustProxy === 0 && readForwarded(request) !== null && isNearby(request.socket.remoteAddress);
}

/** Says it once. */
export function warnOfProxy({ logger, trustProxy }: { logger: Logger; trustProxy: number }): RequestHandler {
  let isSaid = trustProxy > 0;
  return (request, _response, next) => {
    if (!isSaid && readForwarded(request) !== null) {
      isSaid = true;
      logger.warn(
        'requests come through a proxy, and TRUST_PROXY is not set: all visitors share the limits of one address. Set TRUST_PROXY=1, or the number of proxies in front',
      );
    }
    next();
  };
}

const nearbyRanges = ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'];

function isNearby(ip: string | undefined): boolean {
  return ip !== undefined && ipaddr.isValid(ip) && nearbyRanges.includes(ipaddr.process(ip).range());
}
