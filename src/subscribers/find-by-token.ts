// Whom a link is about. Reads only.
import type { Db } from '../db.ts';
import type { TokenPurpose, TokenSigner } from '../tokens.ts';
import { findSubscriber } from './store.ts';
import type { Subscriber } from './subscriber.ts';

export type FoundByToken =
  | { type: 'found'; subscriber: Subscriber; issuedAt: Date }
  | { type: 'expired' | 'invalid' | 'gone' };

/** `gone`: the link was good once, and what it was about has been erased. */
export async function findByToken(
  { db, tokens, now }: { db: Db; tokens: TokenSigner; now: () => Date },
  { purpose, token }: { purpose: TokenPurpose; token: string },
): Promise<FoundByToken> {
  const verified = tokens.verify({ purpose, token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const subscriber = await findSubscriber(db, verified.subscriberId);
  return subscriber === null ? { type: 'gone' } : { type: 'found', subscriber, issuedAt: verified.issuedAt };
}
