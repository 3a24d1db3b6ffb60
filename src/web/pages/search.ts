// /search?q=: all papers that a keyword query finds, the newest day first, in steps by key.
import type { RequestHandler } from 'express';
import type { Reason } from '../../digests/digest.ts';
import { parseQuery } from '../../matching/query.ts';
import { searchPapers } from '../../matching/search.ts';
import type { PageDeps } from '../deps.ts';
import { sendErrorPage } from './error-page.ts';
import { linkFeed } from './feed-links.ts';
import { groupByDay } from './group-by-day.ts';
import { viewListedPapers } from './listed-paper.ts';
import { readStep } from './read-step.ts';

const papersPerPage = 30;
/** What is shown again in the field of a query that is too long. */
const longestShown = 250;

export function getSearch(deps: PageDeps): RequestHandler {
  const { db, links, render } = deps;
  return async ({ query: { q, before } }, response) => {
    const typed = typeof q === 'string' ? q : '';
    const shown = { typed: typed.slice(0, longestShown), isPrivate: false };
    if (typed.trim() === '') {
      response.send(render('search', { ...shown, outcome: { type: 'nothing-asked' } }));
      return;
    }
    const parsed = parseQuery(typed);
    if (parsed.type === 'invalid') {
      const outcome = { type: 'not-understood', reason: parsed.reason };
      response.status(400).send(render('search', { ...shown, outcome }));
      return;
    }
    const step = await readStep(db, before);
    if (step.type === 'unknown') return sendErrorPage(deps, response, 404);

    const { query } = parsed;
    const { found, next } = await searchPapers(db, { query, after: step.after, limit: papersPerPage });
    const papers = found.map(({ paper }) => paper);
    const why = new Map(
      found.map(({ paper, match }): [number, Reason] => [paper.seq, { type: 'query', ...match }]),
    );
    const outcome = {
      type: 'searched',
      query: query.text,
      groups: groupByDay(papers, await viewListedPapers(deps, papers, why), links),
      isFirst: step.after === null,
      newestHref: links.search(query.text),
      olderHref: next === null ? null : `${links.search(query.text)}&before=${next.seq}`,
    };
    const feed = linkFeed(links, { type: 'search', query: query.text }, query.text);
    response.send(render('search', { ...shown, outcome, feed }));
  };
}
