// The ledger after a restore: what was still to be sent when the backup was made may have been sent since, and so may what came due
// since. Nobody knows here, so that it is unknown, and an operator settles it: no digest goes out twice by itself.
import type pg from 'pg';
import { writePlan } from './plan.ts';

/** Numbers of mails that left after the backup: what comes back for them is not to be taken for another mail's. */
export const restoredGaps = { delivery_id_seq: 10_000_000 };

const subscribersPerStep = 5000;

/** In the transaction of the restore. Enters what came due since the backup, too. Returns how many are unknown now. */
export async function markUnknown(client: pg.Client, now: Date): Promise<number> {
  for (let advanced = subscribersPerStep; advanced === subscribersPerStep; ) {
    const { text, values } = writePlan({ now, limit: subscribersPerStep });
    const { rows } = await client.query<{ advanced: number }>(text, values);
    advanced = rows[0]?.advanced ?? 0;
  }
  const { rowCount } = await client.query(
    `UPDATE delivery SET state = 'unknown', reason_code = 'restored', lease_until = NULL, finished_at = $1, detail = NULL,
      smtp_stage = NULL, reply_code = NULL, reply_status = NULL, reply_text = NULL
    WHERE state IN ('planned', 'claimed', 'data_started', 'deferred')`,
    [now],
  );
  return rowCount ?? 0;
}

/** Nothing was sent since, by the word of the operator: what workers had in hand then is planned again. */
export async function freeClaims(client: pg.Client): Promise<void> {
  await client.query(`
    UPDATE delivery SET state = CASE WHEN state = 'claimed' THEN 'planned' ELSE 'unknown' END::delivery_state, lease_until = NULL,
      finished_at = CASE WHEN state = 'claimed' THEN NULL ELSE now() END,
      reason_code = CASE WHEN state = 'claimed' THEN reason_code ELSE 'worker_ended' END
    WHERE state IN ('claimed', 'data_started')`);
}
