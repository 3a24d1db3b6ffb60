// The web server: pages for people, JSON under /api. Nothing here listens; `createApp(...).listen(port)` does.
import express, { type Express } from 'express';
import type { Language } from '../languages/languages.ts';
import { listKnownOrganizations } from '../papers/organizations.ts';
import { answerHealth, healthPaths } from '../platform/health.ts';
import { keepFor } from '../platform/keep-for.ts';
import { addToQuery, createLinks } from '../platform/links.ts';
import { roomLimits } from '../platform/room.ts';
import { keepTopics } from '../topics/store.ts';
import { adminRoutes } from './admin/routes.ts';
import { apiRoutes } from './api/api.ts';
import { hookRoutes } from './hooks/hooks.ts';
import { readAssets } from './http/answers/assets.ts';
import { compressPublic } from './http/answers/compress.ts';
import { tooBusy } from './http/answers/error-handler.ts';
import { sendErrorPage } from './http/answers/error-page.ts';
import { sendProblem } from './http/answers/problem.ts';
import { createRenderer } from './http/answers/render.ts';
import { securityHeaders } from './http/answers/security-headers.ts';
import { createSharedPages } from './http/answers/share-pages.ts';
import type { WebDeps } from './http/deps.ts';
import { checkHealth } from './http/health.ts';
import { askPatiently } from './http/limits/patience.ts';
import { warnOfProxy } from './http/limits/proxy-watch.ts';
import { createLimit } from './http/limits/rate-limits.ts';
import { createReceiverLimit } from './http/limits/receiver-limits.ts';
import { shedLoad } from './http/limits/shed-load.ts';
import { measureRequests } from './http/measure-requests.ts';
import { logRequests } from './http/request-log.ts';
import { pageRoutes } from './pages.ts';
import { offeredOrganizations } from './public/preferences/preferences-form.ts';

/** Reads templates and assets; throws when one is missing or broken. */
export function createApp(deps: WebDeps): Express {
  const { config, logger } = deps;
  // Paths, so that a page works under whatever name it was reached.
  const basePath = new URL(config.baseUrl).pathname.replace(/\/+$/, '');
  const links = createLinks(basePath);
  const linksIn = (language: Language) => createLinks(basePath, (url) => addToQuery(url, 'lang', language));
  const assets = readAssets(config.brand);
  const render = createRenderer({ config, links, assets });
  const pageDeps = {
    ...deps,
    links,
    linksIn,
    render,
    readTopics: keepTopics(deps.db, deps.pagesKeptMs),
    readOrganizations: keepFor(deps.pagesKeptMs, () => listKnownOrganizations(deps.db, offeredOrganizations)),
  };

  const limit = createLimit(deps);
  const limitReceivers = createReceiverLimit(deps);
  const { readRoom } = deps;
  const shared = createSharedPages({
    keptMs: deps.pagesKeptMs,
    isPressed: () => readRoom !== undefined && readRoom() < roomLimits.most,
  });
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.set('trust proxy', config.trustProxy);
  app.use(logRequests(logger), securityHeaders(config));
  app.use(warnOfProxy({ logger, trustProxy: config.trustProxy }));
  const { metrics } = deps;
  if (metrics !== null) {
    app.get('/metrics', (request, response) => metrics.answer(request, response));
    app.use(measureRequests(metrics.metrics));
  }
  app.get('/healthz', checkHealth(deps));
  app.get(healthPaths, (request, response) => answerHealth(deps.health, request, response));
  app.get('/assets/:file', assets.serve);
  app.use(
    shedLoad(
      (request, response) => {
        if (request.path.startsWith('/api/')) sendProblem(response, { status: 503, detail: tooBusy });
        else sendErrorPage({ links, linksIn, render }, response, 503);
      },
      { readRoom, isAtHand: shared.isAtHand },
    ),
  );
  app.use(askPatiently);
  app.use(compressPublic());
  if (deps.hooks !== null) app.use('/hooks', hookRoutes({ ...deps, hooks: deps.hooks }));
  app.use('/api', apiRoutes(pageDeps, { limit, limitReceivers, share: shared.share }));
  app.use('/admin', adminRoutes(pageDeps));
  app.use(pageRoutes(pageDeps, { limit, limitReceivers, share: shared.share }));
  return app;
}
