// /admin: what operators see and do. Not there at all until an administrator is.
import { type RequestHandler, Router } from 'express';
import { hasAdmins } from '../../operators/admins.ts';
import { pageErrors } from '../http/answers/error-handler.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { keepPrivate } from '../http/answers/security-headers.ts';
import { readForm } from '../http/read-body.ts';
import { readMultipart } from '../http/read-multipart.ts';
import { postAction } from './actions.ts';
import { getDeliveries, getDelivery } from './deliveries.ts';
import { getEdition, getEditions } from './editions.ts';
import { getKeys } from './keys.ts';
import { getAudit, getBounces, getSettings, getSuppressions } from './lists.ts';
import { getLogin, postLogin, postLogout } from './login.ts';
import { requireFormToken, requireOperator, requireSession } from './open-session.ts';
import type { AdminDeps } from './page.ts';
import { getReader, getReaders } from './readers.ts';
import { getSources } from './sources.ts';
import { getToday } from './today.ts';
import { foldFile, getListings, listingLimit, postListing } from './tries/listing.ts';
import { getMail } from './tries/mail.ts';
import { draftLimit, getDraft, getTopics, postDraft, postTopic } from './tries/topic.ts';
import { getWebhooks } from './webhooks.ts';

export function adminRoutes(deps: AdminDeps): Router {
  const notFound: RequestHandler = (_request, response) => sendErrorPage(deps, response, 404);
  const refuse: RequestHandler = (_request, response) => sendErrorPage(deps, response, 403);
  const form = readForm(deps);
  const router = Router({ caseSensitive: true });
  const requireAdmins: RequestHandler = async (request, response, next) =>
    (await hasAdmins(deps.db)) ? next() : notFound(request, response, next);
  router.use(keepPrivate);
  router.route('/login').all(requireAdmins).get(getLogin(deps)).post(form, postLogin(deps));
  router.use(requireSession(deps, notFound));
  router.post('/logout', form, requireFormToken(refuse), postLogout(deps));
  router.get('/', getToday(deps));
  router.get('/editions', getEditions(deps));
  router.get('/editions/:day', getEdition(deps));
  router.get('/deliveries', getDeliveries(deps));
  router.get('/deliveries/:id', getDelivery(deps));
  router.get('/readers', getReaders(deps));
  router.get('/readers/:id', getReader(deps));
  router.get('/suppressions', getSuppressions(deps));
  router.get('/bounces', getBounces(deps));
  router.get('/mail', getMail(deps));
  router.get('/papers', getListings(deps));
  router.post(
    '/papers',
    // Nobody else is read 6 MB of.
    requireOperator(refuse),
    ...[...readMultipart(listingLimit, foldFile), ...readForm(deps, listingLimit)],
    requireFormToken(refuse),
    postListing(deps),
  );
  router.get('/sources', getSources(deps));
  router.get('/topics', getTopics(deps));
  router.get('/topics/draft', requireOperator(refuse), getDraft(deps));
  router.post(
    '/topics/draft',
    requireOperator(refuse),
    ...readForm(deps, draftLimit),
    requireFormToken(refuse),
    postDraft(deps),
  );
  router.post(
    '/topics/store',
    requireOperator(refuse),
    ...readForm(deps, draftLimit),
    requireFormToken(refuse),
    postTopic(deps),
  );
  router.get('/settings', getSettings(deps));
  router.get('/keys', getKeys(deps));
  router.get('/webhooks', getWebhooks(deps));
  router.get('/audit', getAudit(deps));
  router.post('/do/:action', form, requireFormToken(refuse), requireOperator(refuse), postAction(deps));
  router.use(notFound);
  router.use(pageErrors(deps));
  return router;
}
