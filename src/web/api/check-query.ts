// Query parameters of the API: known ones only, each given once.
import type { Request } from 'express';
import type { Problem } from '../http/problem.ts';

/** Null when the query has nothing but (some of) `known`, each once. */
export function checkQuery({ query }: Pick<Request, 'query'>, ...known: string[]): Problem | null {
  const errors = Object.entries(query).flatMap(([path, value]) => {
    if (!known.includes(path))
      return [{ path: path.slice(0, 64), message: 'is not a parameter of this address' }];
    return typeof value === 'string' ? [] : [{ path, message: 'is given more than once' }];
  });
  if (errors.length === 0) return null;
  return { status: 400, detail: 'The query has parameters that are not understood.', errors };
}
