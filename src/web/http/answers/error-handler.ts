// The last resort: an error page for people, a problem for the API. What is ours to mend is logged, never shown.
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from '../../../platform/logger.ts';
import { isBusy } from '../../../platform/postgres/db.ts';
import { GoneError } from '../../../platform/postgres/shared-pool.ts';
import type { PageDeps, SpeakingDeps } from '../deps.ts';
import { type RequestError, readRequestError } from '../read-body.ts';
import { maskPath } from '../request-log.ts';
import { sendErrorPage } from './error-page.ts';
import { sendProblem } from './problem.ts';

export function pageErrors({
  logger,
  render,
  links,
  linksIn,
}: Pick<PageDeps, 'logger' | keyof SpeakingDeps>): ErrorRequestHandler {
  return (error, request, response, next) => {
    const requestError = readFailure({ logger, response }, error, request.originalUrl);
    if (response.headersSent) return next(error);
    sendErrorPage({ render, links, linksIn }, response, requestError?.status ?? 500);
  };
}

export function apiErrors(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    const requestError = readFailure({ logger, response }, error, request.originalUrl);
    if (response.headersSent) return next(error);
    const ourFault = { status: 500, detail: 'Something went wrong on our side. It was logged.' };
    sendProblem(response, requestError ?? ourFault);
  };
}

export const tooBusy = 'Too much is asked at the moment. Try again in a few seconds.';

const retryAfterSeconds = 2;

/** 503: so that whoever was sent away comes back, and not at once. */
export function retryLater(response: Response): void {
  response.status(503).set('Retry-After', String(retryAfterSeconds));
}

/** Null for a failure of ours. */
function readFailure(
  { logger, response }: { logger: Logger; response: Response },
  error: unknown,
  url: string,
): RequestError | null {
  const requestError = readRequestError(error);
  if (requestError !== null) return requestError;
  const path = maskPath(url);
  if (!isBusy(error) && !(error instanceof GoneError)) {
    logger.error({ err: error, path }, 'a request failed');
    return null;
  }
  // Nobody sees the answer to who is gone.
  if (isBusy(error)) logger.warn({ err: error, path }, 'too busy for a request');
  retryLater(response);
  return { status: 503, detail: tooBusy };
}
