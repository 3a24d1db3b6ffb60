// A reader's own doings in PostgreSQL: leaving and coming back, erasure.

import { forgetSearches } from '../../papers/pick-store.ts';
import { type DbOrTransaction, Prisma } from '../../platform/postgres/db.ts';
import { aboutReader, tell } from '../../webhooks/tell.ts';
import { findSubscriber, hashInSql, rescheduleDigest, toEmailKey } from '../store.ts';
import type { Subscriber } from '../subscriber.ts';

/** Locked until the transaction ends. Null when nobody has this address: none is made, unlike at sign-up. */
export async function lockKnownEmail(
  tx: Prisma.TransactionClient,
  email: string,
): Promise<Subscriber | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM subscriber WHERE email_key = ${toEmailKey(email)} FOR UPDATE`;
  return row === undefined ? null : findSubscriber(tx, row.id);
}

/** Active again, as if they had not left: what they are served through stays, and no day gets a second digest. */
export async function restoreSubscription(
  tx: Prisma.TransactionClient,
  { id, now, lastEdition }: { id: string; now: Date; lastEdition: string | null },
): Promise<void> {
  // Any time ahead: which one it is to be is known to one place only.
  const later = new Date(now.getTime() + 24 * 60 * 60 * 1000);
  await tx.subscriber.update({
    where: { id },
    data: { status: 'active', unsubscribedAt: null, nextDigestAt: later },
  });
  await rescheduleDigest(tx, { id, now, promised: null, lastEdition });
  await tell(tx, { type: 'subscriber.confirmed', at: now, rows: aboutReader(id) });
}

/**
 * Everything that hangs on the subscribers goes with their rows; so do searches that nobody has (any more), also those that
 * were replaced before, and the wishes of others to get their mails at these addresses. What bars an address goes on doing so,
 * by a hash.
 */
export async function deleteSubscribers(tx: Prisma.TransactionClient, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    DELETE FROM address_change USING subscriber
    WHERE subscriber.id = ANY(${ids}::uuid[]) AND lower(new_email COLLATE "C") = email_key
      AND address_change.confirmed_at IS NULL`;
  await tx.$executeRaw`
    WITH barred AS (
      DELETE FROM suppression USING subscriber
      WHERE subscriber.id = ANY(${ids}::uuid[]) AND suppression.email_key = subscriber.email_key
      RETURNING suppression.email_key, cause, reason, suppression.created_at
    )
    INSERT INTO suppression (email_key, cause, reason, created_at)
    SELECT ${hashInSql(Prisma.sql`email_key`)}, cause, reason, created_at FROM barred ON CONFLICT DO NOTHING`;
  await tx.subscriber.deleteMany({ where: { id: { in: ids } } });
  // Not while somebody saves theirs: see `saveKeywords`.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('paperround queries'))`;
  await tx.keywordQuery.deleteMany({ where: { subscribers: { none: {} } } });
  await forgetSearches(tx);
}

/** In a later second than any address before: tokens know no finer time. */
export async function saveFeedRenewal(
  db: DbOrTransaction,
  { id, now }: { id: string; now: Date },
): Promise<Subscriber | null> {
  await db.$executeRaw`
    UPDATE subscriber SET feed_renewed_at =
      GREATEST(${now}, date_trunc('second', COALESCE(feed_renewed_at, created_at)) + interval '1 second')
    WHERE id = ${id}::uuid`;
  return findSubscriber(db, id);
}
