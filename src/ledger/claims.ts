// Claims: taking what is due, the gate before it leaves, and giving it back. Whatever a kill cuts short, the next worker
// understands what it left: a claim is one transaction, and everything else holds statement by statement.
import { type DbOrTransaction, oneByOne, Prisma, queryPrepared, walkIndex } from '../platform/postgres/db.ts';
import { hashMailbox } from '../subscribers/mailbox.ts';
import { newsDays } from '../subscribers/preferences/schedule.ts';
import { hashInSql, toMailboxKey } from '../subscribers/store.ts';
import { isNotOver } from './conditions.ts';
import { type Claim, type ClaimedDelivery, neededStatus } from './delivery.ts';
import { claimIdsOf, daysOf, idsOf } from './given-columns.ts';
import { mostLostWorkers } from './leases.ts';
import { dayBefore, spanOf } from './months.ts';

type ClaimedRow = Omit<ClaimedDelivery, 'id' | 'claimId'> & { id: string };

/**
 * Takes up to `limit` deliveries that are due, for `leaseMs`, but none that the next lost worker would park. A reader whose
 * earlier digest is under way is passed over: what that one brings decides what the next may hold. What was filed longer ago
 * comes after all that is recent, whose months alone are looked at until then: to plan a statement over all months takes
 * longer than to carry it out.
 */
export async function claimDeliveries(
  db: DbOrTransaction,
  take: Take & { limit: number },
): Promise<ClaimedDelivery[]> {
  const { limit, now } = take;
  const recent = {
    first: dayBefore(now, recentDays),
    last: furthestDay(now),
    underWayFrom: dayBefore(now, recentDays + daysCovered),
  };
  const claimed = await claimSome(db, take, { limit, ...recent, risky: false });
  return claimed.length > 0 ? claimed : claimFromAllMonths(db, take, { limit, risky: false });
}

/**
 * One that is due and that the next lost worker would park. For who has nothing else in hand: it is not to take others with
 * it, nor others it.
 */
export async function claimRisky(db: DbOrTransaction, take: Take): Promise<ClaimedDelivery[]> {
  return claimFromAllMonths(db, take, { limit: 1, risky: true });
}

async function claimFromAllMonths(
  db: DbOrTransaction,
  take: Take,
  wanted: Pick<Turn, 'limit' | 'risky'>,
): Promise<ClaimedDelivery[]> {
  const span = await findSpanOfDue(db, { now: take.now, risky: wanted.risky });
  return span === null ? [] : claimSome(db, take, { ...wanted, ...span, underWayFrom: '-infinity' });
}

/** Nearly all that is due is filed since then. */
const recentDays = 7;
/** Nothing is filed further ahead, whatever the reader's time zone. To name it spares PostgreSQL the months after it. */
const furthestDay = (now: Date) => dayBefore(now, -2);
/** A digest that is filed so long before another one has none of its papers: news is two weeks old at most, planned a week late at most. */
const daysCovered = 31;

type Take = { claimId: string; now: Date; leaseMs: number };
/**
 * Filed from `first` to `last`; since `underWayFrom` an earlier one is that is not over. `risky`: what the next lost worker would
 * park.
 */
type Turn = { limit: number; first: string; last: string; underWayFrom: string; risky: boolean };

/** SQL: it waits, and its time has come. */
const isDue = (now: Date) =>
  Prisma.sql`${isNotOver} AND state IN ('planned', 'deferred') AND next_try_at <= ${now}`;

/** SQL: the next lost worker would park it, or would not. */
const isRisky = (risky: boolean) => Prisma.sql`(lost_workers >= ${mostLostWorkers - 1}) = ${risky}`;

/** Null where nothing of the kind is due. */
async function findSpanOfDue(
  db: DbOrTransaction,
  { now, risky }: { now: Date; risky: boolean },
): Promise<{ first: string; last: string } | null> {
  const look = (tx: Prisma.TransactionClient) => tx.$queryRaw<
    { first: string | null; last: string | null }[]
  >`
    SELECT min(day)::text AS first, max(day)::text AS last FROM delivery
    WHERE ${isDue(now)} AND ${isRisky(risky)}`;
  const [{ first, last } = { first: null, last: null }] = await walkIndex(db, look);
  return first === null || last === null ? null : { first, last };
}

async function claimSome(
  db: DbOrTransaction,
  { claimId, now, leaseMs }: Take,
  { limit, first, last, underWayFrom, risky }: Turn,
): Promise<ClaimedDelivery[]> {
  const days = Prisma.sql`BETWEEN ${first}::date AND ${last}::date`;
  const ahead = Prisma.sql`${furthestDay(now)}::date`;
  const take = Prisma.sql`
    WITH due AS (
      SELECT id, day FROM delivery AS due
      WHERE ${isDue(now)} AND due.day ${days} AND ${isRisky(risky)}
        -- A count, looked up for each row by the index on what is not over: NOT EXISTS would be turned into a join of
        -- all that is due with all that is under way.
        AND (due.kind <> 'digest' OR 0 = (
          SELECT count(*) FROM delivery AS under_way
          WHERE under_way.subscriber_id = due.subscriber_id AND under_way.day BETWEEN ${underWayFrom}::date AND ${ahead}
            AND under_way.finished_at IS NULL AND under_way.edition IS NOT NULL
            AND under_way.state IN ('claimed', 'data_started')))
        AND NOT EXISTS (SELECT 1 FROM edition_hold WHERE edition_hold.edition = due.edition AND edition_hold.state = 'paused')
      ORDER BY next_try_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery SET state = 'claimed', claim_id = ${claimId}::uuid, lease_until = ${after(now, leaseMs)},
      attempts = attempts + 1
    FROM due
    WHERE delivery.id = due.id AND delivery.day = due.day AND delivery.day ${days}
    RETURNING delivery.id::text, delivery.day::text, subscriber_id AS "subscriberId", kind::text AS kind, sign_up_id::text AS "signUpId",
      edition::text, through_seq AS "throughSeq", COALESCE(listed_from, edition - ${newsDays}::int)::text AS "listedFrom",
      attempts - 1 AS attempts, created_at AS "createdAt",
      COALESCE(patience_from, created_at) AS "patienceFrom", resent,
      EXISTS (SELECT 1 FROM delivery AS later WHERE later.subscriber_id = delivery.subscriber_id
        AND later.edition > delivery.edition AND later.day BETWEEN ${first}::date AND ${ahead}) AS "isSuperseded",
      EXISTS (SELECT 1 FROM edition_hold WHERE edition_hold.edition = delivery.edition
        AND edition_hold.state = 'cancelled') AS "isCancelled"`;
  // No disk is waited for, nor a standby: a claim that is lost with the database is closed at the gate, which does wait.
  const rows = await queryPrepared<ClaimedRow>(db, take, { ...oneByOne, synchronous_commit: 'off' });
  return rows.map((row) => ({ ...row, id: BigInt(row.id), claimId }));
}

type MailAtGate = Claim &
  Pick<ClaimedDelivery, 'subscriberId' | 'kind'> & { picks: number[] | null; to?: string };

/**
 * The last gate before bodies may leave: returns those of `mails` for which it is still open. Closed is it for a claim that
 * was lost (to a later claim of the same worker too, whose mail may stand beside it), for an edition that is held or that a
 * later one carries (whose claim may not have seen this one), and for a subscriber who left, moved, paused or was
 * suppressed since; the lock makes an unsubscribe that is being committed come first or wait. `to` is the address that a
 * mail was written to; not given, it is not held against the reader's.
 */
export async function startData<Mail extends MailAtGate>(
  db: DbOrTransaction,
  { mails, now, leaseMs }: { mails: Mail[]; now: Date; leaseMs: number },
): Promise<Mail[]> {
  if (mails.length === 0) return [];
  const { first, last } = spanOf(mails);
  const subscribers = mails.map(({ subscriberId }) => subscriberId);
  const statuses = mails.map(({ kind }) => `{${neededStatus[kind]}}`);
  const picks = mails.map((mail) => mail.picks && `{${mail.picks}}`);
  const recipients = mails.map(({ to }) => to ?? null);
  const mailboxes = mails.map(({ to }) => (to === undefined ? null : toMailboxKey(hashMailbox(to))));
  const open = Prisma.sql`
    WITH wanted AS (
      SELECT * FROM unnest(${idsOf(mails)}::bigint[], ${daysOf(mails)}::date[], ${claimIdsOf(mails)}::uuid[],
        ${subscribers}::uuid[], ${statuses}::text[], ${picks}::text[], ${recipients}::text[], ${mailboxes}::text[])
        AS wanted(id, day, claim_id, subscriber_id, statuses, picks, recipient, mailbox)
    ), reader AS (
      SELECT id, status, email, paused_until, unsubscribed_at FROM subscriber
      WHERE id = ANY(${subscribers}::uuid[]) FOR SHARE
    )
    UPDATE delivery SET state = 'data_started', lease_until = ${after(now, leaseMs)}, picks = wanted.picks::int[]
    -- By the reader that is given with the mail: by the ledger's row alone every mail would be tried with every reader.
    FROM wanted JOIN reader ON reader.id = wanted.subscriber_id
    WHERE delivery.id = wanted.id AND delivery.day = wanted.day AND delivery.day BETWEEN ${first}::date AND ${last}::date
      AND delivery.claim_id = wanted.claim_id AND delivery.state = 'claimed' AND delivery.lease_until > ${now} AND reader.id = delivery.subscriber_id
      AND reader.status = ANY(wanted.statuses::subscriber_status[]) AND COALESCE(delivery.edition >= reader.paused_until, true)
      AND COALESCE(wanted.recipient, reader.email) = (CASE
        WHEN delivery.kind = 'address_change'
          THEN (SELECT new_email FROM address_change WHERE subscriber_id = reader.id AND confirmed_at IS NULL
            AND requested_at <= delivery.created_at)
        WHEN delivery.sign_up_id IS NOT NULL
          THEN (SELECT COALESCE(wanted.recipient, reader.email) FROM sign_up WHERE sign_up.id = delivery.sign_up_id
            AND confirmed_at IS NULL AND COALESCE(reader.unsubscribed_at <= requested_at, true)
            AND email_key = lower(COALESCE(wanted.recipient, reader.email) COLLATE "C"))
        ELSE reader.email END)
      AND NOT EXISTS (SELECT 1 FROM suppression
        WHERE suppression.email_key IN (lower(COALESCE(wanted.recipient, reader.email) COLLATE "C"), wanted.mailbox,
          ${hashInSql(Prisma.sql`lower(COALESCE(wanted.recipient, reader.email) COLLATE "C")`)}))
      AND NOT EXISTS (SELECT 1 FROM edition_hold WHERE edition_hold.edition = delivery.edition)
      AND NOT EXISTS (SELECT 1 FROM delivery AS later WHERE later.subscriber_id = delivery.subscriber_id
        AND later.edition > delivery.edition AND later.day > ${first}::date)
    RETURNING delivery.id::text, wanted.claim_id::text AS "claimId"`;
  const rows = await queryPrepared<{ id: string; claimId: string }>(db, open);
  const opened = new Map(rows.map(({ id, claimId }) => [id, claimId]));
  return mails.filter(({ id, claimId }) => opened.get(String(id)) === claimId);
}

/** Gives claims back untouched, as if they had not been tried: nothing of them has left, even if the gate was open. */
export async function releaseClaims(
  db: DbOrTransaction,
  claims: (Claim & { nextTryAt: Date })[],
): Promise<void> {
  if (claims.length === 0) return;
  const { first, last } = spanOf(claims);
  const isThere = Prisma.sql`delivery.id = given.id AND delivery.day = given.day
    AND delivery.id = ANY(${idsOf(claims)}::bigint[]) AND delivery.day BETWEEN ${first}::date AND ${last}::date`;
  const given = Prisma.sql`unnest(${idsOf(claims)}::bigint[], ${daysOf(claims)}::date[], ${claimIdsOf(claims)}::uuid[],
    ${claims.map(({ nextTryAt }) => nextTryAt.toISOString())}::timestamptz[]) AS given(id, day, claim_id, next_try_at)`;
  const wasParked = Prisma.sql`delivery.state = 'rejected' AND delivery.reason_code IS NOT DISTINCT FROM 'parked'`;
  // Who gives back a claim that it has lost is alive: a sweep whose clock is ahead has counted it among the dead.
  await db.$executeRaw`
    UPDATE delivery SET lost_workers = delivery.lost_workers - 1,
      state = CASE WHEN ${wasParked} THEN 'planned' ELSE delivery.state END,
      finished_at = CASE WHEN ${wasParked} THEN NULL ELSE delivery.finished_at END,
      reason_code = CASE WHEN ${wasParked} THEN NULL ELSE delivery.reason_code END,
      detail = CASE WHEN ${wasParked} THEN NULL ELSE delivery.detail END
    FROM ${given}
    WHERE ${isThere} AND delivery.lost_workers > 0
      AND NOT (delivery.claim_id IS NOT DISTINCT FROM given.claim_id
        AND delivery.state IN ('claimed', 'data_started', 'unknown'))`;
  await db.$executeRaw`
    UPDATE delivery SET state = 'planned', lease_until = NULL, finished_at = NULL, attempts = attempts - 1,
      next_try_at = given.next_try_at
    FROM ${given}
    WHERE ${isThere} AND delivery.claim_id = given.claim_id AND delivery.state IN ('claimed', 'data_started', 'unknown')`;
}

export async function countDueDeliveries(db: DbOrTransaction, now: Date): Promise<number> {
  return db.delivery.count({
    where: {
      finishedAt: null,
      id: { gt: 0 },
      state: { in: ['planned', 'deferred'] },
      nextTryAt: { lte: now },
    },
  });
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
