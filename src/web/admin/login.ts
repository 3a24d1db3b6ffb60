// /admin/login and /admin/logout.
import type { RequestHandler, Response } from 'express';
import { wordsOf } from '../../languages/words.ts';
import { longestPassword } from '../../operators/rules.ts';
import { endSession, logIn } from '../../operators/sessions.ts';
import { readSource } from '../http/limits/rate-limits.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './open-session.ts';
import type { AdminDeps } from './page.ts';

/** Nobody shuts somebody else out: what counts most is who tries from where. */
const sourceShare = 2;
const nameShare = 20;

export function getLogin(deps: AdminDeps): RequestHandler {
  return (_request, response) => sendLogin(deps, response, {});
}

export function postLogin(deps: AdminDeps): RequestHandler {
  const { budgets, links, logger } = deps;
  const { points, seconds } = deps.rateLimits.logins;
  const both = { name: 'logins', points, seconds };
  const fromSource = { name: 'logins-source', points: points * sourceShare, seconds };
  const forName = { name: 'logins-name', points: points * nameShare, seconds };
  return async (request, response) => {
    const name = readText(request.body.name).trim().toLowerCase();
    const password = readText(request.body.password);
    const code = readText(request.body.code).trim();
    // A form of another site's must not log anybody in.
    const site = request.get('sec-fetch-site');
    if (site !== undefined && site !== 'same-origin')
      return sendLogin(deps, response.status(403), { problem: 'This form was not sent from here.' });
    const { address } = readSource(request);
    const granted = await budgets.spend([
      { budget: both, key: `${name} from ${address}` },
      { budget: fromSource, key: address },
      { budget: forName, key: name },
    ]);
    if (!granted.isGranted) {
      response.status(429).set('Retry-After', String(Math.ceil(granted.retryAfterMs / 1000)));
      return sendLogin(deps, response, { name, problem: 'Too many tries. Wait a quarter of an hour.' });
    }
    const isAnswerable = password.length <= longestPassword && name.length <= 64;
    const result = isAnswerable ? await logIn(deps, { name, password, code }) : { type: 'refused' as const };
    switch (result.type) {
      case 'logged-in':
        logger.info({ admin: name }, 'administrator logged in');
        setSessionCookie(deps, response, result);
        return response.redirect(303, links.admin(''));
      case 'code-needed':
        return sendLogin(deps, response.status(401), {
          name,
          problem: 'Give the code of your authenticator as well.',
        });
      case 'refused':
        logger.warn('administrator not let in');
        return sendLogin(deps, response.status(401), {
          name,
          problem: 'That is not right: name, password or code.',
        });
    }
  };
}

export function postLogout(deps: AdminDeps): RequestHandler {
  return async (request, response) => {
    const secret = readSessionCookie(request);
    if (secret !== null) await endSession(deps.db, secret);
    clearSessionCookie(deps, response);
    response.redirect(303, deps.links.admin('/login'));
  };
}

function sendLogin(
  { render, links }: AdminDeps,
  response: Response,
  { name = '', problem = null }: { name?: string; problem?: string | null },
): void {
  const page = { name, problem, action: links.admin('/login') };
  response.send(render('admin-login', page, { words: wordsOf('en'), links, languages: [] }));
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
