// A reader's own feed stands under a secret address. It stays the same for years, for a feed reader keeps it, until its
// reader makes another one: then whoever has the old one is locked out.

import { isIssuedBefore, type TokenSigner } from '../../platform/keys/tokens.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type FoundByToken, findByToken } from '../find-by-token.ts';
import type { Subscriber } from '../subscriber.ts';
import { saveFeedRenewal } from './account-store.ts';

/** The token of the one address that works. */
export function signFeed(
  tokens: TokenSigner,
  { id, createdAt, feedRenewedAt }: Pick<Subscriber, 'id' | 'createdAt' | 'feedRenewedAt'>,
): string {
  return tokens.sign({ purpose: 'feed', subscriberId: id, issuedAt: feedRenewedAt ?? createdAt });
}

/** Reads only. `expired`: its reader made another address since. */
export async function findFeedReader(
  deps: { db: Db; tokens: TokenSigner; now: () => Date },
  token: string,
): Promise<FoundByToken> {
  const found = await findByToken(deps, { purpose: 'feed', token });
  if (found.type !== 'found') return found;
  return isIssuedBefore(found.issuedAt, found.subscriber.feedRenewedAt) ? { type: 'expired' } : found;
}

/** At once, and as often as one likes. Null when there is no such reader. */
export function renewFeed(
  { db, now }: { db: Db; now: () => Date },
  subscriberId: string,
): Promise<Subscriber | null> {
  return saveFeedRenewal(db, { id: subscriberId, now: now() });
}
