// What a row of the ledger is, in SQL: as its indexes have it.
import { Prisma } from '../platform/postgres/db.ts';
import { dayBefore } from './months.ts';

/** SQL: it is not over, as the index on what is due has it. */
export const isNotOver = Prisma.sql`finished_at IS NULL AND id > 0`;

/** SQL: it went wrong. Word for word as the index on that has it: a code that is left out here costs time only. */
export const isTrouble = Prisma.sql`reason_code NOT IN ('no_papers', 'no_match', 'edition_cancelled', 'carried', 'suppressed',
  'paused', 'other_status', 'subscriber_gone', 'about_nothing')`;

/** SQL: promised then or later. A digest's day is at most a few days before the one on which it is promised. */
export function isPromisedSince(instant: Date): Prisma.Sql {
  return Prisma.sql`(delivery.created_at >= ${instant} AND delivery.day >= ${dayBefore(instant, 31)}::date)`;
}
