// "Erase me": every row about a reader goes, at once. A mail of theirs that is under way is stopped at the gate, which
// finds nobody; one whose body has begun to leave cannot be called back.
//
// Nothing is kept so as to remember that an address was erased: nobody is mailed anyhow without signing
// up and confirming. What stays is an entry that bars the address from all mail (suppression), if there was one: it
// holds no more than a hash of the address and the reason, and without it mail could start again.
import type { Db } from '../../platform/postgres/db.ts';
import { deleteSignUps } from '../sign-up/sign-up-store.ts';
import { findSubscriber, lockSubscriber } from '../store.ts';
import { deleteSubscribers } from './account-store.ts';

/** Any number of times. */
export async function eraseReader({ db }: { db: Db }, subscriberId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const reader = await findSubscriber(tx, subscriberId);
    // Those that are still to be answered are known by the address only.
    if (reader !== null) await deleteSignUps(tx, reader.email);
    if ((await lockSubscriber(tx, subscriberId)) !== null) await deleteSubscribers(tx, [subscriberId]);
  });
}
