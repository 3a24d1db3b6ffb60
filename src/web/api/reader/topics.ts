// GET /api/v1/topics: what can be followed.
import type { RequestHandler } from 'express';
import { listTopics } from '../../../topics/store.ts';
import { sendProblem } from '../../http/answers/problem.ts';
import type { WebDeps } from '../../http/deps.ts';
import { checkQuery } from '../check-query.ts';

export function getTopics({ db }: Pick<WebDeps, 'db'>): RequestHandler {
  return async (request, response) => {
    const problem = checkQuery(request);
    if (problem !== null) return sendProblem(response, problem);
    const topics = await listTopics(db);
    response.json({ topics: topics.map(({ id, name, description }) => ({ id, name, description })) });
  };
}
