// /api/v1: mounted from the routes as they are described.
import { type RequestHandler, Router } from 'express';
import { apiErrors } from '../http/answers/error-handler.ts';
import { refuseOtherMethods, sendProblem } from '../http/answers/problem.ts';
import type { Share } from '../http/answers/share-pages.ts';
import { type Limit, tooManyRequests } from '../http/limits/rate-limits.ts';
import type { ReceiverLimit } from '../http/limits/receiver-limits.ts';
import { aboutRoutes } from './about.ts';
import { operatorRoutes } from './operator/routes.ts';
import { readerRoutes } from './reader/routes.ts';
import { createKeyDoor } from './require-key.ts';
import type { ApiDeps, Doors, Route } from './route.ts';

const manyMails =
  'More mail was asked for than is sent in one hour. Nothing was stored: try again in an hour.';

/** All of them, in the order of the documents. */
export function listApiRoutes(): readonly Route[] {
  const routes: Route[] = [...readerRoutes, ...operatorRoutes];
  routes.push(...aboutRoutes(() => routes));
  return routes;
}

export function apiRoutes(
  deps: ApiDeps,
  { limit, limitReceivers, share }: { limit: Limit; limitReceivers: ReceiverLimit; share: Share },
): Router {
  const refuse: RequestHandler = (_request, response) =>
    sendProblem(response, { status: 429, detail: tooManyRequests });
  const doors: Doors = {
    share,
    limitMails: limit('mails', refuse),
    limitChanges: limit('changes', refuse),
    limitReceiver: limitReceivers((_request, response) =>
      sendProblem(response, { status: 503, detail: manyMails }),
    ),
    requireKey: createKeyDoor(deps),
  };
  const router = Router({ caseSensitive: true });
  const routes = listApiRoutes();
  // What has a name of its own comes before what takes any.
  const order = (path: string) => path.replaceAll('{', '~');
  const paths = [...new Set(routes.map(({ path }) => path))];
  for (const path of paths.toSorted((one, other) => (order(one) < order(other) ? -1 : 1))) {
    const mounted = router.route(`/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    const here = routes.filter((route) => route.path === path);
    for (const { method, open } of here) mounted[method]([open(deps, doors)].flat(2));
    mounted.all(refuseOtherMethods(...here.map(({ method }) => method.toUpperCase())));
  }
  router.use((_request, response) =>
    sendProblem(response, { status: 404, detail: 'There is nothing at this address.' }),
  );
  router.use(apiErrors(deps.logger));
  return router;
}
