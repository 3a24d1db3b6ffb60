// Do the clocks agree: links, leases and reading hours are told by this machine's, and by the database's.
import { createPgClient } from '../../platform/postgres/pg.ts';
import { fail, ok, type Told, warn } from './finding.ts';
import { lookAtRedis } from './queue.ts';

type Input = { databaseUrl: string | null; redisUrl: string | null; patienceMs: number; now: () => Date };

type Clock = { of: string; aheadMs: number };

export async function examineClock({ databaseUrl, redisUrl, patienceMs, now }: Input): Promise<Told[]> {
  if (databaseUrl === null && redisUrl === null) return [ok('no other clock counts yet')];
  const asked = await Promise.allSettled([
    ...(databaseUrl === null ? [] : [readDatabaseClock({ databaseUrl, patienceMs, now })]),
    ...(redisUrl === null ? [] : [readRedisClocks({ redisUrl, patienceMs, now })]),
  ]);
  const clocks = asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (clocks.length === 0)
    return [warn('there is no other clock to compare with', 'Get the database to answer, and ask again')];
  return clocks.map(judgeClock);
}

/** Leases of a minute are taken by one clock and judged by the other. */
const [noticedMs, badMs] = [2000, 20_000];

function judgeClock({ of, aheadMs }: Clock): Told {
  const apart = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s`;
  const what = `the clock of ${of} is ${apart} ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine’s`;
  const remedy = 'Keep the clocks of both machines by NTP (timedatectl set-ntp true)';
  if (Math.abs(aheadMs) >= badMs) return fail(what, remedy);
  return Math.abs(aheadMs) >= noticedMs
    ? warn(what, remedy)
    : ok(`the clock of ${of} agrees with this machine’s`);
}

async function readDatabaseClock({
  databaseUrl,
  patienceMs,
  now,
}: Omit<Input, 'redisUrl'> & { databaseUrl: string }): Promise<Clock[]> {
  const client = createPgClient(databaseUrl, {
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  try {
    await client.connect();
    const aheadMs = await compare(now, async () => {
      const { rows } = await client.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
      return Number(rows[0].ms);
    });
    return [{ of: 'the database', aheadMs }];
  } finally {
    await client.end().catch(() => {});
  }
}

async function readRedisClocks({
  redisUrl,
  patienceMs,
  now,
}: Omit<Input, 'databaseUrl'> & { redisUrl: string }): Promise<Clock[]> {
  const looked = await lookAtRedis({ redisUrl, patienceMs }, async (node, name) => {
    const aheadMs = await compare(now, async () => {
      const [seconds, micros] = await node.time();
      return Number(seconds) * 1000 + Number(micros) / 1000;
    });
    return { of: `Redis at ${name}`, aheadMs };
  });
  return looked.type === 'told' ? looked.answers : [];
}

/** Against the middle of the time that the question took. */
async function compare(now: () => Date, askMs: () => Promise<number>): Promise<number> {
  const before = now().getTime();
  const there = await askMs();
  return there - (before + now().getTime()) / 2;
}
