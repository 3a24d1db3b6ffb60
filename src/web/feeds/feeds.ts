// /feeds: Atom and JSON Feed of all papers, of a topic, of a keyword query, and a reader's own by a secret address.
import { type RequestHandler, type Response, Router } from 'express';
import { fallbackLanguage } from '../../languages/languages.ts';
import { wordsOf } from '../../languages/words.ts';
import { findLastChange } from '../../matching/browse-store.ts';
import { createLinks, type FeedFormat, type FeedSubject } from '../../platform/links.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { keepPrivate } from '../http/answers/security-headers.ts';
import { etagOf, sendConditionally } from '../http/answers/send-conditionally.ts';
import type { Share } from '../http/answers/share-pages.ts';
import { sendEnded, sendTokenProblem } from '../http/answers/token-problem.ts';
import { findAskedLanguage } from '../http/choose-language.ts';
import type { PageDeps } from '../http/deps.ts';
import { buildFeed } from './build-feed.ts';
import type { Feed } from './feed.ts';
import { findFeed } from './find-feed.ts';
import { writeAtom } from './write-atom.ts';
import { writeJsonFeed } from './write-json.ts';

const formats: Record<FeedFormat, { type: string; write: (feed: Feed) => string }> = {
  atom: { type: 'application/atom+xml; charset=utf-8', write: writeAtom },
  json: { type: 'application/feed+json; charset=utf-8', write: writeJsonFeed },
};

export function feedRoutes(
  deps: PageDeps,
  { limitSearches, share }: { limitSearches: RequestHandler; share: Share },
): Router {
  const send = (subjectOf: (params: Record<string, string>, query: unknown) => FeedSubject) =>
    sendFeed(deps, subjectOf);
  const router = Router({ caseSensitive: true });
  router.get('/all.:format', share(send(() => ({ type: 'all' }))));
  router.get('/topics/:id.:format', share(send(({ id = '' }) => ({ type: 'topic', id }))));
  router.get(
    '/search.:format',
    limitSearches,
    share(send((_, query) => ({ type: 'search', query: readText(query) }))),
  );
  router.get(
    '/mine/:token.:format',
    keepPrivate,
    limitSearches,
    send(({ token = '' }) => ({ type: 'reader', token })),
  );
  return router;
}

function sendFeed(
  deps: PageDeps,
  subjectOf: (params: Record<string, string>, query: unknown) => FeedSubject,
): RequestHandler<Record<string, string>> {
  const { db, config } = deps;
  const links = createLinks(config.baseUrl);
  return async (request, response, next) => {
    const { params, query } = request;
    const format = readFormat(params.format);
    if (format === null) return next();
    const subject = subjectOf(params, query.q);
    // Not as the browser prefers: what a feed reader keeps has one language under one address.
    const words = wordsOf(findAskedLanguage(request) ?? fallbackLanguage);
    // Before the papers are read: what comes in between is newer than this, and is asked for again.
    const changedAt = await findLastChange(db);
    const found = await findFeed({ ...deps, links, words }, subject);
    switch (found.type) {
      case 'not-there':
        return next();
      case 'moved':
        return response.redirect(
          302,
          request.originalUrl.replace(/\/topics\/[^/?]*/, `/topics/${found.topic}.${format}`),
        );
      case 'not-understood':
        return sendErrorPage(deps, response, 400, found.words);
      case 'ended':
        return sendEnded(deps, response.status(410), { subscriber: found.subscriber, token: null });
      case 'expired':
      case 'gone':
      case 'invalid':
        return sendTokenProblem(deps, response, { state: found.type, purpose: 'feed' });
      case 'found': {
        const topics = await deps.readTopics(words.language);
        const feed = await buildFeed({ db, links, words, topics, siteName: config.siteName }, found, subject);
        setCaching(response, subject, changedAt ?? feed.updatedAt, deps.now());
        response.type(formats[format].type);
        const body = formats[format].write(feed);
        sendConditionally(request, response, { body, etag: etagOf(body) });
      }
    }
  };
}

/**
 * When a reader changed their interests is not kept: their feed counts as changed now, so that only its ETag tells that it
 * did not.
 */
function setCaching(response: Response, { type }: FeedSubject, changedAt: Date, now: Date): void {
  const isPrivate = type === 'reader';
  response.set({
    'Cache-Control': isPrivate ? 'private, max-age=900' : 'public, max-age=900',
    'Last-Modified': (isPrivate ? now : changedAt).toUTCString(),
    // A page of another origin may show a public feed.
    ...(isPrivate
      ? {}
      : { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }),
  });
}

function readFormat(text: string | undefined): FeedFormat | null {
  return text === 'atom' || text === 'json' ? text : null;
}

function readText(given: unknown): string {
  return typeof given === 'string' ? given : '';
}
