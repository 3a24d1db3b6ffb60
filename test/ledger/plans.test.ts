// How PostgreSQL carries out the steps that run all day, with years in the ledger: what they look at is what is due, and the
// months that it is filed in. By the shape of plans: times are measured by npm run bench:growth.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDelivery, listUnjudgedRefusals } from '../../src/bounces/store.ts';
import { claimDeliveries, releaseClaims, startData } from '../../src/ledger/claims.ts';
import type { ClaimedDelivery } from '../../src/ledger/delivery.ts';
import { expireLeases } from '../../src/ledger/leases.ts';
import { ledgerTables } from '../../src/ledger/months.ts';
import { recordOutcomes } from '../../src/ledger/outcomes.ts';
import { planDueDigests } from '../../src/ledger/plan.ts';
import { createDb, type Db, type Prisma } from '../../src/platform/postgres/db.ts';
import { makeMonths } from '../../src/platform/postgres/partitions.ts';
import { runSql } from '../support/sql.ts';
import { waitFor } from '../support/wait-for.ts';
import { createWorld, type World } from '../support/world.ts';

const now = new Date('2031-06-15T09:00:00Z');
const months = 8;
const readers = 300;

let world: World;

beforeAll(async () => {
  world = await createWorld(now.toISOString());
  const { db } = world;
  for (let past = months; past >= 0; past -= 2)
    await makeMonths({ db, now: new Date(Date.UTC(2031, 5 - past, 15)) }, ledgerTables.slice(0, 1));
  await runSql(
    world.databaseUrl,
    `INSERT INTO subscriber (email, email_key, status, confirmed_at, next_digest_at)
     SELECT address, address, 'active', now(), CASE WHEN number <= 20 THEN '2031-06-15T07:00:00Z' ELSE '2031-06-16T07:00:00Z' END::timestamptz
     FROM (SELECT number, 'reader' || number || '@example.org' AS address FROM generate_series(1, ${readers}) AS number) AS made`,
    // Twice a week, for most of a year.
    `INSERT INTO delivery (subscriber_id, kind, day, edition, state, reason_code, through_seq, finished_at, next_try_at, created_at)
     SELECT id, 'digest', day, day, CASE WHEN missed THEN 'rejected' ELSE 'accepted' END::delivery_state,
       CASE WHEN missed THEN 'mailbox_full' END, 0, day, day, day
     FROM subscriber, generate_series('2030-10-20'::date, '2031-06-13', '3 days') AS given, LATERAL (SELECT given::date AS day,
       hashtext(id::text || given::text) % 100 = 0 AS missed) AS made`,
    'ANALYZE',
  );
});

afterAll(() => world.close());

type PlanNode = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Loops': number;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
};

/** PostgreSQL tells each connection how it carried out what was asked over it. */
const tellPlans = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_format': 'json',
  client_min_messages: 'log',
};

/** As a worker has it that has sent for a while: made for any number of mails, not for the number at hand. */
const keptPlan = 'force_generic_plan';
/** Made anew each time, as for what is asked through Prisma. */
const ownPlan = 'auto';

/**
 * Carries out what `act` does, and tells how it was: every place that was read or written, as `by what on which table`; with
 * `isPlanOnly` those too that would have been, had there been a row to go there for.
 */
async function explain(act: (db: Db) => Promise<unknown>, { isPlanOnly = false } = {}): Promise<string[]> {
  const found = new Set<string>();
  await listenToPlans(act, (node) => {
    const name = node['Relation Name'];
    if (name !== undefined && (isPlanOnly || node['Actual Loops'] > 0))
      found.add(`${node['Node Type']} on ${name}`);
  });
  return [...found].sort();
}

/** What was given with a statement is gone over again at next to no cost. */
const isInHand = (node: PlanNode) => /^(?:Function Scan|CTE Scan|Materialize)$/.test(node['Node Type']);

/** The most rows that any part of the plans brought or looked for, or passed over in the ledger. */
async function countMost(act: (db: Db) => Promise<unknown>, plan: string): Promise<number> {
  let most = 0;
  const look = (node: PlanNode) => {
    const passedOver = /^delivery_/.test(node['Relation Name'] ?? '') ? node['Rows Removed by Filter'] : 0;
    const rows = node['Actual Rows'] + (passedOver ?? 0);
    if (!isInHand(node)) most = Math.max(most, Math.max(rows, 1) * node['Actual Loops']);
  };
  await listenToPlans(act, look, plan);
  return most;
}

/** `look` is given every part of every plan that `act` has carried out over the client it is given. */
async function listenToPlans(
  act: (db: Db) => Promise<unknown>,
  look: (node: PlanNode) => void,
  plan = keptPlan,
): Promise<void> {
  const lookInto = (node: PlanNode) => {
    look(node);
    node.Plans?.forEach(lookInto);
  };
  const url = new URL(world.databaseUrl);
  url.searchParams.set(
    'options',
    Object.entries({ ...tellPlans, plan_cache_mode: plan })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  );
  // Prisma and its pool keep their connections to themselves.
  const { emit } = EventEmitter.prototype;
  pg.Client.prototype.emit = function (name: string | symbol, ...given: unknown[]) {
    const [, told] =
      (name === 'notice' && / plan:\n(.*)/s.exec(String(Reflect.get(Object(given[0]), 'message')))) || [];
    if (told !== undefined) lookInto(JSON.parse(told).Plan);
    return Reflect.apply(emit, this, [name, ...given]);
  };
  const db = createDb(url.href);
  try {
    // Else Prisma, which steps pass by, would have nothing to disconnect, and connections would stay for ten seconds.
    await db.$connect();
    await act(db);
  } finally {
    await db.$disconnect();
    Reflect.deleteProperty(pg.Client.prototype, 'emit');
  }
}

const ofLedger = (places: string[]) => places.filter((place) => / on delivery_/.test(place));
const monthsIn = (places: string[]) => [
  ...new Set(ofLedger(places).map((place) => place.replace(/^.* on delivery_/, ''))),
];
/** An empty month is not looked at in any other way, and costs nothing. */
const hasRows = (place: string) => /_(?:2030_1\d|2031_0[1-6])$/.test(place);
const isWholeRead = (place: string) => place.startsWith('Seq Scan') && hasRows(place);
const wholeReads = (places: string[]) => ofLedger(places).filter(isWholeRead);

/** Of the months before: what is due, held back for so long, would be there. */
const recent = ['2031_05', '2031_06', '2031_07', '2031_08', 'default'];

describe('with most of a year in the ledger', () => {
  test('planning looks at who is due, and writes where the day is filed', async () => {
    const places = await explain((db) => planDueDigests(db, { now, limit: 100 }));
    expect(places).toContain('Index Scan on subscriber');
    expect(places.filter((place) => place.startsWith('Seq Scan on subscriber'))).toEqual([]);
    expect(await world.db.delivery.count({ where: { day: new Date('2031-06-15') } })).toBe(20);
  });

  let claimed: ClaimedDelivery[] = [];

  test('a claim takes what is due from the index on it, of the recent months', async () => {
    const places = await explain(async (db) => {
      claimed = await claimDeliveries(db, { claimId: randomUUID(), now, leaseMs: 60_000, limit: 20 });
    });
    expect(claimed).toHaveLength(20);
    expect(wholeReads(places)).toEqual([]);
    expect(places.some((place) => /Index (?:Only )?Scan on delivery_2031_06/.test(place))).toBe(true);
    expect(monthsIn(places).filter((month) => !recent.includes(month))).toEqual([]);
  });

  test.each<[string, () => (db: Db) => Promise<unknown>]>([
    [
      'the gate',
      () => (db) =>
        startData(db, { mails: claimed.map((mail) => ({ ...mail, picks: [1] })), now, leaseMs: 60_000 }),
    ],
    [
      'an outcome',
      () => (db) => {
        const outcome = { type: 'nothing', code: 'no_match' } as const;
        return recordOutcomes(db, {
          outcomes: claimed.slice(0, 10).map((mail) => ({ ...mail, outcome })),
          now,
        });
      },
    ],
    [
      'a claim given back',
      () => (db) =>
        releaseClaims(
          db,
          claimed.slice(10).map((mail) => ({ ...mail, nextTryAt: now })),
        ),
    ],
  ])('%s looks at the month that its mails are filed in, and at later ones', async (_, step) => {
    const places = await explain(step());
    expect(wholeReads(places)).toEqual([]);
    expect(monthsIn(places).filter((month) => !recent.includes(month))).toEqual([]);
    expect(monthsIn(places)).not.toContain('2031_05');
  });

  test('the gate looks up whether a mail’s reader is suppressed, however many are', async () => {
    await runSql(
      world.databaseUrl,
      `INSERT INTO suppression (email_key, reason)
       SELECT 'gone' || number || '@example.org', 'test' FROM generate_series(1, 5000) AS number`,
      'ANALYZE suppression',
    );
    const mails = claimed.map((mail) => ({ ...mail, picks: [1], to: 'ada@example.org' }));
    // None of these comes so far.
    const places = await explain((db) => startData(db, { mails, now, leaseMs: 60_000 }), {
      isPlanOnly: true,
    });
    const suppressed = places.filter((place) => place.endsWith(' on suppression'));
    expect(suppressed).not.toEqual([]);
    expect(suppressed.filter((place) => place.startsWith('Seq Scan'))).toEqual([]);
  });

  test('twice as many mails are twice the work, at each step of theirs', async () => {
    await runSql(
      world.databaseUrl,
      `INSERT INTO subscriber (email, email_key, status, confirmed_at, next_digest_at)
       SELECT address, address, 'active', now(), '2031-06-16T07:00:00Z' FROM (SELECT 'many' || number || '@example.org' AS address FROM generate_series(1, 200) AS number) AS made`,
      `INSERT INTO delivery (subscriber_id, kind, day, edition, through_seq, next_try_at)
       SELECT id, 'digest', '2031-06-15', '2031-06-15', 0, '2031-06-15T08:00:00Z' FROM subscriber WHERE email LIKE 'many%'`,
    );
    // So many that it would show, were each tried with each of the others.
    const limit = 40;
    const take = { now, leaseMs: 60_000 };
    const outcome = { type: 'nothing', code: 'no_match' } as const;
    let mails: ClaimedDelivery[] = [];
    const claim = async (db: Db) => {
      mails = await claimDeliveries(db, { ...take, claimId: randomUUID(), limit });
    };
    const steps: [string, (db: Db) => Promise<unknown>, plan?: string][] = [
      ['claim', claim],
      ['gate', (db) => startData(db, { ...take, mails: mails.map((mail) => ({ ...mail, picks: [1] })) })],
      ['outcome', (db) => recordOutcomes(db, { outcomes: mails.map((mail) => ({ ...mail, outcome })), now })],
      ['another claim', claim],
      [
        'its release',
        (db) =>
          releaseClaims(
            db,
            mails.map((mail) => ({ ...mail, nextTryAt: now })),
          ),
        ownPlan,
      ],
    ];
    for (const [name, step, plan = keptPlan] of steps) {
      const most = await countMost(step, plan);
      expect(most, name).toBeGreaterThanOrEqual(limit);
      expect(most, name).toBeLessThanOrEqual(2 * limit);
    }
  });

  test('the sweep looks at what is not over, and at what went wrong lately', async () => {
    const places = await explain((db) => expireLeases(db, { now, unknownPolicy: 'resend-once' }));
    expect(wholeReads(places)).toEqual([]);
    const refusals = await explain((db) =>
      listUnjudgedRefusals(db, { since: new Date('2031-06-12T09:00:00Z'), limit: 500 }),
    );
    expect(wholeReads(refusals)).toEqual([]);
  });

  test('a mail that came back is found by its number alone, whatever month it is of', async () => {
    const { id, subscriberId } = await world.db.delivery.findFirstOrThrow({
      where: { day: { lt: new Date('2031-01-01') } },
    });
    expect(await findDelivery(world.db, { deliveryId: id, subscriberId })).toBe(id);
  });
});

test('a claim waits for no disk and no standby', async () => {
  const waits: unknown[] = [];
  const db = new Proxy(world.db, {
    get(target, name, receiver) {
      if (name !== '$transaction') return Reflect.get(target, name, receiver);
      return (work: (tx: Prisma.TransactionClient) => Promise<unknown>) =>
        target.$transaction(async (tx) => {
          const result = await work(tx);
          waits.push(await tx.$queryRaw`SELECT current_setting('synchronous_commit') AS value`);
          return result;
        });
    },
  });
  await claimDeliveries(db, { claimId: randomUUID(), now, leaseMs: 60_000, limit: 5 });
  expect(new Set(waits.flat().map((row) => JSON.stringify(row)))).toEqual(new Set(['{"value":"off"}']));
});

test('while a mail is sent its row stays in its page, and the indexes hardly hear of it', async () => {
  const countHot = async (db: Db) => {
    // What a connection did is counted for all to see when it has ended, which takes a moment.
    await db.$disconnect();
    const others = `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
    await waitFor(
      'connections to end',
      async () => (await runSql(world.databaseUrl, others))[0]?.count === 0,
    );
    const [row] = await runSql(
      world.databaseUrl,
      'SELECT pg_stat_force_next_flush()',
      `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = 'delivery_2031_07'`,
    );
    return { all: Number(row?.all), hot: Number(row?.hot) };
  };
  await world.db.delivery.deleteMany({ where: { finishedAt: null } });
  await runSql(world.databaseUrl, "UPDATE subscriber SET next_digest_at = '2031-07-15T07:00:00Z'");
  // In a month of which nothing is stored: where rows were deleted, new ones may fill up pages that have no room left.
  const nextMonth = new Date('2031-07-15T09:00:00Z');
  await planDueDigests(world.db, { now: nextMonth, limit: 1000 });
  const before = await countHot(world.db);
  const db = createDb(world.databaseUrl);
  await db.$connect();
  const claimed = await claimDeliveries(db, {
    claimId: randomUUID(),
    now: nextMonth,
    leaseMs: 60_000,
    limit: 200,
  });
  const open = await startData(db, {
    mails: claimed.map((mail) => ({ ...mail, picks: [1, 2, 3] })),
    now: nextMonth,
    leaseMs: 60_000,
  });
  expect(open).toHaveLength(200);
  const after = await countHot(db);
  expect(after.all - before.all).toBe(400);
  // A full page gets room again when nobody can see its old rows any more, which any snapshot nearby puts off: some rows
  // move then. Were one of the changed columns in an index, every row would.
  expect(after.hot - before.hot).toBeGreaterThan(200);
});
