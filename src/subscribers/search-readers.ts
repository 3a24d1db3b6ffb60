// Readers as an operator looks for them: by the beginning of an address, by domain, by state.
import { type DbOrTransaction, Prisma } from '../platform/postgres/db.ts';
import { toEmailKey } from './store.ts';
import { type SubscriberStatus, subscriberStatuses } from './subscriber.ts';

export type FoundReader = {
  id: string;
  email: string;
  status: SubscriberStatus;
  confirmedAt: Date | null;
  nextDigestAt: Date | null;
};

/** `text`: the beginning of an address, or `@` and a domain; empty: all. By address in steps; `after` is the last one seen. */
export async function searchReaders(
  db: DbOrTransaction,
  {
    text,
    status,
    after,
    limit,
  }: { text: string; status: SubscriberStatus | null; after: string; limit: number },
): Promise<FoundReader[]> {
  const key = toEmailKey(text.trim());
  // By key, as the index has them: what is asked for costs what it finds.
  const isWanted = key.startsWith('@')
    ? Prisma.sql`split_part(email_key, '@', 2) = ${key.slice(1)}`
    : Prisma.sql`starts_with(email_key, ${key}) AND email_key >= ${key}`;
  return db.$queryRaw<FoundReader[]>`
    SELECT id::text AS id, email, status::text AS status, confirmed_at AS "confirmedAt", next_digest_at AS "nextDigestAt"
    FROM subscriber
    WHERE email_key > ${after} AND ${isWanted}
      AND ${status === null ? Prisma.sql`true` : Prisma.sql`status = ${status}::subscriber_status`}
    ORDER BY email_key LIMIT ${limit}`;
}

export type ReaderCounts = Record<SubscriberStatus, number> & { suppressed: number };

export async function countReaders(db: DbOrTransaction): Promise<ReaderCounts> {
  const [groups, suppressed] = await Promise.all([
    db.subscriber.groupBy({ by: ['status'], _count: true }),
    db.suppression.count(),
  ]);
  const counts = Object.fromEntries(subscriberStatuses.map((status) => [status, 0])) as ReaderCounts;
  for (const { status, _count } of groups) counts[status] = _count;
  return { ...counts, suppressed };
}

export type DayOfReaders = { day: string; confirmed: number; left: number };

/** Of each of the last days, the oldest first, in UTC. */
export async function countReadersByDay(
  db: DbOrTransaction,
  { days, now }: { days: number; now: Date },
): Promise<DayOfReaders[]> {
  const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1 - days));
  const count = (column: 'confirmed_at' | 'unsubscribed_at') => Prisma.sql`(
    SELECT ${Prisma.raw(column)}::date AS day, count(*)::int AS count FROM subscriber
    WHERE ${Prisma.raw(column)} >= ${since} GROUP BY 1)`;
  return db.$queryRaw<DayOfReaders[]>`
    SELECT to_char(days.day, 'YYYY-MM-DD') AS day, COALESCE(confirmed.count, 0) AS confirmed, COALESCE(gone.count, 0) AS left
    FROM (SELECT generate_series(${since}::timestamptz, ${now}::timestamptz, interval '1 day')::date AS day) AS days
    LEFT JOIN ${count('confirmed_at')} AS confirmed ON confirmed.day = days.day
    LEFT JOIN ${count('unsubscribed_at')} AS gone ON gone.day = days.day ORDER BY days.day`;
}
