// The one shape of every error under /api: RFC 9457, with the fields that are wrong by name.
import { STATUS_CODES } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Problem as FieldProblem } from '../../../subscribers/preferences/parse-preferences.ts';

export type Problem = {
  status: number;
  /** What is wrong and what to do about it. */
  detail: string;
  /** `path` names the field, such as `keywords.2`. */
  errors?: { path: string; message: string }[];
  /** Where those fields stand: in the body, unless it is said. */
  place?: 'body' | 'query';
};

export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(writeProblem(problem));
}

export function writeProblem({ status, detail, errors, place = 'body' }: Problem): string {
  const title = STATUS_CODES[status] ?? 'Error';
  const listed = errors?.map(({ path, message }) => ({
    ...(place === 'body' ? { pointer: writePointer(path) } : { parameter: path }),
    detail: message,
    path,
    message,
  }));
  return JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail,
    ...(listed ? { errors: listed } : {}),
  });
}

/** RFC 6901, in a fragment of a URI: what the names of our fields are made of needs no escape, others' may. */
function writePointer(path: string): string {
  const parts = path === '' ? [] : path.split('.');
  return `#${parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}

/** What was wrong with preferences, for programs. */
export function toErrors(problems: readonly FieldProblem[]): { path: string; message: string }[] {
  return problems.map(({ path, message }) => ({ path, message }));
}

/** For a route's last `all`: tells which methods there are. */
export function refuseOtherMethods(...allowed: string[]): RequestHandler {
  const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request, response) => {
    response.set('Allow', allow);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    sendProblem(response, { status: 405, detail: `This address answers ${allow} only.` });
  };
}
