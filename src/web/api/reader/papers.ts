// GET /api/v1/papers?date=YYYY-MM-DD: what was listed on a day, the latest one by default.
import type { RequestHandler } from 'express';
import type { Paper } from '../../../papers/paper.ts';
import { findLatestListingDate, listPapersOfDay } from '../../../papers/store.ts';
import type { Links } from '../../../platform/links.ts';
import { isDay } from '../../../text/days.ts';
import { sendProblem } from '../../http/answers/problem.ts';
import type { WebDeps } from '../../http/deps.ts';
import { checkQuery } from '../check-query.ts';

export function getPapers({ db, links }: Pick<WebDeps, 'db'> & { links: Links }): RequestHandler {
  return async (request, response) => {
    const problem = checkQuery(request, 'date');
    if (problem !== null) return sendProblem(response, problem);
    const { date: given } = request.query;
    if (given !== undefined && !isDay(given)) {
      const errors = [{ path: 'date', message: 'is not a day, such as 2025-12-12' }];
      return sendProblem(response, { status: 400, detail: 'The date is not valid.', errors });
    }
    const date = given ?? (await findLatestListingDate(db));
    const papers = date === null ? [] : await listPapersOfDay(db, date);
    response.json({ date, papers: papers.map((paper) => toJson(paper, links)) });
  };
}

/** Texts are as listed: mending them is for display only. */
function toJson({ key: _key, ...paper }: Paper, links: Links) {
  return { ...paper, url: links.paper(paper.seq) };
}
