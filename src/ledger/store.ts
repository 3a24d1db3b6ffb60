// The ledger in PostgreSQL. Every step is one statement, so that a kill between two of them leaves a state that the
// next worker understands.
import {
  type DbOrTransaction,
  fromDateColumn,
  Prisma,
  toDateColumn,
  walkIndex,
} from '../platform/postgres/db.ts';
import { hashMailbox } from '../subscribers/mailbox.ts';
import { newsDays } from '../subscribers/preferences/schedule.ts';
import { hashInSql, toMailboxKey } from '../subscribers/store.ts';
import { maskAddresses } from '../text/mask-addresses.ts';
import {
  type Claim,
  type ClaimedDelivery,
  neededStatus,
  type Outcome,
  type RecordedOutcome,
  type Reply,
} from './delivery.ts';
import { addLastTry, addTry } from './earlier-tries.ts';
import { dayBefore, spanOf } from './months.ts';
import { isOurTrouble } from './outcome-codes.ts';

type ClaimedRow = Omit<ClaimedDelivery, 'claimId' | 'day' | 'edition' | 'listedFrom'> & {
  day: Date;
  edition: Date | null;
  listedFrom: Date | null;
};

/** SQL: it is not over, as the index on what is due has it. */
export const isNotOver = Prisma.sql`finished_at IS NULL AND id > 0`;

/** SQL: it went wrong. Word for word as the index on that has it: a code that is left out here costs time only. */
export const isTrouble = Prisma.sql`reason_code NOT IN ('no_papers', 'no_match', 'edition_cancelled', 'carried', 'suppressed',
  'paused', 'other_status', 'subscriber_gone', 'about_nothing')`;

/** SQL: promised then or later. A digest's day is at most a few days before the one on which it is promised. */
export function isPromisedSince(instant: Date): Prisma.Sql {
  return Prisma.sql`(delivery.created_at >= ${instant} AND delivery.day >= ${dayBefore(instant, 31)}::date)`;
}

/** What is unknown for longer is not sent once more: a later digest has its papers by then. */
const resendWithinMs = 3 * 24 * 60 * 60 * 1000;

/** A delivery that so many workers ended with is parked. */
const mostLostWorkers = 3;

/**
 * Takes up to `limit` deliveries that are due, for `leaseMs`. A reader whose earlier digest is under way is passed
 * over: what that one brings decides what the next may hold. What was filed longer ago comes after all that is recent, whose
 * months alone are looked at until then: to plan a statement over all months takes longer than to carry it out. What the
 * next lost worker would park comes last and alone: it is not to take others with it, nor others it.
 */
export async function claimDeliveries(db: DbOrTransaction, take: Take): Promise<ClaimedDelivery[]> {
  const { limit, now } = take;
  const isAny = Prisma.sql`IS NOT NULL`;
  const isRecent = Prisma.sql`BETWEEN ${dayBefore(now, recentDays)}::date AND ${dayBefore(now, -daysAhead)}::date`;
  const mayShare = Prisma.sql`>= ${dayBefore(now, recentDays + daysCovered)}::date`;
  const turns: Turn[] = [
    { limit, days: isRecent, underWayDays: mayShare, risky: false },
    { limit, days: isAny, underWayDays: isAny, risky: false },
    { limit: 1, days: isAny, underWayDays: isAny, risky: true },
  ];
  for (const turn of turns) {
    const claimed = await claimSome(db, take, turn);
    if (claimed.length > 0) return claimed;
  }
  return [];
}

/** Nearly all that is due is filed on these; nothing is filed further ahead, whatever the reader's time zone. */
const recentDays = 7;
const daysAhead = 2;
/** A digest that is filed so long before another one has none of its papers: news is two weeks old at most, planned a week late at most. */
const daysCovered = 31;

type Take = { claimId: string; now: Date; leaseMs: number; limit: number };
/**
 * SQL: `days`, on which days it is filed, and `underWayDays`, on which an earlier one that is not over. `risky`: what the next lost
 * worker would park.
 */
type Turn = { limit: number; days: Prisma.Sql; underWayDays: Prisma.Sql; risky: boolean };

async function claimSome(
  db: DbOrTransaction,
  { claimId, now, leaseMs }: Take,
  { limit, days, underWayDays, risky }: Turn,
): Promise<ClaimedDelivery[]> {
  const take = async (tx: Prisma.TransactionClient) => {
    const due = await tx.$queryRaw<{ id: bigint; day: string }[]>`
      SELECT id, day::text AS day FROM delivery AS due
      WHERE ${isNotOver} AND state IN ('planned', 'deferred') AND next_try_at <= ${now}
        AND due.day ${days} AND (lost_workers >= ${mostLostWorkers - 1}) = ${risky}
        -- A count, looked up for each row by the index on what is not over: NOT EXISTS would be turned into a join of
        -- all that is due with all that is under way.
        AND (due.kind <> 'digest' OR 0 = (
          SELECT count(*) FROM delivery AS under_way
          WHERE under_way.subscriber_id = due.subscriber_id AND under_way.day ${underWayDays}
            AND under_way.finished_at IS NULL AND under_way.edition IS NOT NULL
            AND under_way.state IN ('claimed', 'data_started')))
        AND NOT EXISTS (SELECT 1 FROM edition_hold WHERE edition_hold.edition = due.edition AND edition_hold.state = 'paused')
      ORDER BY next_try_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
    if (due.length === 0) return [];
    const { first, last } = spanOf(due);
    return tx.$queryRaw<ClaimedRow[]>`
      UPDATE delivery SET state = 'claimed', claim_id = ${claimId}::uuid, lease_until = ${after(now, leaseMs)},
        attempts = attempts + 1
      FROM unnest(${idsOf(due)}::bigint[], ${daysOf(due)}::date[]) AS due(id, day)
      WHERE delivery.id = due.id AND delivery.day = due.day AND delivery.day BETWEEN ${first}::date AND ${last}::date
      RETURNING delivery.id, delivery.day, subscriber_id AS "subscriberId", kind::text AS kind, sign_up_id::text AS "signUpId",
        edition, through_seq AS "throughSeq", COALESCE(listed_from, edition - ${newsDays}::int) AS "listedFrom",
        attempts - 1 AS attempts, created_at AS "createdAt",
        COALESCE(patience_from, created_at) AS "patienceFrom", resent,
        EXISTS (SELECT 1 FROM delivery AS later WHERE later.subscriber_id = delivery.subscriber_id
          AND later.edition > delivery.edition AND later.day > ${first}::date) AS "isSuperseded",
        EXISTS (SELECT 1 FROM edition_hold WHERE edition_hold.edition = delivery.edition
          AND edition_hold.state = 'cancelled') AS "isCancelled"`;
  };
  // No disk is waited for, nor a standby: a claim that is lost with the database is closed at the gate, which does wait.
  const rows = await walkIndex(db, take, { synchronous_commit: 'off' });
  return rows.map((row) => ({
    ...row,
    claimId,
    day: fromDateColumn(row.day),
    edition: row.edition && fromDateColumn(row.edition),
    listedFrom: row.listedFrom && fromDateColumn(row.listedFrom),
  }));
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
  const statuses = mails.map(({ kind }) => `{${neededStatus[kind]}}`);
  const picks = mails.map((mail) => mail.picks && `{${mail.picks}}`);
  const recipients = mails.map(({ to }) => to ?? null);
  const mailboxes = mails.map(({ to }) => (to === undefined ? null : toMailboxKey(hashMailbox(to))));
  const rows = await db.$queryRaw<{ id: bigint; claimId: string }[]>`
    WITH wanted AS (
      SELECT * FROM unnest(${idsOf(mails)}::bigint[], ${daysOf(mails)}::date[], ${claimIdsOf(mails)}::uuid[], ${statuses}::text[],
        ${picks}::text[], ${recipients}::text[], ${mailboxes}::text[])
        AS wanted(id, day, claim_id, statuses, picks, recipient, mailbox)
    ), reader AS (
      SELECT id, status, email, paused_until, unsubscribed_at FROM subscriber
      WHERE id = ANY(${mails.map(({ subscriberId }) => subscriberId)}::uuid[]) FOR SHARE
    )
    UPDATE delivery SET state = 'data_started', lease_until = ${after(now, leaseMs)}, picks = wanted.picks::int[]
    FROM wanted, reader
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
    RETURNING delivery.id, wanted.claim_id::text AS "claimId"`;
  const open = new Map(rows.map(({ id, claimId }) => [id, claimId]));
  return mails.filter(({ id, claimId }) => open.get(id) === claimId);
}

/**
 * Writes outcomes, and with them how far their readers are served; what puts a mail off stays with it among its earlier
 * tries. Told again, an outcome is not written again. An answer that comes after the lease ran out still
 * tells what happened: the `unknown` it left is replaced.
 */
export async function recordOutcomes(
  db: DbOrTransaction,
  { outcomes, now }: { outcomes: RecordedOutcome[]; now: Date },
): Promise<void> {
  if (outcomes.length === 0) return;
  const { first, last } = spanOf(outcomes);
  const states = outcomes.map(({ outcome }) => outcome.type);
  const columns = outcomes.map(({ outcome }) => toColumns(outcome));
  const nextTries = outcomes.map(({ outcome }) =>
    outcome.type === 'deferred' ? outcome.nextTryAt.toISOString() : null,
  );
  const areOurs = outcomes.map(({ outcome }) => outcome.type === 'deferred' && isOurTrouble(outcome.code));
  await db.$executeRaw`
    WITH given AS (
      SELECT * FROM unnest(${idsOf(outcomes)}::bigint[], ${daysOf(outcomes)}::date[], ${claimIdsOf(outcomes)}::uuid[], ${states}::delivery_state[],
        ${nextTries}::timestamptz[], ${columns.map(({ code }) => code)}::text[], ${columns.map(({ detail }) => detail)}::text[],
        ${columns.map(({ reply }) => reply?.stage ?? null)}::smtp_stage[], ${columns.map(({ reply }) => reply?.code ?? null)}::smallint[],
        ${columns.map(({ reply }) => reply?.status ?? null)}::text[], ${columns.map(({ reply }) => reply?.text ?? null)}::text[],
        ${areOurs}::boolean[])
        AS given(id, day, claim_id, state, next_try_at, reason_code, detail, smtp_stage, reply_code, reply_status, reply_text,
          is_ours)
    ), written AS (
      UPDATE delivery SET state = given.state, lease_until = NULL, reason_code = given.reason_code, detail = given.detail,
        smtp_stage = given.smtp_stage, reply_code = given.reply_code, reply_status = given.reply_status,
        reply_text = given.reply_text,
        earlier_tries = CASE WHEN given.state = 'deferred' THEN ${addTry(Prisma.sql`given`, Prisma.sql`${now}::timestamptz`)}
          ELSE delivery.earlier_tries END,
        patience_from = CASE WHEN given.is_ours THEN ${now}::timestamptz ELSE delivery.patience_from END,
        next_try_at = COALESCE(given.next_try_at, delivery.next_try_at),
        finished_at = CASE WHEN given.state = 'deferred' THEN NULL ELSE ${now}::timestamptz END
      FROM given
      WHERE delivery.id = given.id AND delivery.day = given.day AND delivery.day BETWEEN ${first}::date AND ${last}::date
        AND delivery.claim_id = given.claim_id
        AND (delivery.state IN ('claimed', 'data_started', 'unknown')
          -- Settled as not sent, and not claimed again yet: it was sent after all.
          OR delivery.state = 'deferred' AND delivery.resent AND given.state = 'accepted')
      RETURNING delivery.subscriber_id, delivery.through_seq, delivery.state
    )
    UPDATE subscriber SET served_through = GREATEST(served_through, written.through_seq)
    FROM written
    WHERE subscriber.id = written.subscriber_id AND written.through_seq IS NOT NULL
      AND written.state IN ('accepted', 'nothing')`;
}

/** Gives claims back untouched, as if they had not been tried: nothing of them has left, even if the gate was open. */
export async function releaseClaims(
  db: DbOrTransaction,
  claims: (Claim & { nextTryAt: Date })[],
): Promise<void> {
  if (claims.length === 0) return;
  const { first, last } = spanOf(claims);
  const isThere = Prisma.sql`delivery.id = given.id AND delivery.day = given.day
    AND delivery.day BETWEEN ${first}::date AND ${last}::date`;
  const given = Prisma.sql`unnest(${idsOf(claims)}::bigint[], ${daysOf(claims)}::date[], ${claimIdsOf(claims)}::uuid[],
    ${claims.map(({ nextTryAt }) => nextTryAt.toISOString())}::timestamptz[]) AS given(id, day, claim_id, next_try_at)`;
  // Who gives back a claim that it has lost is alive: a sweep whose clock is ahead has counted it among the dead.
  await db.$executeRaw`
    UPDATE delivery SET lost_workers = lost_workers - 1,
      state = CASE WHEN is_parked THEN 'planned' ELSE state END::delivery_state,
      finished_at = CASE WHEN is_parked THEN NULL ELSE finished_at END,
      reason_code = CASE WHEN is_parked THEN NULL ELSE reason_code END,
      detail = CASE WHEN is_parked THEN NULL ELSE detail END
    FROM (SELECT delivery.id, delivery.day, state = 'rejected' AND reason_code IS NOT DISTINCT FROM 'parked' AS is_parked
      FROM ${given} JOIN delivery ON ${isThere}
      WHERE lost_workers > 0 AND NOT (delivery.claim_id IS NOT DISTINCT FROM given.claim_id
        AND delivery.state IN ('claimed', 'data_started', 'unknown'))) AS lost
    WHERE delivery.id = lost.id AND delivery.day = lost.day AND delivery.day BETWEEN ${first}::date AND ${last}::date
      AND lost_workers > 0`;
  await db.$executeRaw`
    UPDATE delivery SET state = 'planned', lease_until = NULL, finished_at = NULL, attempts = attempts - 1,
      next_try_at = given.next_try_at
    FROM ${given}
    WHERE ${isThere} AND delivery.claim_id = given.claim_id AND delivery.state IN ('claimed', 'data_started', 'unknown')`;
}

/**
 * What dead workers left: a claim is free again, unless too many ended with it; a mail whose body may have left is unknown, or with `resend-once`
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
        WHERE ${isTrouble} AND finished_at > ${after(now, -resendWithinMs)} AND state = 'unknown' AND NOT resent
        FOR UPDATE SKIP LOCKED)
      UPDATE delivery SET state = 'planned', resent = true, finished_at = NULL, next_try_at = ${now},
        earlier_tries = ${addLastTry}
      FROM unknown WHERE delivery.id = unknown.id AND delivery.day = unknown.day`;
  }
  return { freed: ended.length - parked, parked, unknown };
}

/** Holds an edition (`paused`, `cancelled`), or lets it go on (null). Takes effect at the next gate. */
export async function holdEdition(
  db: DbOrTransaction,
  { edition, state, now }: { edition: string; state: 'paused' | 'cancelled' | null; now: Date },
): Promise<void> {
  const day = toDateColumn(edition);
  if (state === null) {
    await db.editionHold.deleteMany({ where: { edition: day } });
    return;
  }
  const hold = { state, since: now };
  await db.editionHold.upsert({ where: { edition: day }, create: { edition: day, ...hold }, update: hold });
}

/** Planned, deferred or under way. */
export async function countUnsentDigests(db: DbOrTransaction, edition: string): Promise<number> {
  const day = toDateColumn(edition);
  return db.delivery.count({ where: { day, edition: day, finishedAt: null } });
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

function toColumns(outcome: Outcome): { code: string | null; detail: string | null; reply: Reply | null } {
  const code = 'code' in outcome ? outcome.code : null;
  const detail = 'detail' in outcome ? outcome.detail : null;
  const reply = 'reply' in outcome ? outcome.reply : null;
  return {
    code,
    detail: detail && toText(detail),
    reply: reply && { ...reply, text: toText(reply.text) },
  };
}

/** What a server says can hold whom it refused, and a byte that PostgreSQL stores in no text. */
function toText(words: string): string {
  return maskAddresses(words.slice(0, 1000)).replaceAll('\0', ' ');
}

/** Rows are given as one array per column: cheaper to plan and to read than JSON. */
const idsOf = (rows: readonly { id: bigint }[]) => rows.map(({ id }) => String(id));
const daysOf = (rows: readonly { day: string }[]) => rows.map(({ day }) => day);
const claimIdsOf = (rows: readonly { claimId: string }[]) => rows.map(({ claimId }) => claimId);

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
