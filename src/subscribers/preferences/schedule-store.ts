// When digests come, in PostgreSQL: which day is next, and how it was before.
import { type DbOrTransaction, fromDateColumn, Prisma } from '../../platform/postgres/db.ts';

/** SQL: the first of a subscriber's days from `day`, a date, on. */
export function firstDigestDay(day: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${day} + position('1' IN substr(days || days, extract(isodow FROM ${day})::int)) - 1)`;
}

/** SQL: the last of a subscriber's days up to `day`, a date. */
export function lastDigestDay(day: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${day} + 1 - position('1' IN substr(reverse(days || days), 8 - extract(isodow FROM ${day})::int)))`;
}

/** SQL: the last day on which a subscriber's hour had come at the instant `at`; a gap in the clock costs no day. */
export function dayComeRound(at: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`((${at} AT TIME ZONE time_zone) - make_interval(hours => hour))::date`;
}

/** SQL: when the first digest after `day`, a date, is due: not before a pause is over. */
export function nextDigestAfter(day: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${firstDigestDay(Prisma.sql`GREATEST(${day} + 1, paused_until)`)} + make_time(hour, 0, 0)) AT TIME ZONE time_zone`;
}

/** What held until `endedAt`. */
export type PastSchedule = { endedAt: Date; days: string; pausedUntil: string | null };

const keptSchedules = 60;

/** Remembers what is about to be changed; the oldest beyond a number are forgotten. */
export async function keepSchedule(
  tx: Prisma.TransactionClient,
  { id, now }: { id: string; now: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO past_schedule (subscriber_id, ended_at, days, paused_until)
    SELECT id, ${now}, days, paused_until FROM subscriber WHERE id = ${id}::uuid`;
  await tx.$executeRaw`
    DELETE FROM past_schedule WHERE id IN (
      SELECT id FROM past_schedule WHERE subscriber_id = ${id}::uuid ORDER BY ended_at DESC, id DESC OFFSET ${keptSchedules})`;
}

/** The first that ended comes first. */
export async function listPastSchedules(db: DbOrTransaction, subscriberId: string): Promise<PastSchedule[]> {
  const rows = await db.pastSchedule.findMany({
    where: { subscriberId },
    orderBy: [{ endedAt: 'asc' }, { id: 'asc' }],
    select: { endedAt: true, days: true, pausedUntil: true },
  });
  return rows.map(({ pausedUntil, ...row }) => ({
    ...row,
    pausedUntil: pausedUntil && fromDateColumn(pausedUntil),
  }));
}
