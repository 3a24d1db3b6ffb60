// Plans the digests that are due: who is due, for which day, and when the next digest is due. One statement a step, so that
// killed anywhere, nobody is planned twice and nobody is left out.

import { lastReadySeq } from '../papers/store.ts';
import { type Db, type DbOrTransaction, Prisma, walkIndex } from '../platform/postgres/db.ts';
import { analyzeMonths } from '../platform/postgres/partitions.ts';
import { newsDays } from '../subscribers/preferences/schedule.ts';
import { dayComeRound, lastDigestDay, nextDigestAfter } from '../subscribers/preferences/schedule-store.ts';
import { deliveryTable } from './months.ts';

const subscribersPerStep = 5000;
/** A step keeps one of PostgreSQL's processes busy, and its commit the disk: side by side, one computes while another writes. */
const plannersSideBySide = 2;

/** Returns how many deliveries were entered in the ledger. */
export async function planDigests({
  db,
  now,
  perStep = subscribersPerStep,
}: {
  db: Db;
  now: Date;
  perStep?: number;
}): Promise<number> {
  const step = { now, limit: perStep };
  const first = await planDueDigests(db, step);
  if (first.advanced < perStep) return first.planned;
  const planners = Array.from({ length: plannersSideBySide }, () => planTheRest(db, step));
  const ends = await Promise.allSettled(planners);
  let total = first.planned;
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    total += end.value;
  }
  await refreshStatistics(db, now);
  return total;
}

/** Step by step, until nobody is due whom no other planner has in hand. */
async function planTheRest(db: Db, step: { now: Date; limit: number }): Promise<number> {
  for (let total = 0; ; ) {
    const { planned, advanced } = await planDueDigests(db, step);
    total += planned;
    if (advanced < step.limit) return total;
  }
}

/**
 * Plans a digest for up to `limit` subscribers who are due, and sets when the next is due. The edition is the last of
 * their days on which their hour has come: after an outage one digest carries all that was missed. Who was due, and
 * has changed their days or paused since, gets none for a day that was never promised.
 */
export async function planDueDigests(
  db: DbOrTransaction,
  { now, limit }: { now: Date; limit: number },
): Promise<{ planned: number; advanced: number }> {
  const statement = writePlan({ now, limit });
  const [row] = await walkIndex(db, (tx) => tx.$queryRaw<{ planned: number; advanced: number }[]>(statement));
  return row ?? { planned: 0, advanced: 0 };
}

/** The statement of it; gives `{ planned, advanced }`. */
export function writePlan({ now, limit }: { now: Date; limit: number }): Prisma.Sql {
  return Prisma.sql`
    WITH due AS (
      SELECT id, ${lastDigestDay(dayComeRound(Prisma.sql`${now}::timestamptz`))} AS edition,
        GREATEST(${dayComeRound(Prisma.sql`next_digest_at`)}, paused_until) AS promised_from
      FROM subscriber
      WHERE status = 'active' AND next_digest_at <= ${now}
      ORDER BY next_digest_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), planned AS (
      INSERT INTO delivery (subscriber_id, kind, day, edition, through_seq, listed_from, created_at, next_try_at)
      SELECT id, 'digest', edition, edition, ${lastReadySeq}, edition - ${newsDays}::int, ${now}, ${now} FROM due
      WHERE edition >= promised_from
      ON CONFLICT (subscriber_id, edition, day) DO NOTHING
      RETURNING 1
    ), advanced AS (
      UPDATE subscriber SET next_digest_at = ${nextDigestAfter(Prisma.sql`edition`)}
      FROM due WHERE subscriber.id = due.id
      RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM planned) AS planned, (SELECT count(*)::int FROM advanced) AS advanced`;
}

/** Tells PostgreSQL how large the ledger has become: right after a large plan it would still take it for small. */
export async function refreshStatistics(db: DbOrTransaction, now: Date): Promise<void> {
  const instants = [-dayMs, 0, dayMs].map((ms) => new Date(now.getTime() + ms));
  await analyzeMonths(db, { table: deliveryTable, instants });
}

const dayMs = 24 * 60 * 60 * 1000;
