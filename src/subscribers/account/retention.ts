// How long is kept what is known of people who do not read: of who never confirmed, two weeks; of who left, as long as the
// operator says. An address that is barred from all mail stays barred: that entry, under a hash, is what keeps mail
// away from it.
import type { Db } from '../../platform/postgres/db.ts';
import { deleteSubscribers } from './account-store.ts';

/** Longer than a link to confirm works, and than anybody would look for it. */
export const unconfirmedDays = 14;

/** At a time, so that a sweep never keeps others waiting: a reader of years has hundreds of deliveries. */
const signUpsPerStep = 500;
const subscribersPerStep = 25;

const dayMs = 24 * 60 * 60 * 1000;

export type Forgotten = { signUps: number; subscribers: number };

/** The oldest first; what is left is for the next time. */
export async function forgetOld(
  { db, now }: { db: Db; now: Date },
  { departedDays }: { departedDays: number },
): Promise<Forgotten> {
  const unconfirmedSince = new Date(now.getTime() - unconfirmedDays * dayMs);
  const departedSince = new Date(now.getTime() - departedDays * dayMs);
  const signUps = await db.$executeRaw`
    DELETE FROM sign_up WHERE id = ANY(ARRAY(
      SELECT id FROM sign_up WHERE confirmed_at IS NULL AND requested_at < ${unconfirmedSince}
        -- Who came in a file is asked first, however long that takes.
        AND NOT (door = 'import' AND subscriber_id IS NULL)
      ORDER BY requested_at LIMIT ${signUpsPerStep} FOR UPDATE SKIP LOCKED))`;
  const subscribers = await db.$transaction(async (tx) => {
    // Who asked again waits for that: no sign-up of theirs is open, and no mail about one is young.
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM subscriber
      WHERE id IN (
          SELECT id FROM subscriber WHERE status <> 'active' AND confirmed_at IS NULL AND created_at < ${unconfirmedSince}
          UNION ALL
          SELECT id FROM subscriber WHERE status = 'unsubscribed' AND confirmed_at IS NOT NULL
            AND unsubscribed_at < ${departedSince})
        AND COALESCE(unsubscribed_at < ${unconfirmedSince}, true)
        AND NOT EXISTS (SELECT 1 FROM sign_up WHERE sign_up.email_key = subscriber.email_key AND sign_up.confirmed_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.subscriber_id = subscriber.id AND delivery.kind = 'confirmation'
          AND delivery.day >= ${unconfirmedSince}::date - 1 AND delivery.created_at >= ${unconfirmedSince})
      ORDER BY created_at LIMIT ${subscribersPerStep} FOR UPDATE SKIP LOCKED`;
    await deleteSubscribers(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.length;
  });
  return { signUps, subscribers };
}
