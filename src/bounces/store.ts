// Bounces in PostgreSQL, and what follows from them: in one statement, so that a kill leaves both or neither. Told again,
// a bounce is known by its key and nothing follows.

import { isTrouble } from '../ledger/conditions.ts';
import { addLastTry } from '../ledger/earlier-tries.ts';
import { dayBefore } from '../ledger/months.ts';
import { refusalCauses } from '../ledger/outcome-codes.ts';
import { type DbOrTransaction, Prisma, toDateColumn } from '../platform/postgres/db.ts';
import { toEmailKey } from '../subscribers/store.ts';
import { maskAddresses } from '../text/mask-addresses.ts';
import { tellInSql } from '../webhooks/tell.ts';
import type { BounceKind } from './read-bounce.ts';

export type Bounce = {
  deliveryId: bigint;
  kind: BounceKind;
  status: string | null;
  diagnostic: string | null;
};

export type EnteredBounce = {
  deliveryId: bigint;
  /** False: it was told before. */
  isNew: boolean;
  /** The address is barred from now on. */
  isSuppressed: boolean;
};

/** Soft bounces in a row, and how long they must have gone on, before an address counts as dead. */
export const softLimit = { bounces: 5, days: 7 };

/** Of deliveries that are gone nothing is entered, and they are not in the answer. */
export async function enterBounces(
  db: DbOrTransaction,
  { bounces, now }: { bounces: Bounce[]; now: Date },
): Promise<EnteredBounce[]> {
  const given = JSON.stringify(
    bounces.map(maskBounce).map((bounce) => ({
      delivery_id: String(bounce.deliveryId),
      kind: bounce.kind,
      status: bounce.status,
      diagnostic: bounce.diagnostic,
      reason: describe(bounce),
    })),
  );
  return db.$queryRaw<EnteredBounce[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${given}::jsonb)
        AS given(delivery_id bigint, kind bounce_kind, status text, diagnostic text, reason text)
    ), mail AS (
      SELECT given.*, delivery.day, reader.id AS reader_id, delivery.created_at, ${recipientKey} AS recipient_key
      FROM given JOIN delivery ON delivery.id = given.delivery_id JOIN subscriber AS reader ON reader.id = delivery.subscriber_id
    ), entered AS (
      INSERT INTO bounce (delivery_id, day, subscriber_id, kind, status, diagnostic, received_at)
      SELECT delivery_id, day, reader_id, kind, status, diagnostic, ${now}::timestamptz FROM mail ORDER BY delivery_id, kind
      ON CONFLICT (delivery_id, day, kind) DO NOTHING RETURNING delivery_id, kind
    ), barred AS (
      SELECT mail.* FROM mail JOIN entered USING (delivery_id, kind)
      WHERE recipient_key IS NOT NULL AND (kind IN ('hard', 'complaint') OR kind = 'soft' AND ${isLastStraw})
    ), suppressed AS (
      INSERT INTO suppression (email_key, cause, reason, created_at)
      SELECT DISTINCT ON (recipient_key) recipient_key, kind::text, reason, ${now}::timestamptz FROM barred
      ON CONFLICT (email_key) DO NOTHING
    ), unsubscribed AS (
      UPDATE subscriber SET status = 'unsubscribed', unsubscribed_at = ${now}, next_digest_at = NULL
      FROM barred
      WHERE subscriber.id = barred.reader_id AND subscriber.email_key = barred.recipient_key
        AND barred.kind = 'complaint' AND subscriber.status <> 'unsubscribed'
      RETURNING subscriber.id
    ), told_of_bounces AS (
      ${tellInSql({
        type: 'delivery.bounced',
        at: now,
        rows: Prisma.sql`
          SELECT json_build_object('deliveryId', mail.delivery_id::text, 'subscriberId', reader_id, 'kind', kind, 'status', status)
            AS data
          FROM mail JOIN entered USING (delivery_id, kind)`,
      })}
    ), told_of_leaving AS (
      ${tellInSql({
        type: 'subscriber.unsubscribed',
        at: now,
        rows: Prisma.sql`SELECT json_build_object('subscriberId', id) AS data FROM unsubscribed`,
      })}
    )
    SELECT delivery_id AS "deliveryId",
      EXISTS (SELECT 1 FROM entered WHERE (entered.delivery_id, entered.kind) = (mail.delivery_id, mail.kind)) AS "isNew",
      EXISTS (SELECT 1 FROM barred WHERE (barred.delivery_id, barred.kind) = (mail.delivery_id, mail.kind)) AS "isSuppressed"
    FROM mail`;
}

/**
 * SQL: the key of the address that the mail went to; null where that is not known any more, as after a change of address.
 * The wish to change it was written down right after its mail was promised.
 */
const recipientKey = Prisma.sql`
  CASE WHEN delivery.kind = 'address_change' THEN (
    SELECT lower(new_email COLLATE "C") FROM address_change
    WHERE address_change.subscriber_id = reader.id AND requested_at <= delivery.created_at + interval '1 minute'
    ORDER BY requested_at DESC LIMIT 1)
  WHEN delivery.created_at >= COALESCE(reader.bounces_count_from, '-infinity') THEN reader.email_key END`;

/**
 * SQL: together with those right before it, this soft bounce is one too many. Mails count in the order in which they were
 * promised, not in that of their reports, which may take days. One among them that was accepted begins the count anew, as
 * long as it has not come back itself: the report that says so may be the one that completes the count.
 */
const isLastStraw = Prisma.sql`(
    SELECT count(*) >= ${softLimit.bounces - 1}
      AND min(earlier.created_at) <= mail.created_at - make_interval(days => ${softLimit.days}::int)
    FROM bounce JOIN delivery AS earlier ON earlier.id = bounce.delivery_id AND earlier.day = bounce.day
      JOIN subscriber ON subscriber.id = mail.reader_id
    WHERE bounce.subscriber_id = mail.reader_id AND bounce.kind = 'soft' AND earlier.kind <> 'address_change'
      AND earlier.created_at < mail.created_at
      AND earlier.created_at >= COALESCE(subscriber.bounces_count_from, '-infinity')
      AND earlier.created_at > COALESCE((
        SELECT max(arrived.created_at) FROM delivery AS arrived
        WHERE arrived.subscriber_id = mail.reader_id AND arrived.created_at < mail.created_at
          AND arrived.state = 'accepted' AND arrived.kind <> 'address_change'
          AND NOT EXISTS (SELECT 1 FROM bounce AS back WHERE back.delivery_id = arrived.id AND back.day = arrived.day AND back.kind <> 'complaint')
      ), '-infinity'))`;

/** What a receiver says repeats whom it refuses. */
function maskBounce(bounce: Bounce): Bounce {
  return { ...bounce, diagnostic: bounce.diagnostic && maskAddresses(bounce.diagnostic) };
}

/** For the operator who looks up why an address gets no mail. */
function describe({ kind, status, diagnostic }: Bounce): string {
  const said = diagnostic ?? status ?? 'no reason given';
  switch (kind) {
    case 'hard':
      return `hard bounce: ${said}`;
    case 'complaint':
      return `complaint: ${said}`;
    case 'soft':
      return `${softLimit.bounces} or more soft bounces in a row over ${softLimit.days} days or more, the last: ${said}`;
    case 'policy':
      return `policy: ${said}`;
  }
}

export type DeliveryClue =
  | { deliveryId: bigint; subscriberId: string }
  /** A mail of theirs that was promised in this second. */
  | { subscriberId: string; issuedAt: Date };

/** Null: there is no such mail. */
export async function findDelivery(db: DbOrTransaction, clue: DeliveryClue): Promise<bigint | null> {
  const { subscriberId } = clue;
  const which =
    'deliveryId' in clue
      ? { id: clue.deliveryId }
      : { createdAt: { gte: clue.issuedAt, lt: new Date(clue.issuedAt.getTime() + 1000) } };
  const row = await db.delivery.findFirst({
    where: { subscriberId, ...which },
    orderBy: { edition: { sort: 'desc', nulls: 'last' } },
    select: { id: true },
  });
  return row?.id ?? null;
}

/** What one run refuses lies within this time. */
const doubtMs = 60 * 60 * 1000;

/**
 * Of these addresses, the mails that were refused for good lately wait again, and what followed from it is undone. May be
 * asked again: what was judged in between is undone too.
 */
export async function takeBackRefusals(
  db: DbOrTransaction,
  { emails, now }: { emails: string[]; now: Date },
): Promise<void> {
  const since = new Date(now.getTime() - doubtMs);
  const hardCodes = Object.entries(refusalCauses).flatMap(([code, { kind }]) =>
    kind === 'hard' ? [code] : [],
  );
  await db.$executeRaw`
    WITH doubted AS (
      SELECT delivery.id, delivery.day, delivery.state, subscriber.email_key FROM subscriber JOIN delivery ON delivery.subscriber_id = subscriber.id
      WHERE subscriber.email_key = ANY(${emails.map(toEmailKey)}::text[]) AND delivery.kind <> 'address_change'
        AND (delivery.state = 'rejected' AND delivery.reason_code = ANY(${hardCodes}::text[]) AND delivery.finished_at >= ${since}
          OR delivery.state = 'deferred' AND delivery.reason_code = 'refused_alike')
    ), waiting AS (
      UPDATE delivery SET state = 'deferred', reason_code = 'refused_alike', finished_at = NULL, patience_from = ${now},
        next_try_at = ${new Date(now.getTime() + minuteMs)}, earlier_tries = ${addLastTry}
      FROM doubted WHERE delivery.id = doubted.id AND delivery.day = doubted.day AND doubted.state = 'rejected'
        -- Still: two may ask at once.
        AND delivery.state = 'rejected'
    ), unjudged AS (
      DELETE FROM bounce USING doubted WHERE bounce.delivery_id = doubted.id AND bounce.day = doubted.day AND bounce.kind = 'hard'
      RETURNING doubted.email_key
    )
    DELETE FROM suppression WHERE cause = 'hard' AND created_at >= ${since}
      AND email_key IN (SELECT email_key FROM unjudged)`;
}

const minuteMs = 60 * 1000;

/** How long a mail is on its way at the most, and some more. */
const lastDays = 14;
const dayMs = 24 * 60 * 60 * 1000;

/** The last mail to this address that had left by then, of those that were on their way. Null: there is none. */
export async function findLastDelivery(
  db: DbOrTransaction,
  { email, before }: { email: string; before: Date },
): Promise<bigint | null> {
  const row = await db.delivery.findFirst({
    where: {
      subscriber: { emailKey: toEmailKey(email) },
      day: { gte: toDateColumn(dayBefore(before, 2 * lastDays)) },
      createdAt: { lte: before, gte: new Date(before.getTime() - lastDays * dayMs) },
      state: { in: ['accepted', 'unknown', 'data_started'] },
      kind: { not: 'address_change' },
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  });
  return row?.id ?? null;
}

export type UnjudgedRefusal = {
  id: bigint;
  reasonCode: string | null;
  replyStatus: string | null;
  replyText: string | null;
  detail: string | null;
};

/** Mails refused since then of which no bounce is on record yet, the oldest first. */
export async function listUnjudgedRefusals(
  db: DbOrTransaction,
  { since, limit }: { since: Date; limit: number },
): Promise<UnjudgedRefusal[]> {
  return db.$queryRaw<UnjudgedRefusal[]>`
    SELECT id, reason_code AS "reasonCode", reply_status AS "replyStatus", reply_text AS "replyText", detail
    FROM delivery
    WHERE ${isTrouble} AND finished_at > ${since} AND state = 'rejected'
      AND NOT EXISTS (SELECT 1 FROM bounce WHERE bounce.delivery_id = delivery.id AND bounce.day = delivery.day)
    ORDER BY finished_at LIMIT ${limit}`;
}

/** Of mails that did not arrive, by reader; readers without any are left out. */
export async function countBounces(
  db: DbOrTransaction,
  { subscriberIds, since }: { subscriberIds: string[]; since: Date },
): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ subscriberId: string; bounces: number }[]>`
    SELECT subscriber_id::text AS "subscriberId", count(DISTINCT delivery_id)::int AS bounces
    FROM bounce WHERE subscriber_id = ANY (${subscriberIds}::uuid[]) AND kind <> 'complaint' AND received_at >= ${since}
    GROUP BY subscriber_id`;
  return new Map(rows.map(({ subscriberId, bounces }) => [subscriberId, bounces]));
}

export type ListedBounce = Bounce & { receivedAt: Date };

/** Those of the newest mails first, in steps of `limit`; `before` is the last one seen. */
export async function listBounces(
  db: DbOrTransaction,
  { before, limit }: { before: Pick<Bounce, 'deliveryId' | 'kind'> | null; limit: number },
): Promise<ListedBounce[]> {
  const isOlder =
    before === null
      ? Prisma.sql`true`
      : Prisma.sql`(delivery_id, kind) < (${before.deliveryId}, ${before.kind}::bounce_kind)`;
  return db.$queryRaw<ListedBounce[]>`
    SELECT delivery_id AS "deliveryId", kind::text AS kind, status, diagnostic, received_at AS "receivedAt"
    FROM bounce WHERE ${isOlder} ORDER BY delivery_id DESC, kind DESC LIMIT ${limit}`;
}
