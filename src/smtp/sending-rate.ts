// How fast mail may leave, in PostgreSQL: one clock for all workers.
import type { Db, DbOrTransaction } from '../platform/postgres/db.ts';

/** Stores the configured rate (null: none) under `key`, and returns how to ask for slots. */
export async function createPace(
  { db, now }: { db: Db; now: () => Date },
  { key, perSecond }: { key: string; perSecond: number | null },
): Promise<(count: number) => Promise<number>> {
  await setRate(db, { key, perSecond, now: now() });
  if (perSecond === null) return async (count) => count;
  return async (count) => {
    const [grant] = await reserveSlots(db, { wanted: [{ key, count }], now: now() });
    return grant?.granted ?? count;
  };
}

/** Of `count` mails, this many may leave now; the rest was promised the slots from `queueFrom` on. */
export type Grant = { key: string; granted: number; queueFrom: Date; perSecond: number };

/** How far ahead of the clock mails may leave: a burst, not a queue. */
const burstSeconds = 1;

/** For keys with a rate; those without are not limited, and are not in the answer. */
export async function reserveSlots(
  db: DbOrTransaction,
  { wanted, now }: { wanted: { key: string; count: number }[]; now: Date },
): Promise<Grant[]> {
  return db.$queryRaw<Grant[]>`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS wanted(key text, count int)
    ), clock AS (
      SELECT key, per_second, count, GREATEST(next_slot_at, ${now}) AS slot, GREATEST(queue_until, ${now}) AS queue,
        LEAST(count, CASE WHEN next_slot_at <= ${now} THEN GREATEST(1, floor(${burstSeconds} * per_second))
          ELSE floor((${burstSeconds} - EXTRACT(EPOCH FROM next_slot_at - ${now})) * per_second) END) AS fitting
      FROM sending_rate JOIN wanted USING (key) ORDER BY key FOR UPDATE OF sending_rate
    ), granted AS (
      SELECT key, per_second, count, slot, queue, GREATEST(0, fitting)::int AS granted FROM clock
    )
    UPDATE sending_rate SET
      next_slot_at = slot + make_interval(secs => granted / granted_rate.per_second),
      queue_until = queue + make_interval(secs => (count - granted) / granted_rate.per_second)
    FROM granted AS granted_rate
    WHERE sending_rate.key = granted_rate.key
    RETURNING sending_rate.key, granted, queue AS "queueFrom", sending_rate.per_second AS "perSecond"`;
}

export async function listLimitedKeys(db: DbOrTransaction): Promise<string[]> {
  const rows = await db.sendingRate.findMany({ select: { key: true } });
  return rows.map(({ key }) => key);
}

/** Sets the rate of a key that was configured; null lifts it. */
export async function setRate(
  db: DbOrTransaction,
  { key, perSecond, now }: { key: string; perSecond: number | null; now: Date },
): Promise<void> {
  if (perSecond === null) {
    await db.sendingRate.deleteMany({ where: { key } });
    return;
  }
  await db.sendingRate.upsert({
    where: { key },
    create: { key, perSecond, nextSlotAt: now, queueUntil: now, changedAt: now },
    update: { perSecond },
  });
}

/** What a receiver that was not limited gets at its first complaint: half of this, in mails per second. */
const firstRate = 10;
const slowestRate = 1 / 60;
/** The answers to one burst are one complaint. */
const complaintSeconds = 5;

/** Halves the rates of receivers that asked for less. */
export async function halveRates(
  db: DbOrTransaction,
  { keys, now }: { keys: string[]; now: Date },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO sending_rate (key, per_second, next_slot_at, queue_until, changed_at)
    SELECT key, ${firstRate / 2}, ${now}, ${now}, ${now} FROM unnest(${keys}::text[]) AS complaint(key)
    ON CONFLICT (key) DO UPDATE SET
      per_second = GREATEST(${slowestRate}, sending_rate.per_second / 2), changed_at = ${now}
    WHERE sending_rate.changed_at <= ${now}::timestamptz - make_interval(secs => ${complaintSeconds})`;
}

const recoverySeconds = 60;
const recoveryFactor = 1.25;
/** Beyond this a receiver counts as not limited any more. */
const fastestRate = 100;

/** A quarter faster after every minute without a complaint, until there is no limit left. */
export async function recoverRates(db: DbOrTransaction, now: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE sending_rate SET per_second = per_second * ${recoveryFactor}, changed_at = ${now}
    WHERE key LIKE 'domain:%' AND changed_at <= ${now}::timestamptz - make_interval(secs => ${recoverySeconds})`;
  await db.sendingRate.deleteMany({
    where: { key: { startsWith: 'domain:' }, perSecond: { gt: fastestRate } },
  });
}
