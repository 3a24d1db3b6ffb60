// What a ledger of a year costs that an empty one does not: npm run bench:growth. The same readers get their digest of today,
// once with nothing before and once with GROWTH_EDITIONS earlier ones each: mails a second, and write-ahead log for each. Then
// what the steps that look for work take with that ledger; and planning GROWTH_DUE of GROWTH_READERS, most of whom are not
// due. The last line is JSON.
import { randomUUID } from 'node:crypto';
import { claimDeliveries, countDueDeliveries } from '../src/ledger/claims.ts';
import { expireLeases } from '../src/ledger/leases.ts';
import { createDb, type Db } from '../src/platform/postgres/db.ts';
import type { Closer } from '../src/service/closer.ts';
import { runSql } from '../test/support/sql.ts';
import { takeSteps } from './children.ts';
import { type Contestant, contestants, measure } from './contestants.ts';
import { fillLedger } from './fill-ledger.ts';
import { longStatements } from './long-statements.ts';
import { round, takeMiddle } from './measure.ts';
import { runBenchmark } from './run-benchmark.ts';
import { openServers, type Servers } from './servers.ts';
import { readSizes } from './sizes.ts';
import { printTable } from './table.ts';

const sizes = readSizes({
  GROWTH_MAILS: 20_000,
  GROWTH_EDITIONS: 365,
  GROWTH_READERS: 1_000_000,
  GROWTH_DUE: 100_000,
  BENCH_CONNECTIONS: 5,
});

/** Of what is timed in milliseconds: the middle one counts, once the process has its code compiled, as a worker has. */
const rounds = 25;
const roundsBefore = 75;

type Sent = {
  mails: number;
  perSecond: number;
  walPerMail: number;
  pageImagesPerMail: number;
  /** What the ledger takes of it, indexes included. */
  diskPerMail: number;
};

await runBenchmark(async (closer) => {
  const { empty, full, steps, rows } = await deliver(closer);
  const share = round(full.perSecond / empty.perSecond, 2);
  printTable([
    [`${sizes.GROWTH_MAILS} mails`, 'mails/s', 'WAL bytes/mail', 'page images/mail', 'disk bytes/mail'],
    ...[
      { label: 'nothing before', ...empty },
      { label: `${rows} deliveries before`, ...full },
    ].map(({ label, ...sent }) => [
      label,
      sent.perSecond.toFixed(0),
      sent.walPerMail.toFixed(0),
      sent.pageImagesPerMail.toFixed(2),
      sent.diskPerMail.toFixed(0),
    ]),
    ['goals', `0.9 (${share})`, 'below 3000', '', ''],
  ]);
  printTable([
    [`with ${rows} deliveries`, 'ms'],
    ...Object.entries(steps).map(([step, ms]) => [step, ms.toFixed(1)]),
  ]);
  const planning = await plan(closer);
  console.log(
    `\nplanning ${planning.due} due of ${planning.readers} readers: ${planning.seconds} s (goal: 10 s for 100,000 of a million), ` +
      `${planning.walPerMail} bytes of WAL each; the claim of 100 then: ${planning.claimMs} ms\n`,
  );
  console.log(JSON.stringify({ empty, full, share, steps, planning }));
});

async function deliver(closer: Closer) {
  const servers = await openServers(
    { mails: sizes.GROWTH_MAILS, connections: sizes.BENCH_CONNECTIONS },
    closer,
  );
  const { setting } = servers;
  await takeSteps('populate', { setting, steps: ['listPapers', 'addSubscribers', 'addInterests'] }, closer);
  const empty = await send(servers, closer);
  const rows = await withDb(setting.databaseUrl, async (db) => {
    const added = await fillLedger(db, { editions: sizes.GROWTH_EDITIONS });
    await db.$executeRaw`VACUUM ANALYZE`;
    return added;
  });
  const full = await send(servers, closer);
  const copy = await servers.copyDatabase({ subscribers: sizes.GROWTH_MAILS });
  await takeSteps('ours', { setting: copy, steps: ['plan'] }, closer);
  const steps = await withDb(copy.databaseUrl, measureSteps);
  await servers.close();
  return { empty, full, steps, rows };
}

/** All of them, on a copy. */
async function send(servers: Servers, closer: Closer): Promise<Sent> {
  let used = { bytes: 0, pageImages: 0, disk: 0 };
  const ours: Contestant = {
    label: contestants.ours.label,
    async send(setting, closer) {
      const before = await readWal(setting.databaseUrl);
      const measured = await contestants.ours.send(setting, closer);
      const after = await readWal(setting.databaseUrl);
      used = {
        bytes: after.bytes - before.bytes,
        pageImages: after.pageImages - before.pageImages,
        disk: after.disk - before.disk,
      };
      return measured;
    },
  };
  const { rate } = await measure(ours, { mails: sizes.GROWTH_MAILS }, { servers, closer });
  return {
    mails: sizes.GROWTH_MAILS,
    perSecond: rate.perSecond,
    walPerMail: round(used.bytes / sizes.GROWTH_MAILS, 0),
    pageImagesPerMail: round(used.pageImages / sizes.GROWTH_MAILS, 2),
    diskPerMail: round(used.disk / sizes.GROWTH_MAILS, 0),
  };
}

/** Of the whole cluster, which has nothing else to do. A page is logged whole when it is changed first after a checkpoint. */
async function readWal(databaseUrl: string): Promise<{ bytes: number; pageImages: number; disk: number }> {
  const [row] = await runSql(
    databaseUrl,
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes, wal_fpi::float8 AS images,
       (SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('delivery'))::float8 AS disk FROM pg_stat_wal`,
  );
  return { bytes: Number(row?.bytes), pageImages: Number(row?.images), disk: Number(row?.disk) };
}

/** Milliseconds, the middle one of some. */
async function measureSteps(db: Db): Promise<Record<string, number>> {
  const steps = {
    'claim of 100': () => claim(db),
    'count what is due': () => countDueDeliveries(db, new Date()),
    'sweep for dead workers': () => expireLeases(db, { now: new Date(), unknownPolicy: 'leave' }),
  };
  const middle: Record<string, number> = {};
  for (const [name, step] of Object.entries(steps)) middle[name] = await timeMiddle(db, step);
  return middle;
}

function claim(db: Db): Promise<unknown> {
  return claimDeliveries(db, { claimId: randomUUID(), now: new Date(), leaseMs: 600_000, limit: 100 });
}

/** What was claimed is over: a worker has a few hundred mails in hand at a time, and not all that it ever claimed. */
async function settle(db: Db): Promise<void> {
  await db.delivery.updateMany({
    // By the index of what is not over: most of a year's ledger is.
    where: { state: 'claimed', finishedAt: null, id: { gt: 0 } },
    data: { state: 'accepted', leaseUntil: null, finishedAt: new Date() },
  });
}

async function timeMiddle(db: Db, step: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < roundsBefore + rounds; index += 1) {
    const startedAt = performance.now();
    await step();
    if (index >= roundsBefore) times.push(performance.now() - startedAt);
    await settle(db);
  }
  return round(takeMiddle(times), 2);
}

async function plan(closer: Closer) {
  const [readers, due] = [sizes.GROWTH_READERS, sizes.GROWTH_DUE];
  const servers = await openServers({ mails: readers, connections: sizes.BENCH_CONNECTIONS }, closer);
  const { setting } = servers;
  await takeSteps('populate', { setting, steps: ['listPapers', 'addSubscribers'] }, closer);
  await runSql(
    setting.databaseUrl,
    `UPDATE subscriber SET next_digest_at = now() + interval '10 hours'
     WHERE id NOT IN (SELECT id FROM subscriber ORDER BY md5(id::text) LIMIT ${due})`,
    'VACUUM ANALYZE',
    'CHECKPOINT',
  );
  const before = await readWal(setting.databaseUrl);
  const [planned] = await takeSteps('ours', { setting, steps: ['plan'] }, closer);
  const after = await readWal(setting.databaseUrl);
  if (planned?.count !== due) throw new Error(`${planned?.count} were planned, instead of ${due}`);
  const claimMs = await withDb(setting.databaseUrl, (db) => timeMiddle(db, () => claim(db)));
  await servers.close();
  return {
    readers,
    due,
    seconds: round((planned.endedAt - planned.startedAt) / 1000, 1),
    walPerMail: round((after.bytes - before.bytes) / due, 0),
    claimMs,
  };
}

async function withDb<Result>(databaseUrl: string, use: (db: Db) => Promise<Result>): Promise<Result> {
  const db = createDb(databaseUrl, 10, longStatements);
  try {
    return await use(db);
  } finally {
    await db.$disconnect();
  }
}
