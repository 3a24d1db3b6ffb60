// Every page: which address does what.
import { type RequestHandler, Router } from 'express';
import type { PageDeps } from '../deps.ts';
import { pageErrors } from '../error-handler.ts';
import { feedRoutes } from '../feeds/feeds.ts';
import { defaultRateLimits, limitRate } from '../rate-limits.ts';
import { keepPrivate } from '../security-headers.ts';
import {
  getChangeAddress,
  getConfirmAddress,
  getKeepAddress,
  postChangeAddress,
  postConfirmAddress,
  postKeepAddress,
} from './change-address.ts';
import { getConfirm, postConfirm } from './confirm.ts';
import { sendErrorPage } from './error-page.ts';
import { getHistory } from './history.ts';
import { getHome, getPreviewFragment, postPreview } from './home.ts';
import { openPage } from './open-page.ts';
import { getData, getErase, postErase } from './own-data.ts';
import { getPaper } from './paper.ts';
import { getLatestPapers, getPapersOfDay } from './papers.ts';
import { getPreferences, postForgetVotes, postPreferences, postRenewFeed } from './preferences.ts';
import { readForm } from './read-form.ts';
import { getRequestLink, postRequestLink } from './request-link.ts';
import { getSearch } from './search.ts';
import { getSentDigest } from './sent-digest.ts';
import { readChoices } from './sign-up-link.ts';
import { postSubscribe } from './subscribe.ts';
import { getTopic, getTopics } from './topics.ts';
import { getUndo, postUndo } from './undo.ts';
import { getUnsubscribe, postUnsubscribe } from './unsubscribe.ts';
import { getVote, postVote } from './vote.ts';

export function pageRoutes(deps: PageDeps): Router {
  const { signUps, previews } = deps.rateLimits ?? defaultRateLimits;
  const refuse = (_request: unknown, response: Parameters<typeof sendErrorPage>[1]) =>
    sendErrorPage(deps, response, 429);
  const limitSignUps = limitRate(signUps, refuse);
  const limitPreviews = limitRate(previews, refuse);
  // A search costs about as much as a preview.
  const limitSearches = limitRate(previews, refuse);
  // So does a front page with choices in its address; without any it costs nothing.
  const limitChoices: RequestHandler = (request, response, next) =>
    readChoices(request.query) === null ? next() : limitPreviews(request, response, next);
  const form = readForm(deps);

  const router = Router({ caseSensitive: true });
  router.get('/', limitChoices, getHome(deps));
  router.post('/preview', limitPreviews, form, postPreview(deps));
  router.get('/preview/fragment', limitPreviews, getPreviewFragment(deps));
  router.post('/subscribe', limitSignUps, form, postSubscribe(deps));
  // Someone reloads the answer to a form by its address.
  router.get(['/preview', '/subscribe'], (_request, response) =>
    response.redirect(303, openPage(deps, response).links.home()),
  );

  router.use(
    ['/confirm', '/preferences', '/address', '/keep-address', '/digest', '/undo', '/unsubscribe'],
    keepPrivate,
  );
  router.route('/confirm/:token').get(getConfirm(deps)).post(postConfirm(deps));
  router.route('/preferences').get(getRequestLink(deps)).post(limitSignUps, form, postRequestLink(deps));
  router.route('/preferences/:token').get(getPreferences(deps)).post(form, postPreferences(deps));
  router.post('/preferences/:token/votes', form, postForgetVotes(deps));
  router.post('/preferences/:token/feed', postRenewFeed(deps));
  router.get('/preferences/:token/history', getHistory(deps));
  router.get('/digest/:token{/:edition}', getSentDigest(deps));
  router
    .route('/preferences/:token/address')
    .get(getChangeAddress(deps))
    .post(limitSignUps, form, postChangeAddress(deps));
  router.route('/address/:token').get(getConfirmAddress(deps)).post(postConfirmAddress(deps));
  router.route('/keep-address/:token').get(getKeepAddress(deps)).post(postKeepAddress(deps));
  router.get('/preferences/:token/data', getData(deps));
  router.route('/preferences/:token/erase').get(getErase(deps)).post(postErase(deps));
  router.get('/digest/:token/papers/:seq{/:wish}', getVote(deps));
  router.post('/digest/:token/papers/:seq', form, postVote(deps));
  router.route('/unsubscribe/:token').get(getUnsubscribe(deps)).post(postUnsubscribe(deps));
  router.route('/undo/:token').get(getUndo(deps)).post(postUndo(deps));

  router.get('/papers', getLatestPapers(deps));
  router.get('/papers/:date', getPapersOfDay(deps));
  router.get('/paper/:seq', getPaper(deps));
  router.get('/topics', getTopics(deps));
  router.get('/topics/:id', getTopic(deps));
  router.get('/search', limitSearches, getSearch(deps));
  router.use('/feeds', feedRoutes(deps, limitSearches));

  router.use((_request, response) => sendErrorPage(deps, response, 404));
  router.use(pageErrors(deps));
  return router;
}
