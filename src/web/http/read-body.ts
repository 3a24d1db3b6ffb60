// Bodies of requests, at most 16 kB: forms, JSON, and what is said of those that cannot be read.
import express, { type Request, type RequestHandler } from 'express';
import { sendErrorPage } from './answers/error-page.ts';
import { sendProblem } from './answers/problem.ts';
import type { SpeakingDeps } from './deps.ts';

const limit = '16kb';
/** Of a form that takes a library: some hundred references, abstracts and all. */
export const libraryLimit = '512kb';

/** Our own forms, URL-encoded. Afterwards `request.body` has a text, or a list of texts, for each field. */
export function readForm(deps: SpeakingDeps, most = limit): RequestHandler[] {
  return [
    (request, response, next) => {
      // No body is a form without a field.
      if (request.body !== undefined || request.is('urlencoded') || !hasBody(request)) return next();
      sendErrorPage(deps, response, 415);
    },
    express.urlencoded({ extended: false, limit: most, parameterLimit: 300 }),
    (request, _response, next) => {
      request.body ??= {};
      next();
    },
  ];
}

const requireJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json')) return next();
  if (!hasBody(request))
    return sendProblem(response, { status: 400, detail: 'The request needs a JSON body.' });
  sendProblem(response, {
    status: 415,
    detail: 'The body must be JSON, with the header Content-Type: application/json.',
  });
};

const requireObject: RequestHandler = (request, response, next) => {
  const body: unknown = request.body;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return next();
  sendProblem(response, { status: 400, detail: 'The body must be a JSON object.' });
};

/** Of the API. Afterwards `request.body` is an object. */
export const readJson: RequestHandler[] = jsonOf(limit);

/** The same, of so many bytes at most. */
export function jsonOf(most: string | number): RequestHandler[] {
  return [requireJson, express.json({ limit: most }), requireObject];
}

/** Whether a request brings anything to read. False also for a body of no bytes, which is how some clients send none. */
function hasBody(request: Request): boolean {
  const length = request.get('content-length');
  return length === undefined ? request.get('transfer-encoding') !== undefined : length !== '0';
}

export type RequestError = { status: number; detail: string };

const details: Record<string, string> = {
  'entity.parse.failed': 'The body is not valid JSON.',
  'entity.too.large': 'The body is too large.',
  'parameters.too.many': 'The form has too many fields.',
  'multipart.parse.failed': 'The form is no proper multipart/form-data.',
  'encoding.unsupported': 'The body has a content encoding that is not supported.',
  'charset.unsupported': 'The body has a character set that is not supported: use UTF-8.',
};

/**
 * What Express and its body parsers report, for whoever sent the request. Null for a bug or a failure of ours: that is a
 * 500, and its details are for the log only.
 */
export function readRequestError(error: unknown): RequestError | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  return { status, detail: details[type] ?? 'The request could not be read.' };
}

/** Of a field that was sent once, several times, or not at all. */
export function readTexts(given: unknown): string[] {
  if (typeof given === 'string') return [given];
  return Array.isArray(given) ? given.filter((item) => typeof item === 'string') : [];
}
