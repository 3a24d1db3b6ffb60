// /papers: the papers of one day, sixty to a page.
import type { RequestHandler } from 'express';
import { findNeighbourDays, listPapersOnPage } from '../../papers/browse-store.ts';
import { findLatestListingDate } from '../../papers/store.ts';
import { addToQuery } from '../../platform/links.ts';
import { isDay } from '../../text/days.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { linkFeed } from './feed-links.ts';
import { viewListedPapers } from './listed-paper.ts';

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
  const { db } = deps;
  return async ({ params: { date }, query }, response) => {
    const page = readPage(query.page);
    const start = ((page ?? 1) - 1) * papersPerPage;
    const { papers, total } = isDay(date)
      ? await listPapersOnPage(db, { date, skip: start, take: papersPerPage })
      : { papers: [], total: 0 };
    if (page === null || papers.length === 0)
      return sendErrorPage(deps, response, 404, { key: 'papers.unknownDay' });

    const { words, links, render } = openPage(deps, response);
    const dayLink = (day: string | null) =>
      day === null ? null : { day: words.days.full(day), href: links.papersOf(day) };
    const { previous, next } = await findNeighbourDays(db, date);
    const topics = await deps.readTopics(words.language);
    response.send(
      render('papers', {
        day: words.days.full(date),
        total,
        page,
        pages: Math.ceil(total / papersPerPage),
        papers: await viewListedPapers({ db, links, words, topics }, papers),
        pageHref: (number: number) => addPage(links.papersOf(date), number),
        firstNumber: start + 1,
        previous: dayLink(previous),
        next: dayLink(next),
        canonical: addPage(deps.links.papersOf(date), page),
        feed: linkFeed(deps.links, { type: 'all' }, { title: words.t('feeds.all'), words }),
      }),
    );
  };
}

function addPage(url: string, number: number): string {
  return number === 1 ? url : addToQuery(url, 'page', String(number));
}

/** Null for anything but a page number; the first page when none is given. */
function readPage(given: unknown): number | null {
  if (given === undefined) return 1;
  return typeof given === 'string' && /^[1-9]\d{0,3}$/.test(given) ? Number(given) : null;
}
