// /topics: all topics; /topics/:id: the papers of one, the newest day first, in steps by key.
import type { RequestHandler } from 'express';
import { listPapersOfTopic } from '../../matching/browse-store.ts';
import { addToQuery } from '../../platform/links.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { readStep } from '../http/read-step.ts';
import { linkFeed } from './feed-links.ts';
import { groupByDay } from './group-by-day.ts';
import { viewListedPapers } from './listed-paper.ts';
import { groupTopics } from './preferences/group-topics.ts';
import { linkToSignUp } from './sign-up-link.ts';

const papersPerPage = 30;

export function getTopics(deps: PageDeps): RequestHandler {
  return async (_request, response) => {
    const { words, links, render } = openPage(deps, response);
    const { offered: topics } = await deps.readTopics(words.language);
    const listed = topics.map((topic) => ({ ...topic, href: links.topic(topic.id) }));
    response.send(render('topics', { groups: groupTopics(listed, words), canonical: deps.links.topics() }));
  };
}

export function getTopic(deps: PageDeps): RequestHandler<{ id: string }> {
  const { db } = deps;
  return async ({ params: { id }, query }, response) => {
    const { words, links, render } = openPage(deps, response);
    const topics = await deps.readTopics(words.language);
    const topic = topics.offered.find((one) => one.id === id);
    const successor = topics.successors.get(id);
    // Not for good: an operator's file may bring the topic back.
    if (topic === undefined && successor !== undefined) return response.redirect(302, links.topic(successor));
    const step = await readStep(db, query.before);
    if (topic === undefined || step.type === 'unknown') return sendErrorPage(deps, response, 404);

    const listed = await listPapersOfTopic(db, { topicId: id, after: step.after, limit: papersPerPage + 1 });
    const papers = listed.slice(0, papersPerPage);
    const last = papers.at(-1);
    const views = (await viewListedPapers({ db, links, words, topics }, papers)).map((view) => ({
      ...view,
      // That a paper has the page's own topic goes without saying.
      topics: view.topics.filter((other) => other.id !== id),
    }));
    response.send(
      render('topic', {
        topic,
        signUpHref: linkToSignUp(links, { topics: [id] }),
        groups: groupByDay(papers, views, { links, words }),
        isFirst: step.after === null,
        newestHref: links.topic(id),
        olderHref:
          listed.length > papers.length && last
            ? addToQuery(links.topic(id), 'before', String(last.seq))
            : null,
        canonical: deps.links.topic(id) + (step.after === null ? '' : `?before=${step.after.seq}`),
        feed: linkFeed(deps.links, { type: 'topic', id }, { title: topic.name, words }),
      }),
    );
  };
}
