// Every page: which address does what.
import { type RequestHandler, Router } from 'express';
import { feedRoutes } from './feeds/feeds.ts';
import { pageErrors } from './http/answers/error-handler.ts';
import { sendErrorPage } from './http/answers/error-page.ts';
import { keepPrivate } from './http/answers/security-headers.ts';
import type { Share } from './http/answers/share-pages.ts';
import type { PageDeps } from './http/deps.ts';
import { expandZoteroInForm } from './http/expand-zotero.ts';
import { getChallenge } from './http/limits/proof-door.ts';
import type { Limit } from './http/limits/rate-limits.ts';
import type { ReceiverLimit } from './http/limits/receiver-limits.ts';
import { openPage } from './http/open-page.ts';
import { libraryLimit, readForm } from './http/read-body.ts';
import { readMultipart } from './http/read-multipart.ts';
import { getCitation } from './public/citation.ts';
import { getHome, getPreviewFragment, postPreview } from './public/home.ts';
import { addLibraryFile } from './public/library-file.ts';
import { getPaper } from './public/paper.ts';
import { getLatestPapers, getPapersOfDay } from './public/papers.ts';
import { getSearch } from './public/search.ts';
import { readChoices } from './public/sign-up-link.ts';
import { getStamp, postSubscribe } from './public/subscribe.ts';
import { getTopic, getTopics } from './public/topics.ts';
import {
  getChangeAddress,
  getConfirmAddress,
  getKeepAddress,
  postChangeAddress,
  postConfirmAddress,
  postKeepAddress,
} from './reader/change-address.ts';
import { getHistoryCitations } from './reader/citations.ts';
import { getConfirm, postConfirm } from './reader/confirm.ts';
import { getHistory } from './reader/history.ts';
import { getNoMail, postNoMail } from './reader/no-mail.ts';
import {
  type DigestDoor,
  type DigestHandler,
  type Door,
  openDigestLink,
  openLink,
  type ReaderHandler,
} from './reader/open-link.ts';
import {
  getAccount,
  getData,
  getErase,
  postErase,
  postRequestAccount,
  refuseDear,
} from './reader/own-data.ts';
import {
  getPreferences,
  postCloseLinks,
  postForgetVotes,
  postPreferences,
  postRenewFeed,
} from './reader/preferences.ts';
import { getRequestLink, postRequestLink } from './reader/request-link.ts';
import {
  forwardOldView,
  forwardToView,
  forwardToVote,
  getSharedDigest,
  getVotes,
} from './reader/sent-digest.ts';
import { getUndo, postUndo } from './reader/undo.ts';
import { getUnsubscribe, postUnsubscribe } from './reader/unsubscribe.ts';
import { getVote, postVote } from './reader/vote.ts';

/** What opens a route, and what becomes of readers who left. */
const preferences = {
  told: { purpose: 'preferences', whoLeft: 'is-told' },
  refused: { purpose: 'preferences', whoLeft: 'is-refused' },
  all: { purpose: 'preferences', whoLeft: 'comes-in' },
} as const;
/** What is dear. */
const account = {
  refused: { purpose: 'account', whoLeft: 'is-refused' },
  all: { purpose: 'account', whoLeft: 'comes-in' },
} as const;
// Whoever the page was passed on to keeps it, whether or not its reader has left.
const view: DigestDoor = { purpose: 'view', whoLeft: 'comes-in' };
const vote: DigestDoor = { purpose: 'vote', whoLeft: 'is-told' };
const wayOut: Door = { purpose: 'unsubscribe', whoLeft: 'comes-in' };

export function pageRoutes(
  deps: PageDeps,
  { limit, limitReceivers, share }: { limit: Limit; limitReceivers: ReceiverLimit; share: Share },
): Router {
  const refuse = (_request: unknown, response: Parameters<typeof sendErrorPage>[1]) =>
    sendErrorPage(deps, response, 429);
  const limitMails = limit('mails', refuse);
  const limitReceiver = limitReceivers((_request, response) =>
    sendErrorPage(deps, response, 503, { key: 'errors.manyMailsText' }),
  );
  const limitLookUps = limit('lookUps', refuse);
  const limitChanges = limit('changes', refuse);
  // A front page without choices in its address looks nothing up.
  const limitChoices: RequestHandler = (request, response, next) =>
    readChoices(request.query) === null ? next() : limitLookUps(request, response, next);
  const form = readForm(deps);
  const choicesForm = [
    ...readMultipart(libraryLimit, addLibraryFile),
    ...readForm(deps, libraryLimit),
    expandZoteroInForm(deps),
  ];

  const open = <Params extends { token: string }>(door: Door, handle: ReaderHandler<Params>) =>
    openLink(deps, door, handle);
  const openDigest = <Params extends { token: string }>(door: DigestDoor, handle: DigestHandler<Params>) =>
    openDigestLink(deps, door, handle);

  const router = Router({ caseSensitive: true });
  router.get('/', limitChoices, share(getHome(deps)));
  router.post('/preview', limitLookUps, choicesForm, postPreview(deps));
  router.get('/preview/fragment', limitLookUps, getPreviewFragment(deps));
  router.post('/subscribe', limitMails, choicesForm, limitReceiver, postSubscribe(deps));
  router.get('/subscribe/opened', getStamp(deps));
  router.get('/subscribe/challenge', getChallenge(deps));
  // Someone reloads the answer to a form by its address.
  router.get(['/preview', '/subscribe'], (_request, response) =>
    response.redirect(303, openPage(deps, response).links.home()),
  );

  router.use(
    [
      '/confirm',
      '/preferences',
      '/account',
      '/address',
      '/keep-address',
      '/digest',
      '/vote',
      '/undo',
      '/no-mail',
      '/unsubscribe',
    ],
    keepPrivate,
  );
  router.route('/confirm/:token').get(getConfirm(deps)).post(postConfirm(deps));
  router
    .route('/preferences')
    .get(getRequestLink(deps))
    .post(limitMails, form, limitReceiver, postRequestLink(deps));
  router
    .route('/preferences/:token')
    .get(open(preferences.told, getPreferences(deps)))
    .post(limitChanges, choicesForm, open(preferences.refused, postPreferences(deps)));
  router.post(
    '/preferences/:token/votes',
    limitChanges,
    form,
    open(preferences.refused, postForgetVotes(deps)),
  );
  router.post('/preferences/:token/feed', limitChanges, open(preferences.refused, postRenewFeed(deps)));
  router.post('/preferences/:token/account', limitMails, open(preferences.all, postRequestAccount(deps)));
  router.post('/preferences/:token/links', limitChanges, open(preferences.refused, postCloseLinks(deps)));
  router.all(
    ['/preferences/:token/address', '/preferences/:token/data', '/preferences/:token/erase'],
    open(preferences.all, refuseDear(deps)),
  );
  router.get('/account/:token', open(account.all, getAccount(deps)));
  router.get('/preferences/:token/history', open(preferences.told, getHistory(deps)));
  router.get(
    '/preferences/:token/history.:form',
    limitLookUps,
    open(preferences.told, getHistoryCitations(deps)),
  );
  router.get('/digest/:token', forwardOldView(deps), openDigest(view, getSharedDigest(deps)));
  router.get('/digest/:token/:edition', open(preferences.all, forwardToView(deps)));
  router.get('/digest/:token/papers/:seq{/:wish}', open(preferences.all, forwardToVote(deps)));
  router.get('/vote/:token', openDigest(vote, getVotes(deps)));
  router.get('/vote/:token/papers/:seq{/:wish}', openDigest(vote, getVote(deps)));
  router.post('/vote/:token/papers/:seq', limitChanges, form, openDigest(vote, postVote(deps)));
  router
    .route('/account/:token/address')
    .get(open(account.refused, getChangeAddress(deps)))
    .post(limitMails, form, limitReceiver, open(account.refused, postChangeAddress(deps)));
  router.route('/address/:token').get(getConfirmAddress(deps)).post(postConfirmAddress(deps));
  router.route('/keep-address/:token').get(getKeepAddress(deps)).post(postKeepAddress(deps));
  router.get('/account/:token/data', limitChanges, open(account.all, getData(deps)));
  router
    .route('/account/:token/erase')
    .get(open(account.all, getErase(deps)))
    .post(limitChanges, open(account.all, postErase(deps)));
  router
    .route('/unsubscribe/:token')
    .get(open(wayOut, getUnsubscribe(deps)))
    .post(postUnsubscribe(deps));
  router.route('/no-mail/:token').get(getNoMail(deps)).post(postNoMail(deps));
  router.route('/undo/:token').get(getUndo(deps)).post(postUndo(deps));

  router.get('/papers', getLatestPapers(deps));
  router.get(['/paper/:seq.:form', '/papers/:seq.:form'], limitLookUps, getCitation(deps));
  router.get('/papers/:date', share(getPapersOfDay(deps)));
  router.get('/paper/:seq', share(getPaper(deps)));
  router.get('/topics', share(getTopics(deps)));
  router.get('/topics/:id', share(getTopic(deps)));
  router.get('/search', limitLookUps, share(getSearch(deps)));
  router.use('/feeds', feedRoutes(deps, { limitSearches: limitLookUps, share }));

  router.use((_request, response) => sendErrorPage(deps, response, 404));
  router.use(pageErrors(deps));
  return router;
}
