// /papers: the papers of one day, sixty to a page.
import type { RequestHandler } from 'express';
import { addToQuery } from '../../links.ts';
import { findLatestListingDate, listPapersOfDay } from '../../papers/store.ts';
import { isDay } from '../days.ts';
import type { PageDeps } from '../deps.ts';
import { sendErrorPage } from './error-page.ts';
import { openPage } from './open-page.ts';
import { viewPaper } from './paper-view.ts';

const papersPerPage = 60;

/** /papers leads to the latest day. */
export function getLatestPapers(deps: PageDeps): RequestHandler {
  return async (_request, response) => {
    const date = await findLatestListingDate(deps.db);
    const { links } = openPage(deps, response);
    response.redirect(302, date === null ? links.home() : links.papersOf(date));
  };
}

export function getPapersOfDay(deps: PageDeps): RequestHandler<{ date: string }> {
  return async ({ params: { date }, query }, response) => {
    const papers = isDay(date) ? await listPapersOfDay(deps.db, date) : [];
    const pages = Math.ceil(papers.length / papersPerPage);
    const page = readPage(query.page);
    if (page === null || page > pages) {
      return sendErrorPage(deps, response, 404, { key: 'papers.unknownDay' });
    }
    const { words, links, render } = openPage(deps, response);
    const start = (page - 1) * papersPerPage;
    response.send(
      render('papers', {
        day: words.days.full(date),
        total: papers.length,
        page,
        pages,
        papers: papers.slice(start, start + papersPerPage).map((paper) => viewPaper(paper, { links, words })),
        pageHref: (number: number) =>
          number === 1 ? links.papersOf(date) : addToQuery(links.papersOf(date), 'page', String(number)),
        firstNumber: start + 1,
      }),
    );
  };
}

/** Null for anything but a page number; the first page when none is given. */
function readPage(given: unknown): number | null {
  if (given === undefined) return 1;
  return typeof given === 'string' && /^[1-9]\d{0,3}$/.test(given) ? Number(given) : null;
}
