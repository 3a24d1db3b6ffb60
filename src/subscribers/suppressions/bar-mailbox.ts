// "Never mail me again", behind a link in every account mail: for whoever has the mailbox, with or without a subscription of
// their own. What is kept is a hash of the mailbox, so that it holds for all of its addresses, also after an erasure.

import type { TokenSigner } from '../../platform/keys/tokens.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { toMailboxKey } from '../store.ts';
import { addSuppression } from './suppression-store.ts';

type Deps = { db: Db; tokens: TokenSigner; now: () => Date };

export const barredByOwner = 'asked for never to be mailed again';

/** Reads nothing but the link: `valid`, however old it is. */
export function checkNoMailLink({ tokens, now }: Omit<Deps, 'db'>, token: string): 'valid' | 'invalid' {
  return tokens.verify({ purpose: 'no-mail', token, now: now() }).type === 'valid' ? 'valid' : 'invalid';
}

/** Any number of times. */
export async function barMailbox({ db, tokens, now }: Deps, token: string): Promise<'barred' | 'invalid'> {
  const verified = tokens.verify({ purpose: 'no-mail', token, now: now() });
  if (verified.type !== 'valid') return 'invalid';
  const email = toMailboxKey(verified.subscriberId.replaceAll('-', ''));
  await addSuppression(db, { email, cause: 'owner', reason: barredByOwner, now: now() });
  return 'barred';
}
