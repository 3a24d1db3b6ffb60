// Who is logged in: a cookie for /admin alone, sent to no other site's pages, read by no script. A form must bring along
// what only our own page has, and acting takes an operator.
import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import { hasAdmins } from '../../operators/admins.ts';
import { findAction } from '../../operators/audit.ts';
import { findSession, type Session } from '../../operators/sessions.ts';
import { readRowId } from '../../text/row-id.ts';
import type { PageDeps } from '../http/deps.ts';

export type AdminLocals = {
  session: Session;
  /** Below /admin. */
  path: string;
  /** What came of the action that led here. */
  done: string | null;
};

const cookieName = 'paperround-admin';

function describeCookie({ links, config }: Pick<PageDeps, 'links' | 'config'>): CookieOptions {
  return {
    httpOnly: true,
    sameSite: 'strict',
    path: links.admin(''),
    // On a plain http address a browser would not send it back.
    secure: config.baseUrl.startsWith('https:'),
  };
}

export function setSessionCookie(
  deps: PageDeps,
  response: Response,
  { secret, expiresInMs }: { secret: string; expiresInMs: number },
): void {
  response.cookie(cookieName, secret, { ...describeCookie(deps), maxAge: expiresInMs });
}

export function clearSessionCookie(deps: PageDeps, response: Response): void {
  response.clearCookie(cookieName, describeCookie(deps));
}

export function readSessionCookie({ headers: { cookie = '' } }: Request): string | null {
  for (const pair of cookie.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === cookieName && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}

/** Whoever is not logged in is led to the form; without an administrator there is none. */
export function requireSession(deps: PageDeps, refuse: RequestHandler): RequestHandler {
  const { db, now, links } = deps;
  return async (request, response, next) => {
    const secret = readSessionCookie(request);
    const session = secret === null ? null : await findSession({ db, now }, secret);
    if (session === null) {
      if (await hasAdmins(db)) response.redirect(303, links.admin('/login'));
      else refuse(request, response, next);
      return;
    }
    const locals: AdminLocals = {
      session,
      path: request.path.replace(/\/+$/, ''),
      done: await readDone(deps, request, session),
    };
    Object.assign(response.locals, locals);
    next();
  };
}

/** Only what this administrator did, a moment ago: an address of somebody else's making puts no words on the page. */
async function readDone({ db, now }: PageDeps, request: Request, session: Session): Promise<string | null> {
  const { done } = request.query;
  const id = typeof done === 'string' ? readRowId(done) : null;
  const entry = id === null ? null : await findAction(db, id);
  const isTheirs = entry !== null && entry.adminName === session.admin.name;
  return isTheirs && now().getTime() - entry.at.getTime() < 10 * 60_000 ? entry.result : null;
}

/** After the body was read. */
export function requireFormToken(refuse: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const { session } = response.locals as AdminLocals;
    const site = request.get('sec-fetch-site');
    const isOurs = site === undefined || site === 'same-origin';
    if (isOurs && request.body.form_token === session.formToken) return next();
    return refuse(request, response, next);
  };
}

export function requireOperator(refuse: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const { session } = response.locals as AdminLocals;
    if (session.admin.role === 'operator') return next();
    return refuse(request, response, next);
  };
}
