// GET and POST /api/v1/subscription/feed: the addresses of one's own feed, and new ones. By the token of a preferences link.
import type { RequestHandler } from 'express';
import { wordsOf } from '../../../languages/words.ts';
import { createLinks } from '../../../platform/links.ts';
import { renewFeed, signFeed } from '../../../subscribers/account/own-feed.ts';
import type { Subscriber } from '../../../subscribers/subscriber.ts';
import type { WebDeps } from '../../http/deps.ts';
import { linkFeed } from '../../public/feed-links.ts';
import { authenticate, refuseToken } from './subscription.ts';

type Deps = Pick<WebDeps, 'db' | 'tokens' | 'now' | 'config'>;

export function getFeed(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber === null) return;
    response.json(toJson(deps, subscriber));
  };
}

/** From now on the old addresses answer 410. */
export function postFeed(deps: Deps): RequestHandler {
  return async (request, response) => {
    const subscriber = await authenticate(deps, request, response);
    if (subscriber === null) return;
    const renewed = await renewFeed(deps, subscriber.id);
    if (renewed === null) return refuseToken(response);
    response.json(toJson(deps, renewed));
  };
}

function toJson({ tokens, config }: Deps, subscriber: Subscriber): { atom: string; json: string } {
  const { atom, json } = linkFeed(
    createLinks(config.baseUrl),
    { type: 'reader', token: signFeed(tokens, subscriber) },
    { title: '', words: wordsOf(subscriber.preferences.language) },
  );
  return { atom, json };
}
