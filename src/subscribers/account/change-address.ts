// Another address for the same reader, by double opt-in: until a button is pressed behind the link in the new mailbox
// nothing changes, and who has the old one can stop it, or take it back for a while.

import type { TokenSigner } from '../../platform/keys/tokens.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { listSuppressed, lockSubscriber, toEmailKey } from '../store.ts';
import {
  type AddressChange,
  deleteChange,
  enterChange,
  findAddressChange,
  lockReaderAndHolder,
  markChangeConfirmed,
  moveToAddress,
} from './address-store.ts';
import type { PromisingDeps } from './mail-promises.ts';

type Deps = { db: Db; tokens: TokenSigner; now: () => Date };

/** As long as the link in the old mailbox works. */
const keptMs = 14 * 24 * 60 * 60 * 1000;

/** The answer is the same whether or not somebody else has the new address, it is suppressed, or had mails enough today. */
export async function requestAddressChange(
  { db, promises, wakeDelivery, now }: PromisingDeps,
  { subscriberId, email }: { subscriberId: string; email: string },
): Promise<'requested' | 'same-address' | 'too-many' | 'not-active'> {
  const result = await db.$transaction(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId);
    if (subscriber?.status !== 'active') return 'not-active';
    if (isSameAddress(email, subscriber.email)) return 'same-address';
    const requestedAt = now();
    const mail = { subscriberId, now: requestedAt };
    if (!(await promises.promiseAccountMail(tx, { ...mail, kind: 'address_notice' }))) return 'too-many';
    await enterChange(tx, {
      subscriberId,
      oldEmail: subscriber.email,
      newEmail: email,
      requestedAt,
      keepSince: new Date(requestedAt.getTime() - keptMs),
    });
    await promises.promiseAccountMail(tx, { ...mail, kind: 'address_change', to: email });
    return 'requested';
  });
  if (result === 'requested') await wakeDelivery();
  return result;
}

export type ChangeState =
  | { type: 'open' | 'done'; change: AddressChange }
  | { type: 'expired' | 'invalid' | 'gone' };

/** Reads only. `gone`: stopped, replaced by a later wish, or erased. */
export async function findChange(
  { db, tokens, now }: Deps,
  { purpose, token }: { purpose: 'confirm-address' | 'keep-address'; token: string },
): Promise<ChangeState> {
  const verified = tokens.verify({ purpose, token, now: now() });
  if (verified.type !== 'valid') return { type: verified.type };
  const change = await findAddressChange(db, verified.subscriberId);
  if (change === null) return { type: 'gone' };
  return { type: change.confirmedAt === null ? 'open' : 'done', change };
}

/** `taken`: the address has a subscription of its own; only its owner gets to read that, for the link came to them. */
export type AddressChanged =
  | { type: 'done' | 'kept'; email: string }
  | { type: 'taken' | 'expired' | 'invalid' | 'gone' };

/** The button behind the link in the new mailbox. */
export async function confirmAddress(deps: Deps, token: string): Promise<AddressChanged> {
  const found = await findChange(deps, { purpose: 'confirm-address', token });
  if (!('change' in found)) return found;
  const { id, subscriberId, newEmail: email } = found.change;
  const result = await deps.db.$transaction(async (tx) => {
    const { reader, holder } = await lockReaderAndHolder(tx, { subscriberId, email });
    const change = await findAddressChange(tx, id);
    if (change?.confirmedAt) return { type: 'done', email } as const;
    const isSuppressed = (await listSuppressed(tx, [email])).size > 0;
    if (change === null || reader?.status !== 'active' || isSuppressed) return { type: 'gone' } as const;
    if (holder?.status === 'active') return { type: 'taken' } as const;
    if (!(await moveToAddress(tx, { subscriberId, email, holder, now: deps.now() }))) return null;
    await markChangeConfirmed(tx, { id, now: deps.now() });
    return { type: 'done', email } as const;
  });
  return result ?? confirmAddress(deps, token);
}

/** The button behind the link in the old mailbox: stops what is open, and takes back what is done. */
export async function keepAddress(deps: Deps, token: string): Promise<AddressChanged> {
  const found = await findChange(deps, { purpose: 'keep-address', token });
  if (!('change' in found)) return found;
  const { id, subscriberId, oldEmail: email } = found.change;
  const result = await deps.db.$transaction(async (tx) => {
    const { reader, holder } = await lockReaderAndHolder(tx, { subscriberId, email });
    const change = await findAddressChange(tx, id);
    if (change === null || reader === null) return { type: 'gone' } as const;
    const isMoved = change.confirmedAt !== null && isSameAddress(reader.email, change.newEmail);
    if (isMoved) {
      if (holder?.status === 'active') return { type: 'taken' } as const;
      if (!(await moveToAddress(tx, { subscriberId, email, holder, now: deps.now() }))) return null;
    }
    await deleteChange(tx, id);
    return { type: 'kept', email } as const;
  });
  return result ?? keepAddress(deps, token);
}

function isSameAddress(left: string, right: string): boolean {
  return toEmailKey(left) === toEmailKey(right);
}
