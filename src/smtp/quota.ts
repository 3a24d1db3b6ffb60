// How many mails a server may be given by the minute, the hour and the day, counted in PostgreSQL: all workers together, and
// a restart forgets nothing. Windows move with the clock, in slices: no hour, wherever it begins, has more than its limit.
import type { Db, DbOrTransaction } from '../platform/postgres/db.ts';

export type WindowLimit = { count: number; seconds: number };

/** `fullUntil`: there was less than was asked for, because of `limit`, and there is more then. */
export type Taken = { granted: number; fullUntil: Date | null; limit: WindowLimit | null };

export type Quota = {
  take(count: number): Promise<Taken>;
  /** Of what was taken and not sent. */
  giveBack(count: number): Promise<void>;
};

const slicesPerWindow = 60;

export function createQuota(
  { db, now }: { db: Db; now: () => Date },
  { server, limits }: { server: string; limits: WindowLimit[] },
): Quota {
  const add = (tx: DbOrTransaction, count: number) => addToSlices(tx, { server, limits, count, now: now() });
  return {
    async take(count) {
      return db.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quota:${server}`}, 0))::text`;
        await forgetOldSlices(tx, { server, now: now() });
        const slices = await tx.sentCount.findMany({ where: { server } });
        const taken = decide({ limits, slices, count, now: now() });
        if (taken.granted > 0) await add(tx, taken.granted);
        return taken;
      });
    },
    async giveBack(count) {
      if (count > 0) await add(db, -count);
    },
  };
}

type Slice = { windowSeconds: number; sliceAt: Date; sent: number };

/** What the tightest limit leaves of `count`. Those that name no window any more do not count. */
export function decide({
  limits,
  slices,
  count,
  now,
}: {
  limits: WindowLimit[];
  slices: Slice[];
  count: number;
  now: Date;
}): Taken {
  let taken: Taken = { granted: count, fullUntil: null, limit: null };
  for (const limit of limits) {
    const ofWindow = slices
      .filter(({ windowSeconds }) => windowSeconds === limit.seconds)
      .filter(({ sliceAt }) => endOfSlice(sliceAt, limit.seconds) > now)
      .sort((one, other) => one.sliceAt.getTime() - other.sliceAt.getTime());
    const sent = ofWindow.reduce((sum, slice) => sum + slice.sent, 0);
    const free = Math.max(0, limit.count - sent);
    if (free >= taken.granted) continue;
    const [oldest] = ofWindow.filter((slice) => slice.sent > 0);
    const fullUntil = oldest === undefined ? null : endOfSlice(oldest.sliceAt, limit.seconds);
    taken = { granted: free, fullUntil, limit };
  }
  return taken;
}

/** When it no longer touches the window that ends now. */
function endOfSlice(sliceAt: Date, windowSeconds: number): Date {
  return new Date(sliceAt.getTime() + (windowSeconds + windowSeconds / slicesPerWindow) * 1000);
}

async function addToSlices(
  db: DbOrTransaction,
  { server, limits, count, now }: { server: string; limits: WindowLimit[]; count: number; now: Date },
): Promise<void> {
  const windows = limits.map(({ seconds }) => seconds);
  const slices = windows.map((seconds) => {
    const sliceMs = (seconds * 1000) / slicesPerWindow;
    return new Date(Math.floor(now.getTime() / sliceMs) * sliceMs);
  });
  await db.$executeRaw`
    INSERT INTO sent_count (server, window_seconds, slice_at, sent)
    SELECT ${server}, seconds, slice_at, ${count}
    FROM unnest(${windows}::int[], ${slices}::timestamptz[]) AS slice(seconds, slice_at)
    ON CONFLICT (server, window_seconds, slice_at) DO UPDATE SET sent = sent_count.sent + ${count}`;
}

async function forgetOldSlices(
  db: DbOrTransaction,
  { server, now }: { server: string; now: Date },
): Promise<void> {
  await db.$executeRaw`
    DELETE FROM sent_count
    WHERE server = ${server} AND slice_at < ${now}::timestamptz - make_interval(secs => window_seconds * 1.1)`;
}

const words: ReadonlyMap<number, string> = new Map([
  [60, 'a minute'],
  [3600, 'an hour'],
  [86_400, 'a day'],
]);

/** `500 in a minute` */
export function describeLimit({ count, seconds }: WindowLimit): string {
  return `${count} in ${words.get(seconds) ?? `${seconds} seconds`}`;
}
