// Whom a link is about. Reads only.

import { isIssuedBefore, type TokenPurpose, type TokenSigner } from '../platform/keys/tokens.ts';
import type { Db } from '../platform/postgres/db.ts';
import { findSubscriber } from './store.ts';
import type { Subscriber } from './subscriber.ts';

export type FoundByToken =
  | { type: 'found'; subscriber: Subscriber; issuedAt: Date }
  | { type: 'expired' | 'invalid' | 'gone' };

/** `gone`: the link was good once, and what it was about has been erased. `expired` also: see `isLeftBehind`. */
export async function findByToken(
  { db, tokens, now }: { db: Db; tokens: TokenSigner; now: () => Date },
  { purpose, token }: { purpose: TokenPurpose; token: string },
): Promise<FoundByToken> {
  const verified = tokens.verify({ purpose, token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const { subscriberId, issuedAt } = verified;
  const subscriber = await findSubscriber(db, subscriberId);
  if (subscriber === null) return { type: 'gone' };
  if (isLeftBehind(subscriber, { purpose, issuedAt })) return { type: 'expired' };
  return { type: 'found', subscriber, issuedAt };
}

const movesWithTheMailbox: ReadonlySet<TokenPurpose> = new Set(['preferences', 'account', 'view', 'vote']);

/** These links are for the mailbox that they were sent to: they end once its reader has moved, or has closed all older
 * ones. The way out never does. */
export function isLeftBehind(
  { linksSince }: Pick<Subscriber, 'linksSince'>,
  { purpose, issuedAt }: { purpose: TokenPurpose; issuedAt: Date },
): boolean {
  return movesWithTheMailbox.has(purpose) && isIssuedBefore(issuedAt, linksSince);
}
