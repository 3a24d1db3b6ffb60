// What dead workers left, found by the leases of their claims.
import type { DbOrTransaction } from '../platform/postgres/db.ts';
import { isTrouble } from './conditions.ts';
import { addLastTry } from './earlier-tries.ts';

/** What is unknown for longer is not sent once more: a later digest has its papers by then. */
const resendWithinMs = 3 * 24 * 60 * 60 * 1000;

/** A delivery that so many workers ended with is parked. */
export const mostLostWorkers = 3;

/**
 * A claim is free again, unless too many ended with it; a mail whose body may have left is unknown, or with `resend-once`
 * is planned once more under its Message-ID.
 */
export async function expireLeases(
  db: DbOrTransaction,
  { now, unknownPolicy }: { now: Date; unknownPolicy: 'leave' | 'resend-once' },
): Promise<{ freed: number; parked: number; unknown: number }> {
  // A row that somebody is writing to is passed over until the next sweep: waiting for it, two statements could each
  // have what the other one wants.
  const ended = await db.$queryRaw<{ isParked: boolean }[]>`
    WITH ended AS MATERIALIZED (SELECT id, day FROM delivery
      WHERE finished_at IS NULL AND state = 'claimed' AND lease_until <= ${now} FOR UPDATE SKIP LOCKED)
    UPDATE delivery SET lost_workers = lost_workers + 1, lease_until = NULL,
      state = CASE WHEN lost_workers + 1 < ${mostLostWorkers} THEN 'planned' ELSE 'rejected' END::delivery_state,
      finished_at = CASE WHEN lost_workers + 1 < ${mostLostWorkers} THEN NULL ELSE ${now}::timestamptz END,
      reason_code = CASE WHEN lost_workers + 1 < ${mostLostWorkers} THEN reason_code ELSE 'parked' END,
      detail = CASE WHEN lost_workers + 1 < ${mostLostWorkers} THEN detail
        ELSE ${`${mostLostWorkers} workers ended while they had it in hand: it is not tried again`} END
    FROM ended WHERE delivery.id = ended.id AND delivery.day = ended.day
    RETURNING state = 'rejected' AS "isParked"`;
  const parked = ended.filter(({ isParked }) => isParked).length;
  const unknown = await db.$executeRaw`
    WITH ended AS MATERIALIZED (SELECT id, day FROM delivery
      WHERE finished_at IS NULL AND state = 'data_started' AND lease_until <= ${now} FOR UPDATE SKIP LOCKED)
    UPDATE delivery SET state = 'unknown', lease_until = NULL, finished_at = ${now},
      reason_code = 'worker_ended', detail = NULL, smtp_stage = NULL, reply_code = NULL, reply_status = NULL, reply_text = NULL
    FROM ended WHERE delivery.id = ended.id AND delivery.day = ended.day`;
  if (unknownPolicy === 'resend-once') {
    await db.$executeRaw`
      WITH unknown AS MATERIALIZED (SELECT id, day FROM delivery
        WHERE ${isTrouble} AND finished_at > ${new Date(now.getTime() - resendWithinMs)} AND state = 'unknown' AND NOT resent
        FOR UPDATE SKIP LOCKED)
      UPDATE delivery SET state = 'planned', resent = true, finished_at = NULL, next_try_at = ${now},
        earlier_tries = ${addLastTry}
      FROM unknown WHERE delivery.id = unknown.id AND delivery.day = unknown.day`;
  }
  return { freed: ended.length - parked, parked, unknown };
}
