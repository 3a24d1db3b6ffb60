// Who asks by a key: whether it works, whether it may, and not more often than is good for all.
import type { Request, RequestHandler, Response } from 'express';
import { findKey } from '../../operators/api-keys.ts';
import type { Scope } from '../../operators/scopes.ts';
import { createLocalBudgets } from '../../platform/budgets.ts';
import { sendProblem } from '../http/answers/problem.ts';
import type { WebDeps } from '../http/deps.ts';

export type KnownKey = NonNullable<Awaited<ReturnType<typeof findKey>>>;

export type RequireKey = (scope: Scope) => RequestHandler;

/** Made once: all routes spend one budget of a key. Counted by this process alone, so that looking writes nothing. */
export function createKeyDoor({
  db,
  now,
  rateLimits: { keys: limit },
}: Pick<WebDeps, 'db' | 'now' | 'rateLimits'>): RequireKey {
  const budgets = createLocalBudgets();
  const budget = { name: 'api-key', ...limit };
  return (scope) => async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const key = await findKey({ db, now }, readBearer(request));
    if (key === null) {
      response.set('WWW-Authenticate', 'Bearer');
      return sendProblem(response, noKey);
    }
    const granted = await budgets.spend([{ budget, key: key.name }]);
    if (!granted.isGranted) {
      response.set('Retry-After', String(Math.ceil(granted.retryAfterMs / 1000)));
      return sendProblem(response, {
        status: 429,
        detail: `Of one key ${limit.points} requests are taken in ${limit.seconds} seconds. Wait, then try again.`,
      });
    }
    if (!key.scopes.includes(scope)) {
      response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
      return sendProblem(response, {
        status: 403,
        detail: `This takes a key with the scope ${scope}, which yours has not.`,
      });
    }
    Object.assign(response.locals, { key });
    next();
  };
}

const noKey = {
  status: 401,
  detail:
    'Send a key that works, as “Authorization: Bearer pr_…”. An operator makes one: “paperround keys create”, or “API keys” in the console.',
};

/** Behind the door of `requireKey`. */
export function getKey({ locals }: Response): KnownKey {
  return (locals as { key: KnownKey }).key;
}

/** Never from the address: those are kept in logs. */
function readBearer(request: Request): string {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
}
