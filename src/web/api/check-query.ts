// Query parameters of the API: known ones only, each given once, each as its schema wants it.
import type { Request } from 'express';
import type { z } from 'zod';
import '../../text/schema-words.ts';
import type { Problem } from '../http/answers/problem.ts';

/** Null when the query has nothing but (some of) `known`, each once. */
export function checkQuery({ query }: Pick<Request, 'query'>, ...known: string[]): Problem | null {
  const errors = Object.entries(query).flatMap(([path, value]) => {
    if (!known.includes(path))
      return [{ path: path.slice(0, 64), message: 'is not a parameter of this address' }];
    return typeof value === 'string' ? [] : [{ path, message: 'is given more than once' }];
  });
  if (errors.length === 0) return null;
  return {
    status: 400,
    detail: 'The query has parameters that are not understood.',
    errors,
    place: 'query',
  };
}

export function readQuery<Shape extends z.ZodObject>(
  request: Pick<Request, 'query'>,
  shape: Shape,
): { type: 'query'; query: z.output<Shape> } | { type: 'problem'; problem: Problem } {
  const problem = checkQuery(request, ...Object.keys(shape.shape));
  if (problem !== null) return { type: 'problem', problem };
  const parsed = shape.safeParse(request.query);
  if (parsed.success) return { type: 'query', query: parsed.data };
  return {
    type: 'problem',
    problem: {
      status: 400,
      detail: 'The query has values that are not understood.',
      errors: listErrors(parsed.error),
      place: 'query',
    },
  };
}

/** What a schema found, by field. */
export function listErrors(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, key.slice(0, 64)].join('.'),
          message: 'is not a field of this request',
        }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
}
