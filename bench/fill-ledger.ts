// A ledger of years: for every subscriber an accepted digest for each of so many days before yesterday, as the ledger has
// them once all is over.
import { ledgerTables } from '../src/ledger/months.ts';
import type { Db } from '../src/platform/postgres/db.ts';
import { makeMonths } from '../src/platform/postgres/partitions.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Returns how many deliveries were added. */
export async function fillLedger(db: Db, { editions }: { editions: number }): Promise<number> {
  let added = 0;
  for (let past = Math.ceil(editions / 28); past >= 0; past -= 1)
    await makeMonths({ db, now: new Date(Date.now() - past * 28 * dayMs) }, ledgerTables);
  // In full pages, as they are once rows have grown to what an accepted mail leaves: no room draws new rows to old pages.
  await setFill(db, 100);
  // A day at a time, as they came.
  for (let ago = editions + 1; ago > 1; ago -= 1) {
    added += await db.$executeRaw`
      INSERT INTO delivery (subscriber_id, kind, day, edition, state, through_seq, listed_from, picks, attempts, claim_id,
        reply_code, reply_text, next_try_at, created_at, finished_at)
      SELECT id, 'digest', past, past, 'accepted', 1, past - 3, ARRAY[3, 1, 4, 1, 5, 9, 2, 6, 5], 1, gen_random_uuid(),
        250, '250 2.0.0 Ok: queued as 4XyZ12abcDz', past, past, past
      FROM subscriber, LATERAL (SELECT current_date - ${ago}::int AS past) AS day`;
  }
  await setFill(db, 33);
  return added;
}

async function setFill(db: Db, percent: number): Promise<void> {
  const months = await db.$queryRaw<{ name: string }[]>`
    SELECT relid::text AS name FROM pg_partition_tree('delivery') WHERE isleaf`;
  for (const { name } of months)
    await db.$executeRawUnsafe(`ALTER TABLE ${name} SET (fillfactor = ${percent})`);
}
