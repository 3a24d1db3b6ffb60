// GET /api/v1/topics: what can be followed.
import type { RequestHandler } from 'express';
import { listTopics } from '../../matching/store.ts';
import type { WebDeps } from '../deps.ts';
import { checkQuery } from './check-query.ts';
import { sendProblem } from './problem.ts';

export function getTopics({ db }: Pick<WebDeps, 'db'>): RequestHandler {
  return async (request, response) => {
    const problem = checkQuery(request);
    if (problem !== null) return sendProblem(response, problem);
    const topics = await listTopics(db);
    response.json({ topics: topics.map(({ id, name, description }) => ({ id, name, description })) });
  };
}
