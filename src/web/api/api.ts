// /api/v1: which address does what.
import { type RequestHandler, Router } from 'express';
import { createLinks } from '../../platform/links.ts';
import type { WebDeps } from '../http/deps.ts';
import { apiErrors } from '../http/error-handler.ts';
import { refuseOtherMethods, sendProblem } from '../http/problem.ts';
import { type Limit, tooManyRequests } from '../http/rate-limits.ts';
import { readJson } from '../http/read-body.ts';
import type { ReceiverLimit } from '../http/receiver-limits.ts';
import { deleteData, getData, postAccountLink, postAddress, postCloseLinks } from './own-data.ts';
import { getFeed, postFeed } from './own-feed.ts';
import { getPapers } from './papers.ts';
import { postPreferencesLink } from './preferences-links.ts';
import { deleteSubscription, getSubscription, patchSubscription } from './subscription.ts';
import { postSubscription } from './subscriptions.ts';
import { getTopics } from './topics.ts';

const manyMails =
  'More mail was asked for than is sent in one hour. Nothing was stored: try again in an hour.';

export function apiRoutes(
  deps: WebDeps,
  { limit, limitReceivers }: { limit: Limit; limitReceivers: ReceiverLimit },
): Router {
  const refuse: RequestHandler = (_request, response) =>
    sendProblem(response, { status: 429, detail: tooManyRequests });
  const limitMails = limit('mails', refuse);
  const limitReceiver = limitReceivers((_request, response) =>
    sendProblem(response, { status: 503, detail: manyMails }),
  );
  const limitChanges = limit('changes', refuse);
  const router = Router({ caseSensitive: true });
  router
    .route('/v1/subscriptions')
    .post(limitMails, readJson, limitReceiver, postSubscription(deps))
    .all(refuseOtherMethods('POST'));
  router
    .route('/v1/subscription')
    .get(getSubscription(deps))
    .patch(limitChanges, readJson, patchSubscription(deps))
    .delete(deleteSubscription(deps))
    .all(refuseOtherMethods('GET', 'PATCH', 'DELETE'));
  router
    .route('/v1/subscription/data')
    .get(limitChanges, getData(deps))
    .delete(deleteData(deps))
    .all(refuseOtherMethods('GET', 'DELETE'));
  router
    .route('/v1/subscription/address')
    .post(limitMails, readJson, limitReceiver, postAddress(deps))
    .all(refuseOtherMethods('POST'));
  router
    .route('/v1/subscription/account-links')
    .post(limitMails, postAccountLink(deps))
    .all(refuseOtherMethods('POST'));
  router
    .route('/v1/subscription/links')
    .post(limitChanges, postCloseLinks(deps))
    .all(refuseOtherMethods('POST'));
  router
    .route('/v1/subscription/feed')
    .get(getFeed(deps))
    .post(limitChanges, postFeed(deps))
    .all(refuseOtherMethods('GET', 'POST'));
  router
    .route('/v1/preferences-links')
    .post(limitMails, readJson, limitReceiver, postPreferencesLink(deps))
    .all(refuseOtherMethods('POST'));
  router.route('/v1/topics').get(getTopics(deps)).all(refuseOtherMethods('GET'));
  router
    .route('/v1/papers')
    .get(getPapers({ db: deps.db, links: createLinks(deps.config.baseUrl) }))
    .all(refuseOtherMethods('GET'));
  router.use((_request, response) =>
    sendProblem(response, { status: 404, detail: 'There is nothing at this address.' }),
  );
  router.use(apiErrors(deps.logger));
  return router;
}
