// Whom a link is about. Reads only.
import type { Db } from '../platform/db.ts';
import { isIssuedBefore, type TokenPurpose, type TokenSigner } from '../platform/tokens.ts';
import { findSubscriber } from './store.ts';
import type { Subscriber } from './subscriber.ts';

export type FoundByToken =
  | { type: 'found'; subscriber: Subscriber; issuedAt: Date }
  | { type: 'expired' | 'invalid' | 'gone' };

/**
 * `gone`: the link was good once, and what it was about has been erased. A link to the preferences is for the mailbox
 * that it was sent to: once its reader has moved, it is `expired`.
 */
export async function findByToken(
  { db, tokens, now }: { db: Db; tokens: TokenSigner; now: () => Date },
  { purpose, token }: { purpose: TokenPurpose; token: string },
): Promise<FoundByToken> {
  const verified = tokens.verify({ purpose, token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const { subscriberId, issuedAt } = verified;
  const subscriber = await findSubscriber(db, subscriberId);
  if (subscriber === null) return { type: 'gone' };
  const isLeftBehind = purpose === 'preferences' && isIssuedBefore(issuedAt, subscriber.addressSince);
  return isLeftBehind ? { type: 'expired' } : { type: 'found', subscriber, issuedAt };
}
