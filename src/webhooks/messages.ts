// What is to be told, in PostgreSQL: claimed by whichever worker has time, recorded try by try, put off for longer each time.
import { randomUUID } from 'node:crypto';
import { type Db, type DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import { testType } from './events.ts';
import type { Posted, ToPost } from './post.ts';

const minuteMs = 60_000;

/** After each try that failed: a day and two hours in all. */
export const waitsMs = [1, 5, 30, 120, 300, 480, 600].map((minutes) => minutes * minuteMs);

/** A try takes ten seconds at most. */
const leaseMs = minuteMs;
/** How long others wait for an endpoint that is down. */
const restMs = minuteMs;
export const keptDays = 30;

export type ClaimedMessage = ToPost & { id: bigint; endpointId: string; attempts: number; createdAt: Date };

/** What is due, of endpoints that work; nobody else claims it while the lease lasts. */
export async function claimMessages(
  db: DbOrTransaction,
  { limit, now, only }: { limit: number; now: Date; only?: bigint },
): Promise<ClaimedMessage[]> {
  return db.$queryRaw<ClaimedMessage[]>`
    UPDATE webhook_message AS message
    SET lease_until = ${new Date(now.getTime() + leaseMs)}, attempts = message.attempts + 1
    FROM webhook_endpoint AS endpoint
    WHERE endpoint.id = message.endpoint_id AND message.id = ANY(ARRAY(
      SELECT due.id FROM webhook_message AS due JOIN webhook_endpoint AS working ON working.id = due.endpoint_id
      WHERE due.delivered_at IS NULL AND due.failed_at IS NULL AND due.next_try_at <= ${now}
        AND (due.lease_until IS NULL OR due.lease_until <= ${now}) AND working.disabled_at IS NULL
        AND ${only === undefined ? Prisma.sql`true` : Prisma.sql`due.id = ${only}`}
      ORDER BY due.next_try_at, due.id LIMIT ${limit} FOR UPDATE OF due SKIP LOCKED))
    RETURNING message.id, message.endpoint_id::text AS "endpointId", message.event_id::text AS "eventId", message.payload,
      message.attempts, message.created_at AS "createdAt", endpoint.url, endpoint.secret`;
}

export type Recorded = { type: 'delivered' | 'put-off' | 'failed' } | { type: 'disabled'; because: string };

/**
 * What came of a try. The last one that fails gives the message up; and the endpoint, if it took nothing since the message was
 * made: then all that waits goes on waiting, until an operator enables it.
 */
export async function recordTry(
  db: Db,
  { message, posted, now }: { message: ClaimedMessage; posted: Posted; now: Date },
): Promise<Recorded> {
  const { id, endpointId, attempts } = message;
  const { ms, status, error, retryAfterMs } = posted;
  return db.$transaction(async (tx): Promise<Recorded> => {
    // It may be gone by now, with its endpoint.
    const isThere = await tx.webhookMessage.updateMany({ where: { id }, data: { leaseUntil: null } });
    if (isThere.count === 0) return { type: 'failed' };
    await tx.webhookTry.create({ data: { messageId: id, at: now, ms, status, error } });
    if (error === null) {
      await tx.webhookMessage.update({ where: { id }, data: { deliveredAt: now } });
      await tx.webhookEndpoint.updateMany({ where: { id: endpointId }, data: { lastDeliveredAt: now } });
      return { type: 'delivered' };
    }
    const waitMs = waitsMs[attempts - 1];
    if (status !== 410 && waitMs !== undefined) {
      const nextTryAt = new Date(now.getTime() + Math.max(waitMs, retryAfterMs ?? 0));
      await tx.webhookMessage.update({ where: { id }, data: { nextTryAt } });
      if (status === null || status >= 500 || status === 429) await letRest(tx, { endpointId, now });
      return { type: 'put-off' };
    }
    const { lastDeliveredAt } = await tx.webhookEndpoint.findUniqueOrThrow({ where: { id: endpointId } });
    if (status !== 410 && lastDeliveredAt !== null && lastDeliveredAt > message.createdAt) {
      await tx.webhookMessage.update({ where: { id }, data: { failedAt: now } });
      return { type: 'failed' };
    }
    const because =
      status === 410 ? 'it answered 410: it is gone' : `${attempts} tries failed, the last: ${error}`;
    await tx.webhookEndpoint.update({
      where: { id: endpointId },
      data: { disabledAt: now, disabledBecause: because },
    });
    return { type: 'disabled', because };
  });
}

/** What else waits for an endpoint that is down is not tried in vain, each by itself. */
async function letRest(
  tx: DbOrTransaction,
  { endpointId, now }: { endpointId: string; now: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhook_message SET next_try_at = ${new Date(now.getTime() + restMs)}
    WHERE id = ANY(ARRAY(
      SELECT id FROM webhook_message WHERE endpoint_id = ${endpointId}::uuid AND delivered_at IS NULL AND failed_at IS NULL
        AND next_try_at <= ${now} AND (lease_until IS NULL OR lease_until <= ${now})
      FOR UPDATE SKIP LOCKED))`;
}

/** A message that says nothing, to see whether it arrives. Null: there is no such endpoint that works. */
export async function addTest(
  db: DbOrTransaction,
  { endpointId, now }: { endpointId: string; now: Date },
): Promise<bigint | null> {
  const endpoint = await db.webhookEndpoint.findFirst({ where: { id: endpointId, disabledAt: null } });
  if (endpoint === null) return null;
  const payload = JSON.stringify({ type: testType, timestamp: now.toISOString(), data: {} });
  const { id } = await db.webhookMessage.create({
    data: { eventId: randomUUID(), endpointId, type: testType, payload, createdAt: now, nextTryAt: now },
  });
  return id;
}

export type ListedMessage = {
  id: bigint;
  eventId: string;
  endpointId: string;
  url: string;
  type: string;
  state: 'delivered' | 'waiting' | 'failed';
  createdAt: Date;
  /** Null once it is delivered, or given up. */
  nextTryAt: Date | null;
  /** The first one first. */
  tries: { at: Date; ms: number; status: number | null; error: string | null }[];
};

/** The newest first, in steps of `limit`; `before` is the id of the last one seen. */
export async function listMessages(
  db: DbOrTransaction,
  { endpointId, before, limit }: { endpointId: string | null; before: bigint | null; limit: number },
): Promise<ListedMessage[]> {
  const rows = await db.webhookMessage.findMany({
    where: {
      ...(endpointId === null ? {} : { endpointId }),
      ...(before === null ? {} : { id: { lt: before } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
    include: {
      endpoint: { select: { url: true } },
      tries: { select: { at: true, ms: true, status: true, error: true }, orderBy: { id: 'asc' } },
    },
  });
  return rows.map(
    ({ id, eventId, endpointId: of, type, createdAt, nextTryAt, deliveredAt, failedAt, ...row }) => ({
      id,
      eventId,
      endpointId: of,
      url: row.endpoint.url,
      type,
      state: deliveredAt !== null ? 'delivered' : failedAt !== null ? 'failed' : 'waiting',
      createdAt,
      nextTryAt: deliveredAt === null && failedAt === null ? nextTryAt : null,
      tries: row.tries,
    }),
  );
}

/** What was delivered or given up long ago, and what waits for an endpoint that stays disabled. */
export async function forgetMessages(db: DbOrTransaction, now: Date): Promise<void> {
  const createdAt = { lt: new Date(now.getTime() - keptDays * 24 * 60 * minuteMs) };
  await db.webhookMessage.deleteMany({ where: { createdAt } });
}
