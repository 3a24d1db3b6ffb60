// /search?q=: all papers that a keyword query finds, the newest day first, in steps by key.
import type { RequestHandler } from 'express';
import type { Reason } from '../../digests/digest.ts';
import { say } from '../../languages/words.ts';
import { parseQuery } from '../../matching/query/query.ts';
import { findQueryHint } from '../../matching/query/query-hints.ts';
import { searchPapers } from '../../matching/search.ts';
import { addToQuery } from '../../platform/links.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { readStep } from '../http/read-step.ts';
import { linkFeed } from './feed-links.ts';
import { groupByDay } from './group-by-day.ts';
import { viewListedPapers } from './listed-paper.ts';
import { linkToSignUp } from './sign-up-link.ts';

const papersPerPage = 30;
/** What is shown again in the field of a query that is too long. */
const longestShown = 250;
/** One for each thing that a query can say. */
const exampleQueries = ['"kv cache"', 'diffusion OR "flow matching"', 'agents -survey'];

export function getSearch(deps: PageDeps): RequestHandler {
  const { db } = deps;
  return async ({ query: { q, before } }, response) => {
    const { words, links, render } = openPage(deps, response);
    const typed = typeof q === 'string' ? q : '';
    const shown = {
      typed: typed.slice(0, longestShown),
      // A form drops what its own address says.
      language: links === deps.links ? null : words.language,
      canonical: deps.links.searchForm(),
    };
    if (typed.trim() === '') {
      const examples = exampleQueries.map((query) => ({ query, href: links.search(query) }));
      response.send(render('search', { ...shown, outcome: { type: 'nothing-asked', examples } }));
      return;
    }
    const parsed = parseQuery(typed);
    if (parsed.type === 'invalid') {
      const outcome = { type: 'not-understood', reason: say(words, parsed.words) };
      response.status(400).send(render('search', { ...shown, outcome }));
      return;
    }
    const step = await readStep(db, before);
    if (step.type === 'unknown') return sendErrorPage(deps, response, 404);

    const { query } = parsed;
    const hint = findQueryHint(typed, query);
    const { found, next } = await searchPapers(db, { query, after: step.after, limit: papersPerPage });
    const papers = found.map(({ paper }) => paper);
    const why = new Map(
      found.map(({ paper, match }): [number, Reason] => [paper.seq, { type: 'query', ...match }]),
    );
    const href = links.search(query.text);
    const topics = await deps.readTopics(words.language);
    const views = await viewListedPapers({ db, links, words, topics }, papers, why);
    const outcome = {
      type: 'searched',
      query: query.text,
      hint: hint && { ...hint, href: links.search(hint.any) },
      signUpHref: linkToSignUp(links, { keywords: [query.text] }),
      groups: groupByDay(papers, views, { links, words }),
      isFirst: step.after === null,
      newestHref: href,
      olderHref: next === null ? null : addToQuery(href, 'before', String(next.seq)),
    };
    const subject = { type: 'search', query: query.text } as const;
    const feed = linkFeed(deps.links, subject, { title: query.text, words });
    response.send(render('search', { ...shown, outcome, feed }));
  };
}
