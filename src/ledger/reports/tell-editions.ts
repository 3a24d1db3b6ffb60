// Which editions are over: nothing of them is left to send, and no reader's hour of that day is still to come. Each is told once.
import { type DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { addDays, utcDay } from '../../text/days.ts';
import { tellInSql } from '../../webhooks/tell.ts';
import { isNotOver } from '../conditions.ts';

/** One that is held for longer is over untold. */
const mostDays = 5;

export async function endEditions(db: DbOrTransaction, now: Date): Promise<void> {
  const to = addDays(utcDay(now), 1);
  const of = (state: string) => Prisma.sql`count(*) FILTER (WHERE delivery.state = ${state}::delivery_state)`;
  await db.$executeRaw`
    WITH ended AS (
      INSERT INTO edition_end (edition, ended_at)
      SELECT day::date, ${now}::timestamptz
      FROM generate_series(${addDays(to, -mostDays)}::date::timestamp, ${to}::date::timestamp, interval '1 day') AS day
      WHERE NOT EXISTS (SELECT 1 FROM edition_end WHERE edition_end.edition = day::date)
        AND EXISTS (SELECT 1 FROM delivery WHERE delivery.edition = day::date AND delivery.day = day::date)
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE ${isNotOver} AND delivery.edition = day::date AND delivery.day = day::date)
        -- The last zone is twelve hours behind UTC.
        AND NOT EXISTS (SELECT 1 FROM subscriber WHERE status = 'active'
          AND next_digest_at < (day + interval '36 hours') AT TIME ZONE 'UTC'
          AND (next_digest_at AT TIME ZONE time_zone)::date <= day::date)
      ON CONFLICT (edition) DO NOTHING RETURNING edition
    )
    ${tellInSql({
      type: 'edition.done',
      at: now,
      rows: Prisma.sql`
        SELECT json_build_object('edition', to_char(delivery.edition, 'YYYY-MM-DD'), 'promised', count(*),
          'sent', ${of('accepted')}, 'nothingToSend', ${of('nothing')}, 'cancelled', ${of('cancelled')},
          'rejected', ${of('rejected')}, 'unknown', ${of('unknown')}) AS data
        FROM delivery JOIN ended ON ended.edition = delivery.edition AND delivery.day = ended.edition
        GROUP BY delivery.edition`,
    })}`;
}
