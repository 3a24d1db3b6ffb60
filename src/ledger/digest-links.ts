// The links of a digest that are about this one digest: to look at it, and to vote on its papers. Neither opens anything else.

import { fromTokenId, type TokenSigner, toTokenId } from '../platform/keys/tokens.ts';
import type { Db } from '../platform/postgres/db.ts';
import { dateLinks } from '../subscribers/account/mail-links.ts';
import { isLeftBehind } from '../subscribers/find-by-token.ts';
import { findSubscriber } from '../subscribers/store.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { findDigestOf, type SentDigest } from './reports/history.ts';

export type DigestPurpose = 'view' | 'vote';

/** The same in its mail and on every page. */
export function signDigestLink(
  tokens: TokenSigner,
  {
    purpose,
    delivery,
    subscriber,
  }: {
    purpose: DigestPurpose;
    delivery: { id: bigint; createdAt: Date };
    subscriber: Pick<Subscriber, 'linksSince'>;
  },
): string {
  return tokens.sign({
    purpose,
    subscriberId: toTokenId(delivery.id),
    issuedAt: dateLinks(delivery, subscriber),
  });
}

export type FoundDigest =
  | { type: 'found'; subscriber: Subscriber; digest: SentDigest }
  | { type: 'expired' | 'invalid' | 'gone' };

/** Reads only. `gone`: it was erased, or never left. */
export async function findByDigestLink(
  { db, tokens, now }: { db: Db; tokens: TokenSigner; now: () => Date },
  { purpose, token }: { purpose: DigestPurpose; token: string },
): Promise<FoundDigest> {
  const verified = tokens.verify({ purpose, token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const digest = await findDigestOf(db, fromTokenId(verified.subscriberId));
  const subscriber = digest && (await findSubscriber(db, digest.subscriberId));
  if (digest === null || subscriber === null) return { type: 'gone' };
  const { issuedAt } = verified;
  if (isLeftBehind(subscriber, { purpose, issuedAt })) return { type: 'expired' };
  return { type: 'found', subscriber, digest };
}
