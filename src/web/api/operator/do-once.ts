// The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): what is asked with it is done once, however often it
// is sent.
import type { Request, Response } from 'express';
import {
  type Answer,
  beginRequest,
  fingerprintOf,
  finishRequest,
  giveUpRequest,
  keepLease,
  leaseMs,
} from '../../../operators/idempotency.ts';
import { type Problem, sendProblem } from '../../http/answers/problem.ts';
import type { ApiDeps } from '../route.ts';

export const idempotencyHeader = 'Idempotency-Key';

/** Null without one. Quotes around it, as the draft has them, are no part of it. */
export function readIdempotencyKey(
  request: Pick<Request, 'get'>,
): { key: string } | { problem: Problem } | null {
  const given = request.get(idempotencyHeader);
  if (given === undefined) return null;
  const [, key] = /^"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?$/.exec(given.trim()) ?? [];
  if (key !== undefined) return { key };
  const detail = `${idempotencyHeader} has 1 to 255 visible characters of ASCII, such as those of a UUID.`;
  return { problem: { status: 400, detail } };
}

/** `act` throws where it is our fault: then the same may be sent again. */
export async function doOnce(
  { db, now, logger }: Pick<ApiDeps, 'db' | 'now' | 'logger'>,
  { request, response, keyName, key }: { request: Request; response: Response; keyName: string; key: string },
  act: () => Promise<Answer>,
): Promise<Answer | null> {
  const named = { keyName, idempotencyKey: key };
  const fingerprint = fingerprintOf([request.method, request.path, request.query, request.body ?? null]);
  const begun = await beginRequest(db, { ...named, fingerprint, now: now() });
  switch (begun.type) {
    case 'answered':
      response.set('Idempotency-Replayed', 'true');
      return begun.answer;
    case 'other-request':
      sendProblem(response, otherRequest);
      return null;
    case 'under-way':
      response.set('Retry-After', String(Math.max(1, Math.ceil(begun.retryAfterMs / 1000))));
      sendProblem(response, underWay);
      return null;
  }
  const lease = setInterval(() => {
    keepLease(db, { ...named, now: now() }).catch((error) =>
      logger.warn({ err: error }, 'a lease could not be kept'),
    );
  }, leaseMs / 3);
  try {
    const answer = await act();
    await finishRequest(db, { ...named, answer });
    return answer;
  } catch (error) {
    await giveUpRequest(db, named).catch(() => {});
    throw error;
  } finally {
    clearInterval(lease);
  }
}

const otherRequest = {
  status: 422,
  detail: `This ${idempotencyHeader} was used for another request. Take a new one for each thing that is to be done; nothing was done.`,
};

const underWay = {
  status: 409,
  detail: `The request with this ${idempotencyHeader} is under way, or was broken off. Send the same again later.`,
};
