// GET /api/v1/topics: what can be followed.
import type { RequestHandler } from 'express';
import { sendProblem } from '../../http/answers/problem.ts';
import type { PageDeps } from '../../http/deps.ts';
import { checkQuery } from '../check-query.ts';

export function getTopics({ readTopics }: Pick<PageDeps, 'readTopics'>): RequestHandler {
  return async (request, response) => {
    const problem = checkQuery(request);
    if (problem !== null) return sendProblem(response, problem);
    const { offered: topics } = await readTopics();
    response.json({ topics: topics.map(({ id, name, description }) => ({ id, name, description })) });
  };
}
