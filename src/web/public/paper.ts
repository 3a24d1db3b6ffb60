// /paper/:seq: the permanent page of one paper.
import type { RequestHandler } from 'express';
import { viewGist, viewTranslation } from '../../digests/paper-view.ts';
import { findPaper } from '../../papers/store.ts';
import { findSummaries } from '../../summaries/summary-store.ts';
import { mendText } from '../../text/mend-text.ts';
import { shortenText } from '../../text/shorten-text.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';
import { readSequenceNumber } from '../http/read-step.ts';
import { findTopicLinks } from './listed-paper.ts';
import { listAuthorLinks, listPaperLinks, viewPaper } from './paper-view.ts';
import { linkToSignUp } from './sign-up-link.ts';

export function getPaper(deps: PageDeps): RequestHandler<{ seq: string }> {
  const { db } = deps;
  return async ({ params: { seq } }, response) => {
    const number = readSequenceNumber(seq);
    const stored = number === null ? null : await findPaper(db, number);
    if (stored === null) return sendErrorPage(deps, response, 404);
    const { words, links, render } = openPage(deps, response);
    const summaries = (await findSummaries(db, [stored.seq])).get(stored.seq);
    const paper = summaries === undefined ? stored : { ...stored, summaries };
    if (paper.seq !== number) return response.redirect(301, links.paper(paper.seq));
    const title = mendText(paper.title) || words.t('paper.untitled');
    const topics =
      (await findTopicLinks({ db, links, topics: await deps.readTopics(words.language) }, [paper])).get(
        paper.seq,
      ) ?? [];
    const authors = listAuthorLinks(paper, links);
    const abstract = paper.abstract === null ? null : mendText(paper.abstract);
    response.send(
      render('paper', {
        title: shortenText(title, { words: 200, columns: 1000 }),
        shortTitle: shortenText(title, { words: 12, columns: 54 }),
        description: shortenText(abstract ?? title, { words: 30, columns: 155 }),
        abstract,
        gist: viewGist(paper, words),
        translation: viewTranslation(paper, words),
        // All of them stand below.
        facts: viewPaper(authors.length === 0 ? paper : { ...paper, authors: [], authorsCount: null }, {
          links,
          words,
        }).facts,
        authors,
        isWithdrawn: paper.isWithdrawn === true,
        exports: [
          { href: links.paperAs(paper.seq, 'bib'), label: 'BibTeX' },
          { href: links.paperAs(paper.seq, 'ris'), label: 'RIS' },
        ],
        topics,
        signUpHref: linkToSignUp(links, { topics: topics.map(({ id }) => id) }),
        paperLinks: listPaperLinks(paper, words),
        listed: { day: words.days.full(paper.firstListedOn), href: links.papersOf(paper.firstListedOn) },
        canonical: deps.links.paper(paper.seq),
      }),
    );
  };
}
