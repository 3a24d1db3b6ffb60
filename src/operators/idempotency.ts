// A request that is sent twice is done once: the second time it gets the answer of the first. Kept in PostgreSQL for a day, by the
// key to the API and the key that the request brought along.
//
// A process that is killed in between leaves a request without an answer. It may have been done or not; once its lease is over the
// same request does it (again). All that the API does may be done twice as once: who is suppressed is so already, who reads
// already is not asked, what is tried again is due once.
import { createHash } from 'node:crypto';
import type { DbOrTransaction } from '../platform/postgres/db.ts';

export const keptHours = 24;
const hourMs = 60 * 60_000;

/** A process that does it says so three times as often. */
export const leaseMs = 60_000;

export type Answer = { status: number; body: string };

type Named = { keyName: string; idempotencyKey: string };

export type Begun =
  | { type: 'begun' }
  | { type: 'answered'; answer: Answer }
  | { type: 'under-way'; retryAfterMs: number }
  /** The key was used for something else. */
  | { type: 'other-request' };

/** What tells one request from another: `parts` in their order; the fields of an object in any. */
export function fingerprintOf(parts: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(parts, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
  return new Uint8Array(createHash('sha256').update(text).digest());
}

/** Of any who ask at once one begins. */
export async function beginRequest(
  db: DbOrTransaction,
  { keyName, idempotencyKey, fingerprint, now }: Named & { fingerprint: Uint8Array<ArrayBuffer>; now: Date },
): Promise<Begun> {
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const forgottenBefore = new Date(now.getTime() - keptHours * hourMs);
  const begun = await db.$executeRaw`
    INSERT INTO idempotent_request AS known (key_name, idempotency_key, fingerprint, lease_until, created_at)
    VALUES (${keyName}, ${idempotencyKey}, ${fingerprint}, ${leaseUntil}, ${now})
    ON CONFLICT (key_name, idempotency_key) DO UPDATE
      SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, lease_until = excluded.lease_until,
        created_at = excluded.created_at
      WHERE known.created_at <= ${forgottenBefore}
        OR (known.status IS NULL AND known.lease_until <= ${now} AND known.fingerprint = excluded.fingerprint)`;
  if (begun > 0) return { type: 'begun' };
  const known = await db.idempotentRequest.findUnique({
    where: { keyName_idempotencyKey: { keyName, idempotencyKey } },
  });
  // Given up a moment ago: whoever asks again begins.
  if (known === null) return { type: 'under-way', retryAfterMs: 0 };
  if (!Buffer.from(known.fingerprint).equals(fingerprint)) return { type: 'other-request' };
  if (known.status !== null)
    return { type: 'answered', answer: { status: known.status, body: known.body ?? '' } };
  return { type: 'under-way', retryAfterMs: Math.max(0, known.leaseUntil.getTime() - now.getTime()) };
}

export async function keepLease(
  db: DbOrTransaction,
  { now, ...named }: Named & { now: Date },
): Promise<void> {
  await db.idempotentRequest.updateMany({
    where: { ...named, status: null },
    data: { leaseUntil: new Date(now.getTime() + leaseMs) },
  });
}

export async function finishRequest(
  db: DbOrTransaction,
  { answer, ...named }: Named & { answer: Answer },
): Promise<void> {
  await db.idempotentRequest.updateMany({ where: named, data: answer });
}

/** It went wrong on our side: the same again is another try. */
export async function giveUpRequest(db: DbOrTransaction, named: Named): Promise<void> {
  await db.idempotentRequest.deleteMany({ where: { ...named, status: null } });
}

export async function forgetRequests(db: DbOrTransaction, now: Date): Promise<void> {
  const createdAt = { lt: new Date(now.getTime() - keptHours * hourMs) };
  await db.idempotentRequest.deleteMany({ where: { createdAt } });
}
