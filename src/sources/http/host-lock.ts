// The lock of a host, in PostgreSQL: who may ask it now, by one clock for all processes.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../platform/postgres/db.ts';
import type { WithHostLock } from './client.ts';

/** Longer than any request may take: a process that died with the lock keeps it no longer. */
const leaseMs = 90_000;
/** A server that asks for hours is left alone by whoever asked it; the others are not to wait in line for that long. */
const longestPauseMs = 60_000;

/** At most one request at a time, `pauseMs` between the end of one and the start of the next. */
export function createHostLock({
  db,
  host,
  pauseMs,
}: {
  db: Db;
  host: string;
  pauseMs: number;
}): WithHostLock {
  return async (ask, signal) => {
    const holderId = await waitForLock(db, host, signal);
    let pause = pauseMs;
    try {
      const { answer, pauseMs: wanted } = await ask();
      pause = Math.max(pauseMs, Math.min(wanted, longestPauseMs));
      return answer;
    } finally {
      await db.$executeRaw`
        UPDATE host_lock SET holder_id = NULL, lease_until = NULL,
          next_at = clock_timestamp() + make_interval(secs => ${pause / 1000})
        WHERE host = ${host} AND holder_id = ${holderId}::uuid`;
    }
  };
}

async function waitForLock(db: Db, host: string, signal: AbortSignal): Promise<string> {
  await db.$executeRaw`
    INSERT INTO host_lock (host, next_at) VALUES (${host}, clock_timestamp()) ON CONFLICT DO NOTHING`;
  const holderId = randomUUID();
  for (;;) {
    signal.throwIfAborted();
    const taken = await db.$executeRaw`
      UPDATE host_lock SET holder_id = ${holderId}::uuid,
        lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
      WHERE host = ${host} AND next_at <= clock_timestamp()
        AND (lease_until IS NULL OR lease_until <= clock_timestamp())`;
    if (taken === 1) return holderId;
    await sleep(await findWait(db, host), undefined, { signal });
  }
}

/** Milliseconds until it is worth asking again; whoever holds the lock may be done sooner than its lease says. */
async function findWait(db: Db, host: string): Promise<number> {
  const [row] = await db.$queryRaw<{ ms: number }[]>`
    SELECT (EXTRACT(EPOCH FROM next_at - clock_timestamp()) * 1000)::float AS ms FROM host_lock WHERE host = ${host}`;
  return Math.min(Math.max(row?.ms ?? 0, 100), 5000);
}
