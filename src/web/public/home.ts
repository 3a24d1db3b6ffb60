// The front page: sign-up, a preview of one's own digest, and the latest papers.
import type { RequestHandler, Response } from 'express';
import { listPapersOnPage } from '../../papers/browse-store.ts';
import { findLatestListingDate } from '../../papers/store.ts';
import type { Problem } from '../../subscribers/preferences/parse-preferences.ts';
import { defaultPreferences } from '../../subscribers/preferences/preferences.ts';
import type { Topics } from '../../topics/store.ts';
import type { PageDeps } from '../http/deps.ts';
import { expandZoteroInQuery } from '../http/expand-zotero.ts';
import { openPage } from '../http/open-page.ts';
import { linkFeed } from './feed-links.ts';
import { keepStamp } from './form-guard.ts';
import { viewListedPapers } from './listed-paper.ts';
import { viewForm } from './preferences/preferences-form.ts';
import { type PreviewView, viewPreview } from './preferences/preview-view.ts';
import type { FormBody } from './preferences/read-preferences.ts';
import { readChoices } from './sign-up-link.ts';

const papersOnHome = 10;

export function getHome(deps: PageDeps): RequestHandler {
  return async ({ query }, response) => {
    const body = readChoices(query);
    const page = openPage(deps, response);
    const topics = await deps.readTopics(page.words.language);
    const preview: PreviewView =
      body === null ? { type: 'empty' } : await viewPreview({ ...deps, topics }, page, body);
    await sendHome(deps, response, { topics, body, preview, isFresh: true });
  };
}

/** The button of those without JavaScript: the same page, with every choice kept and the digest filled in. */
export function postPreview(deps: PageDeps): RequestHandler {
  return async (request, response) => {
    const page = openPage(deps, response);
    const topics = await deps.readTopics(page.words.language);
    const preview = await viewPreview({ ...deps, topics }, page, request.body);
    await sendHome(deps, response, { topics, body: request.body, preview });
  };
}

/** For the script: only the inside of the preview. */
export function getPreviewFragment(deps: PageDeps): RequestHandler {
  return async (request, response) => {
    const page = openPage(deps, response);
    const topics = await deps.readTopics(page.words.language);
    const query = await expandZoteroInQuery(deps, request);
    const preview = await viewPreview({ ...deps, topics }, page, query);
    response.set('X-Robots-Tag', 'noindex').send(page.render('preview', { preview }));
  };
}

/** `body` is the form as it was sent, or null; `isFresh` before anybody chose a time zone. */
export async function sendHome(
  deps: PageDeps,
  response: Response,
  {
    topics,
    body,
    preview,
    isFresh = false,
    problems = [],
  }: { topics: Topics; body: FormBody | null; preview: PreviewView; isFresh?: boolean; problems?: Problem[] },
): Promise<void> {
  const { words, links, render } = openPage(deps, response);
  const form = await viewForm(
    { ...deps, words, topics },
    { body, defaults: defaultPreferences, now: deps.now(), problems },
  );
  const date = await findLatestListingDate(deps.db);
  const { papers, total } =
    date === null
      ? { papers: [], total: 0 }
      : await listPapersOnPage(deps.db, { date, skip: 0, take: papersOnHome });
  response.send(
    render('home', {
      form,
      preview,
      isFresh,
      challengeHref: deps.proofs === null ? null : links.challenge(),
      // A page that was asked for by its address is anybody's.
      stamp: isFresh || body === null ? '' : keepStamp(deps, body),
      latest: date === null ? null : { day: words.days.full(date), href: links.papersOf(date), total },
      // What comes first is light: whole abstracts are on the day's page, and on each paper's.
      papers: (await viewListedPapers({ db: deps.db, links, words, topics }, papers)).map((paper) => ({
        ...paper,
        abstract: null,
      })),
      canonical: deps.links.home(),
      feed: linkFeed(deps.links, { type: 'all' }, { title: words.t('feeds.all'), words }),
    }),
  );
}
