// An operator's hand on what failed. Only what surely did not arrive is tried again: refused for good, given up, parked, or put
// off; what is unknown waits until somebody who has asked its readers, or read the server's log, settles it. What was cancelled
// with its edition is taken back, and what was accepted sent again one by one, by who means it. The ledger decides row by row, in
// the statement that writes it: what a worker has in hand at that moment, or was accepted meanwhile, is not touched.

import { type DbOrTransaction, fromDateColumn, Prisma } from '../platform/postgres/db.ts';
import { listSuppressed } from '../subscribers/store.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { isTrouble } from './conditions.ts';
import { findObstacle, type MailKind } from './delivery.ts';
import { addLastTry } from './earlier-tries.ts';
import { dayBefore } from './months.ts';
import type { UnsentCode } from './outcome-codes.ts';
import { type DeliveryFilter, fitsDelivery } from './reports/delivery-list.ts';
import type { DeliveryState } from './states.ts';

export type Retried = {
  /** They are due now. */
  retried: number;
  /** Failed too, and is not sent: why, and how many. */
  left: Partial<Record<LeftCause, number>>;
};

/**
 * `too_old`: a mail about the subscription whose links have had their time; `unknown`: it may have arrived; `cancelled`: with its
 * edition, and nobody said that this is taken back.
 */
type LeftCause = UnsentCode | 'too_old' | 'unknown' | 'cancelled';

const retriable = ['rejected', 'deferred'] as const;

/** SQL: nothing of it has left. */
const isCancelledWithEdition = Prisma.sql`delivery.state = 'cancelled' AND delivery.reason_code = 'edition_cancelled'`;

/** SQL: what was for an earlier day has no news any more. No index has them, and so only these months are looked through. */
function isStillNews(now: Date): Prisma.Sql {
  return Prisma.sql`delivery.day >= ${dayBefore(now, daysOfNews)}::date`;
}
const daysOfNews = 31;

/** One mail, or those of this reason: what an operator cancelled goes out by no wider wish. */
function meansCancelled({ id, reason }: DeliveryFilter): boolean {
  return id !== undefined || reason === 'edition_cancelled';
}

const perStep = 1000;
const accountMailMs = 24 * 60 * 60 * 1000;

type Ended = {
  id: bigint;
  email: string;
  kind: MailKind;
  edition: Date | null;
  status: Subscriber['status'];
  pausedUntil: Date | null;
  createdAt: Date;
  isSuperseded: boolean;
  isCancelled: boolean;
};

/**
 * Makes those that failed due again, with patience as if they were new, and those that were cancelled with their edition, where the
 * filter says so. Again, or by two operators at once, it changes nothing more. What a refusal had said about the address is forgotten with it; a suppression that followed stays, and keeps it from
 * being tried, until it is lifted.
 */
export async function retryFailed(
  db: DbOrTransaction,
  { filter, now }: { filter: DeliveryFilter; now: Date },
): Promise<Retried> {
  const result: Retried = { retried: 0, left: await countUntouched(db, { filter, now }) };
  const isFailed = Prisma.sql`${isTrouble} AND delivery.state = ANY(${retriable}::delivery_state[])`;
  const isMeant = meansCancelled(filter)
    ? Prisma.sql`(${isFailed} OR ${isCancelledWithEdition} AND ${isStillNews(now)})`
    : isFailed;
  for (let after = 0n; ; ) {
    const failed = Prisma.sql`delivery.id > ${after} AND ${isMeant} AND ${fitsDelivery(filter)}`;
    const step = await listEnded(db, { which: failed, limit: perStep });
    const suppressed = await listSuppressed(
      db,
      step.map(({ email }) => email),
    );
    const ids: bigint[] = [];
    for (const ended of step) {
      const cause = findCause(ended, { suppressed, now });
      if (cause === null) ids.push(ended.id);
      else result.left[cause] = (result.left[cause] ?? 0) + 1;
    }
    result.retried += await makeDue(db, { ids, states: [...retriable, 'cancelled'], now });
    after = step.at(-1)?.id ?? after;
    if (step.length < perStep) return result;
  }
}

/**
 * Sends a digest that was accepted once more, under the same Message-ID and with what it held: for a reader who has not got it, or
 * has it no longer. It is left where a later one followed, or would not be sent today; nothing else is sent again.
 */
export async function resendDigest(
  db: DbOrTransaction,
  { id, now }: { id: bigint; now: Date },
): Promise<Retried> {
  const which = Prisma.sql`delivery.id = ${id} AND delivery.kind = 'digest' AND delivery.state = 'accepted'
    AND cardinality(delivery.picks) > 0`;
  const [sent] = await listEnded(db, { which, limit: 1 });
  if (sent === undefined) return { retried: 0, left: {} };
  const cause = findCause(sent, { suppressed: await listSuppressed(db, [sent.email]), now });
  if (cause !== null) return { retried: 0, left: { [cause]: 1 } };
  return { retried: await makeDue(db, { ids: [id], states: ['accepted'], now }), left: {} };
}

/** What fits, and is for somebody to decide. Those that were cancelled are looked for in one day only. */
async function countUntouched(
  db: DbOrTransaction,
  { filter, now }: { filter: DeliveryFilter; now: Date },
): Promise<Retried['left']> {
  const count = async (which: Prisma.Sql): Promise<number> => {
    const [row] = await db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM delivery JOIN subscriber ON subscriber.id = delivery.subscriber_id
      WHERE ${which} AND ${fitsDelivery(filter)}`;
    return row?.count ?? 0;
  };
  const unknown = await count(Prisma.sql`${isTrouble} AND delivery.state = 'unknown'`);
  const isAsked = filter.edition !== undefined && !meansCancelled(filter);
  const cancelled = isAsked ? await count(Prisma.sql`${isCancelledWithEdition} AND ${isStillNews(now)}`) : 0;
  return { ...(unknown === 0 ? {} : { unknown }), ...(cancelled === 0 ? {} : { cancelled }) };
}

async function listEnded(
  db: DbOrTransaction,
  { which, limit }: { which: Prisma.Sql; limit: number },
): Promise<Ended[]> {
  return db.$queryRaw<Ended[]>`
    SELECT delivery.id, subscriber.email, kind::text AS kind, delivery.edition, status::text AS status,
      paused_until AS "pausedUntil", delivery.created_at AS "createdAt",
      EXISTS (SELECT 1 FROM delivery AS later WHERE later.subscriber_id = delivery.subscriber_id
        AND later.edition > delivery.edition) AS "isSuperseded",
      EXISTS (SELECT 1 FROM edition_hold WHERE edition_hold.edition = delivery.edition
        AND edition_hold.state = 'cancelled') AS "isCancelled"
    FROM delivery JOIN subscriber ON subscriber.id = delivery.subscriber_id
    WHERE ${which}
    ORDER BY delivery.id LIMIT ${limit}`;
}

/** As whoever writes the mail would find: what would only be cancelled keeps the words of its failure. */
function findCause(
  { email, status, pausedUntil, edition, ...ended }: Ended,
  { suppressed, now }: { suppressed: ReadonlySet<string>; now: Date },
): LeftCause | null {
  if (ended.kind !== 'digest' && now.getTime() - ended.createdAt.getTime() > accountMailMs) return 'too_old';
  return findObstacle(
    { ...ended, edition: edition && fromDateColumn(edition) },
    {
      subscriber: { status, preferences: { pausedUntil: pausedUntil && fromDateColumn(pausedUntil) } },
      to: email,
      suppressed,
    },
  );
}

async function makeDue(
  db: DbOrTransaction,
  { ids, states, now }: { ids: bigint[]; states: readonly DeliveryState[]; now: Date },
): Promise<number> {
  if (ids.length === 0) return 0;
  const [row] = await db.$queryRaw<{ retried: number }[]>`
    WITH retried AS (
      UPDATE delivery SET state = CASE WHEN state = 'cancelled' THEN 'planned' ELSE 'deferred' END::delivery_state,
        reason_code = CASE WHEN state = 'cancelled' THEN NULL ELSE reason_code END,
        finished_at = NULL, next_try_at = ${now}, patience_from = ${now},
        lost_workers = 0, resent = resent OR state = 'accepted',
        -- What was put off has its try there already.
        earlier_tries = CASE WHEN state = 'deferred' THEN earlier_tries ELSE ${addLastTry} END
      WHERE id = ANY(${ids.map(String)}::bigint[]) AND state = ANY(${states}::delivery_state[])
        AND (state <> 'cancelled' OR ${isCancelledWithEdition})
      RETURNING id, day
    ), unjudged AS (
      DELETE FROM bounce USING retried WHERE bounce.delivery_id = retried.id AND bounce.day = retried.day
    )
    SELECT count(*)::int AS retried FROM retried`;
  return row?.retried ?? 0;
}

/**
 * What became of mails that are unknown, by the word of somebody who found out. `sent`: they count as accepted, and what they held is
 * not sent again. `not-sent`: they are tried again, under the same Message-ID. Others are left as they are. Returns how many.
 */
export async function settleUnknown(
  db: DbOrTransaction,
  { filter, as, now }: { filter: DeliveryFilter; as: 'sent' | 'not-sent'; now: Date },
): Promise<number> {
  const which = Prisma.sql`id IN (SELECT delivery.id FROM delivery JOIN subscriber ON subscriber.id = delivery.subscriber_id
    WHERE ${isTrouble} AND delivery.state = 'unknown' AND ${fitsDelivery(filter)}) AND state = 'unknown'`;
  return as === 'sent' ? settleAsSent(db, { which, now }) : settleAsNotSent(db, { which, now });
}

type Unsettled = { which: Prisma.Sql; now: Date };

async function settleAsSent(db: DbOrTransaction, { which, now }: Unsettled): Promise<number> {
  const [row] = await db.$queryRaw<{ settled: number }[]>`
    WITH settled AS (
      UPDATE delivery SET state = 'accepted', reason_code = NULL, detail = 'settled by the operator: it was sent',
        finished_at = COALESCE(finished_at, ${now}), earlier_tries = ${addLastTry}
      WHERE ${which} RETURNING subscriber_id, through_seq
    ), served AS (
      UPDATE subscriber SET served_through = GREATEST(served_through, furthest.through_seq)
      FROM (SELECT subscriber_id, max(through_seq) AS through_seq FROM settled GROUP BY 1) AS furthest
      WHERE subscriber.id = furthest.subscriber_id AND furthest.through_seq IS NOT NULL
    )
    SELECT count(*)::int AS settled FROM settled`;
  return row?.settled ?? 0;
}

/** The claim stays with the row: an answer that comes after all is still believed, until somebody has claimed it anew. */
async function settleAsNotSent(db: DbOrTransaction, { which, now }: Unsettled): Promise<number> {
  return db.$executeRaw`
    UPDATE delivery SET state = 'deferred', resent = true, finished_at = NULL, next_try_at = ${now}, patience_from = ${now},
      earlier_tries = ${addLastTry}
    WHERE ${which}`;
}
