// What a sign-up costs whoever sends many, where SIGN_UP_PROOF is on: a proof of work each. Who brings none, as a browser without
// scripts, comes in by a narrow door beside it: a few from one source, and a few more from all sources together.
import type { Request, RequestHandler } from 'express';
import { proofSeconds } from '../../../platform/keys/proof-of-work.ts';
import type { WebDeps } from '../deps.ts';
import { readSources } from './rate-limits.ts';

const hour = 60 * 60;

/** Counted for all processes, so that a proof is spent once wherever it is brought. */
const spentProof = { name: 'proof', points: 1, seconds: proofSeconds };
const withoutProof = {
  source: { name: 'no-proof', points: 3, seconds: hour },
  all: { name: 'no-proof-all', points: 30, seconds: hour },
};

type Deps = Pick<WebDeps, 'proofs' | 'budgets' | 'now' | 'config'>;

export type Admission = { type: 'admitted' } | { type: 'refused'; retryAfterSeconds: number };

/** `payload`: what the field `altcha` has; empty: none. A bad one, or one that has counted already, is none. */
export async function admitSignUp(
  { proofs, budgets, now, config }: Deps,
  request: Request,
  payload: string,
): Promise<Admission> {
  if (proofs === null) return { type: 'admitted' };
  const checked = proofs.check(payload, now());
  if (checked.type === 'solved') {
    const spent = await budgets.spend([{ budget: spentProof, key: checked.id }]);
    if (spent.isGranted) return { type: 'admitted' };
  }
  const { address } = readSources(request, config.trustProxy);
  const granted = await budgets.spend([
    { budget: withoutProof.source, key: address },
    { budget: withoutProof.all, key: 'all' },
  ]);
  if (granted.isGranted) return { type: 'admitted' };
  return { type: 'refused', retryAfterSeconds: Math.ceil(granted.retryAfterMs / 1000) };
}

/** For the script of the front page, and for programs. 404 where no proof is asked for. */
export function getChallenge({ proofs, now }: Pick<WebDeps, 'proofs' | 'now'>): RequestHandler {
  return (_request, response, next) => {
    if (proofs === null) return next();
    response.set('Cache-Control', 'no-store').json(proofs.issue(now()));
  };
}
