// Bodies of our own forms: URL-encoded, at most 16 kB.
import express, { type RequestHandler } from 'express';
import type { SpeakingDeps } from './deps.ts';
import { sendErrorPage } from './error-page.ts';
import { hasBody } from './has-body.ts';

/** Afterwards `request.body` has a text, or a list of texts, for each field. */
export function readForm(deps: SpeakingDeps): RequestHandler[] {
  return [
    (request, response, next) => {
      // No body is a form without a field.
      if (request.is('urlencoded') || !hasBody(request)) return next();
      sendErrorPage(deps, response, 415);
    },
    express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 300 }),
    (request, _response, next) => {
      request.body ??= {};
      next();
    },
  ];
}
