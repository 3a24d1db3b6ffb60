// /topics: all topics; /topics/:id: the papers of one, the newest day first, in steps by key.
import type { RequestHandler } from 'express';
import { listPapersOfTopic } from '../../matching/browse-store.ts';
import { listTopics } from '../../matching/store.ts';
import type { PageDeps } from '../deps.ts';
import { sendErrorPage } from './error-page.ts';
import { linkFeed } from './feed-links.ts';
import { groupByDay } from './group-by-day.ts';
import { viewListedPapers } from './listed-paper.ts';
import { readStep } from './read-step.ts';

const papersPerPage = 30;

export function getTopics({ db, links, render }: PageDeps): RequestHandler {
  return async (_request, response) => {
    const topics = await listTopics(db);
    const listed = topics.map(({ id, ...topic }) => ({ ...topic, href: links.topic(id) }));
    response.send(render('topics', { topics: listed, canonical: links.topics() }));
  };
}

export function getTopic(deps: PageDeps): RequestHandler<{ id: string }> {
  const { db, links, render } = deps;
  return async ({ params: { id }, query }, response) => {
    const topic = (await listTopics(db)).find((one) => one.id === id);
    const step = await readStep(db, query.before);
    if (topic === undefined || step.type === 'unknown') return sendErrorPage(deps, response, 404);

    const listed = await listPapersOfTopic(db, { topicId: id, after: step.after, limit: papersPerPage + 1 });
    const papers = listed.slice(0, papersPerPage);
    const last = papers.at(-1);
    response.send(
      render('topic', {
        topic,
        groups: groupByDay(papers, await viewListedPapers(deps, papers), links),
        isFirst: step.after === null,
        newestHref: links.topic(id),
        olderHref: listed.length > papers.length && last ? `${links.topic(id)}?before=${last.seq}` : null,
        canonical: links.topic(id) + (step.after === null ? '' : `?before=${step.after.seq}`),
        feed: linkFeed(links, { type: 'topic', id }, topic.name),
      }),
    );
  };
}
