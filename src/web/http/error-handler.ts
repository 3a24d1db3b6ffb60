// The last resort: an error page for people, a problem for the API. What is ours to mend is logged, never shown.
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../../platform/logger.ts';
import type { PageDeps, SpeakingDeps } from './deps.ts';
import { sendErrorPage } from './error-page.ts';
import { sendProblem } from './problem.ts';
import { readRequestError } from './read-body.ts';
import { maskPath } from './request-log.ts';

export function pageErrors({
  logger,
  render,
  links,
  linksIn,
}: Pick<PageDeps, 'logger' | keyof SpeakingDeps>): ErrorRequestHandler {
  return (error, request, response, next) => {
    const requestError = readRequestError(error);
    if (requestError === null) logFailure(logger, error, request.originalUrl);
    if (response.headersSent) return next(error);
    sendErrorPage({ render, links, linksIn }, response, requestError?.status ?? 500);
  };
}

export function apiErrors(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    const requestError = readRequestError(error);
    if (requestError === null) logFailure(logger, error, request.originalUrl);
    if (response.headersSent) return next(error);
    const ourFault = { status: 500, detail: 'Something went wrong on our side. It was logged.' };
    sendProblem(response, requestError ?? ourFault);
  };
}

function logFailure(logger: Logger, error: unknown, url: string): void {
  logger.error({ err: error, path: maskPath(url) }, 'a request failed');
}
