// A route that a key opens: what it is given is read by its schemas, what it answers is written by its schema, and nothing goes
// out that is not described. What writes is in the log from before it begins.
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { finishAction, recordAction } from '../../../operators/audit.ts';
import type { Answer } from '../../../operators/idempotency.ts';
import type { Scope } from '../../../operators/scopes.ts';
import { type Problem, sendProblem, writeProblem } from '../../http/answers/problem.ts';
import { jsonOf, readJson } from '../../http/read-body.ts';
import { listErrors, readQuery } from '../check-query.ts';
import { getKey, type KnownKey } from '../require-key.ts';
import type { ApiDeps, Route, RouteFacts } from '../route.ts';
import { doOnce, readIdempotencyKey } from './do-once.ts';

/** An expected answer that is not what was asked for. */
export type Refusal = { refused: Problem };

export function refuse(status: number, detail: string): Refusal {
  return { refused: { status, detail } };
}

export const gone = refuse(404, 'There is nothing of that name.');

type KeyRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shape extends z.ZodType,
> = Pick<RouteFacts, 'method' | 'path' | 'id' | 'tag' | 'summary' | 'details' | 'problems'> & {
  scope: Scope;
  params?: Params;
  query?: Query;
  body?: Body;
  /** How much of a body is read; 16 kB unless it is said. */
  mostBytes?: number;
  /** Of the answer: 200 unless it is said. */
  status?: number;
  says: string;
  answer: Shape;
  act: (
    deps: ApiDeps,
    given: {
      params: z.output<Params>;
      query: z.output<Query>;
      body: z.output<Body>;
      key: KnownKey;
    },
  ) => Promise<z.output<Shape> | Refusal>;
  /** What came of it, for the log: without addresses and names of readers. */
  tell?: (answer: z.output<Shape>) => string;
};

export function defineKeyRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shape extends z.ZodType,
>(given: KeyRoute<Params, Query, Body, Shape>): Route {
  const { scope, status = 200, says, answer, act, tell = () => 'done', mostBytes, ...facts } = given;
  const query = facts.query ?? z.strictObject({});
  const writes = facts.method !== 'get';

  const run =
    (deps: ApiDeps): RequestHandler =>
    async (request, response) => {
      const read = readGiven(request, { ...facts, query });
      if (read.type === 'problem') return sendProblem(response, read.problem);
      const key = getKey(response);
      const ask = { ...read.given, key } as Parameters<typeof act>[1];
      const write = (result: z.output<Shape> | Refusal): Answer =>
        isRefusal(result)
          ? { status: result.refused.status, body: writeProblem(result.refused) }
          : { status, body: JSON.stringify(z.encode(answer, result)) };
      if (!writes) return send(response, write(await act(deps, ask)));

      const once = facts.method === 'post' ? readIdempotencyKey(request) : null;
      if (once !== null && 'problem' in once) return sendProblem(response, once.problem);
      const target = request.path.replace(/^\/v1/, '');
      const actLogged = () =>
        recordAround(deps, { key, action: facts.id, target }, () => act(deps, ask), { tell, write });
      const done =
        once === null
          ? await actLogged()
          : await doOnce(deps, { request, response, keyName: key.name, key: once.key }, actLogged);
      if (done !== null) send(response, done);
    };

  return {
    ...facts,
    query,
    access: { type: 'key', scope },
    answer: { status, says, shape: answer },
    open: (deps, { requireKey }) => [
      requireKey(scope),
      ...(facts.body === undefined ? [] : [mostBytes === undefined ? readJson : jsonOf(mostBytes)]),
      run(deps),
    ],
  };
}

function readGiven(
  request: Request,
  { params, query, body }: { params?: z.ZodObject; query: z.ZodObject; body?: z.ZodType },
):
  | { type: 'given'; given: { params: unknown; query: unknown; body: unknown } }
  | { type: 'problem'; problem: Problem } {
  const place = params?.safeParse(request.params);
  if (place?.success === false) return { type: 'problem', problem: gone.refused };
  const asked = readQuery(request, query);
  if (asked.type === 'problem') return asked;
  const sent = body?.safeParse(request.body);
  if (sent?.success === false)
    return {
      type: 'problem',
      problem: { status: 422, detail: 'Nothing was done.', errors: listErrors(sent.error) },
    };
  return { type: 'given', given: { params: place?.data, query: asked.query, body: sent?.data } };
}

function isRefusal(result: unknown): result is Refusal {
  return typeof result === 'object' && result !== null && 'refused' in result;
}

/** In the log before it is begun, and what came of it when it is done. */
async function recordAround<Result>(
  { db, now, logger }: ApiDeps,
  { key, ...what }: { key: KnownKey; action: string; target: string },
  act: () => Promise<Result | Refusal>,
  { tell, write }: { tell: (result: Result) => string; write: (result: Result | Refusal) => Answer },
): Promise<Answer> {
  const entry = { at: now(), adminName: `key ${key.name}`, ...what };
  const id = await recordAction(db, { ...entry, result: 'under way' });
  try {
    const result = await act();
    const told = isRefusal(result) ? `Refused (${result.refused.status}).` : tell(result);
    await finishAction(db, { id, result: told });
    logger.info({ key: key.name, action: what.action }, 'action by the API');
    return write(result);
  } catch (error) {
    await finishAction(db, { id, result: 'It failed: the log of the service says why.' }).catch(() => {});
    throw error;
  }
}

function send(response: Response, { status, body }: Answer): void {
  response
    .status(status)
    .type(status < 400 ? 'application/json' : 'application/problem+json')
    .send(body);
}
