// The second half of double opt-in: the button behind the link in the confirmation mail.
import type { Db } from '../platform/db.ts';
import type { TokenSigner } from '../platform/tokens.ts';
import type { MailPromises } from './mail-promises.ts';
import { activate, findSubscriber, lockSubscriber } from './store.ts';
import type { Subscriber } from './subscriber.ts';

type Deps = {
  db: Db;
  tokens: TokenSigner;
  promises: MailPromises;
  wakeDelivery: () => Promise<void>;
  now: () => Date;
};

export type Confirmed =
  | { type: 'confirmed' | 'already-confirmed'; subscriber: Subscriber }
  | { type: 'expired' | 'invalid' | 'gone' };

/** The first digest is promised in the same transaction. A link of before an unsubscribe has expired. */
export async function confirm(
  { db, tokens, promises, wakeDelivery, now }: Deps,
  token: string,
): Promise<Confirmed> {
  const verified = tokens.verify({ purpose: 'confirm', token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const id = verified.subscriberId;

  const result = await db.$transaction(async (tx): Promise<Confirmed> => {
    const subscriber = await lockSubscriber(tx, id);
    if (subscriber === null) return { type: 'gone' };
    if (subscriber.status === 'active') return { type: 'already-confirmed', subscriber };
    if (subscriber.status === 'unsubscribed') return { type: 'expired' };
    await activate(tx, { id, now: now() });
    await promises.promiseFirstDigest(tx, { subscriberId: id, now: now() });
    return { type: 'confirmed', subscriber: (await findSubscriber(tx, id)) ?? subscriber };
  });
  if (result.type === 'confirmed') await wakeDelivery();
  return result;
}
