// Whose page this is, by the token of the preferences; whoever has no such page is told why.
import type { Response } from 'express';
import { findByToken } from '../../subscribers/find-by-token.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../http/deps.ts';
import { sendEnded, sendTokenProblem } from './token-problem.ts';

/** Null when the answer was sent already: the link is not good, or its reader left. */
export async function findReader(
  deps: PageDeps,
  response: Response,
  token: string,
): Promise<Subscriber | null> {
  const subscriber = await findOwner(deps, response, token);
  if (subscriber?.status !== 'unsubscribed') return subscriber;
  sendEnded(deps, response.status(409), { subscriber, token });
  return null;
}

/** The same, also for who left: their data are still theirs. */
export async function findOwner(
  deps: PageDeps,
  response: Response,
  token: string,
): Promise<Subscriber | null> {
  const found = await findByToken(deps, { purpose: 'preferences', token });
  if (found.type === 'found') return found.subscriber;
  sendTokenProblem(deps, response, { state: found.type, purpose: 'preferences' });
  return null;
}
