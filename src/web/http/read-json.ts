// Bodies of the API: a JSON object of at most 16 kB, or a problem.
import express, { type RequestHandler } from 'express';
import { hasBody } from './has-body.ts';
import { sendProblem } from './problem.ts';

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

/** Afterwards `request.body` is an object. */
export const readJson: RequestHandler[] = [requireJson, express.json({ limit: '16kb' }), requireObject];
