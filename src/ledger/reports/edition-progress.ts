// How far each edition has come: what was promised for a day, what became of it, how fast it goes and how long it will take.

import { type DbOrTransaction, fromDateColumn, Prisma } from '../../platform/postgres/db.ts';

export type EditionProgress = {
  /** YYYY-MM-DD */
  edition: string;
  /** An operator's hand on it. */
  hold: 'paused' | 'cancelled' | null;
  /** All that was promised: the sum of those that follow. */
  promised: number;
  planned: number;
  /** In the hands of a worker. */
  underWay: number;
  sent: number;
  /** Nothing matched, or nothing was new. */
  nothingToSend: number;
  /** The reader left, paused or is suppressed, a later digest has the papers, or the edition was cancelled. */
  cancelled: number;
  deferred: number;
  rejected: number;
  unknown: number;
  /** Of those that were sent: came back later. */
  bounced: number;
  firstPromisedAt: Date;
  lastFinishedAt: Date | null;
  /** Finished in the last minute. */
  perSecond: number;
  /** At this rate, until all was tried: what is put off has its own time. Null when nothing is left, or nothing moves. */
  secondsLeft: number | null;
};

type Row = Omit<EditionProgress, 'edition' | 'perSecond' | 'secondsLeft'> & {
  edition: Date;
  finishedLately: number;
};

const rateMs = 60_000;

/** The newest first; both ends, YYYY-MM-DD, included. */
export async function listEditionProgress(
  db: DbOrTransaction,
  { from, to, now }: { from: string; to: string; now: Date },
): Promise<EditionProgress[]> {
  const count = (condition: Prisma.Sql) => Prisma.sql`count(*) FILTER (WHERE ${condition})::int`;
  const inState = (...states: string[]) =>
    count(Prisma.sql`delivery.state = ANY(${states}::delivery_state[])`);
  const rows = await db.$queryRaw<Row[]>`
    SELECT delivery.edition, hold.state::text AS hold, count(*)::int AS promised,
      ${inState('planned')} AS planned, ${inState('claimed', 'data_started')} AS "underWay", ${inState('accepted')} AS sent,
      ${inState('nothing')} AS "nothingToSend", ${inState('cancelled')} AS cancelled, ${inState('deferred')} AS deferred,
      ${inState('rejected')} AS rejected, ${inState('unknown')} AS unknown,
      ${count(Prisma.sql`delivery.state = 'accepted' AND EXISTS (SELECT 1 FROM bounce
        WHERE bounce.delivery_id = delivery.id AND bounce.day = delivery.day AND bounce.kind <> 'complaint')`)} AS bounced,
      min(delivery.created_at) AS "firstPromisedAt", max(finished_at) AS "lastFinishedAt",
      ${count(Prisma.sql`finished_at > ${new Date(now.getTime() - rateMs)}`)} AS "finishedLately"
    FROM delivery LEFT JOIN edition_hold AS hold ON hold.edition = delivery.edition
    WHERE delivery.edition BETWEEN ${from}::date AND ${to}::date AND delivery.day BETWEEN ${from}::date AND ${to}::date
    GROUP BY delivery.edition, hold.state ORDER BY delivery.edition DESC`;
  return rows.map(({ finishedLately, edition, ...row }) => {
    const perSecond = (finishedLately * 1000) / rateMs;
    const left = row.planned + row.underWay;
    const secondsLeft = left > 0 && perSecond > 0 ? Math.ceil(left / perSecond) : null;
    return { edition: fromDateColumn(edition), ...row, perSecond, secondsLeft };
  });
}

export type ReasonCount = { state: string; reason: string; count: number };

/** Why what was not sent was not, the most frequent first. */
export async function countReasons(db: DbOrTransaction, edition: string): Promise<ReasonCount[]> {
  return db.$queryRaw<ReasonCount[]>`
    SELECT state::text AS state, reason_code AS reason, count(*)::int AS count FROM delivery
    WHERE edition = ${edition}::date AND day = ${edition}::date AND reason_code IS NOT NULL GROUP BY state, reason_code ORDER BY count DESC, 1, 2`;
}
