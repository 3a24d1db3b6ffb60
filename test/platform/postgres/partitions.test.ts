// Months of the tables that grow: made in time, late, at once by several; dropped whole, and only once all in them is over.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerTables } from '../../../src/ledger/months.ts';
import { planDigests } from '../../../src/ledger/plan.ts';
import { keepMonths, makeMonths } from '../../../src/platform/postgres/partitions.ts';
import { fetchTable } from '../../../src/sources/fetch-store.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { runSql } from '../../support/sql.ts';
import { ada, createWorld, expertPaper, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('2031-03-02T09:00:00Z', await createTestDatabase());
});
afterAll(() => world.close());

const tables = [...ledgerTables, fetchTable].map((table) => ({ ...table, days: 400 }));
const keep = (now: string) => keepMonths({ db: world.db, now: new Date(now) }, tables);
const sql = (...statements: string[]) => runSql(world.databaseUrl, ...statements);
const placesOf = async (where = 'true') =>
  (
    await sql(
      `SELECT tableoid::regclass::text AS place, count(*)::int FROM delivery WHERE ${where} GROUP BY 1 ORDER BY 1`,
    )
  ).map(({ place, count }) => `${count} in ${place}`);

test('what has no month yet is kept, and moves to it once it is made, with what it is in the middle of', async () => {
  const { id } = await world.subscribe(ada);
  expect(await placesOf()).toEqual(['2 in delivery_default']);
  await sql(
    "UPDATE delivery SET state = 'claimed', claim_id = gen_random_uuid(), lease_until = now() WHERE kind = 'digest'",
  );

  const { made } = await keep('2031-03-02T09:00:00Z');
  expect(made).toHaveLength(12);
  expect(made).toContain('delivery_2031_03');
  expect(await placesOf()).toEqual(['2 in delivery_2031_03']);
  expect(await world.db.delivery.findMany({ where: { state: 'claimed' } })).toMatchObject([
    { subscriberId: id },
  ]);
  expect(await keep('2031-03-02T09:01:00Z')).toEqual({ made: [], dropped: [], spared: [] });
});

test('a day of a reader is promised once, whichever place it is filed in', async () => {
  await sql('UPDATE subscriber SET next_digest_at = created_at');
  expect(await planDigests({ db: world.db, now: world.now() })).toBe(0);
  const again = `INSERT INTO delivery (subscriber_id, kind, day, edition, through_seq)
    SELECT subscriber_id, kind, day, edition, 0 FROM delivery WHERE edition IS NOT NULL`;
  await expect(sql(again)).rejects.toThrow(/duplicate key.*delivery_2031_03/);
});

test('many processes make a month once', async () => {
  const now = new Date('2031-08-02T09:00:00Z');
  const made = await Promise.all([1, 2, 3].map(() => makeMonths({ db: world.db, now }, ledgerTables)));
  expect(new Set(made.flat())).toContain('delivery_2031_10');
  expect(
    await sql(
      "SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'delivery'::regclass AND inhrelid = to_regclass('delivery_2031_10')",
    ),
  ).toEqual([{ count: 1 }]);
});

test('whoever is in the way of a new month is waited for a moment only, and keeps what they do', async () => {
  const { db } = world;
  const now = new Date('2032-08-02T09:00:00Z');
  await db.$transaction(async (tx) => {
    await tx.subscriber.updateMany({ data: { hour: 9 } });
    await expect(makeMonths({ db, now }, ledgerTables)).rejects.toThrow(/lock timeout/);
    await tx.delivery.count();
  });
  expect(await makeMonths({ db, now }, ledgerTables)).toHaveLength(8);
});

test('a new month is like the others: its rows are unique, go with their reader, and leave room in their pages', async () => {
  const [plain] = await sql("SELECT reloptions FROM pg_class WHERE relname = 'delivery_2032_08'");
  expect(plain).toEqual({ reloptions: ['fillfactor=33'] });
  const describe = (name: string) =>
    sql(`SELECT replace(pg_get_indexdef(indexrelid), '${name}', 'month') AS line FROM pg_index WHERE indrelid = '${name}'::regclass
      UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '${name}'::regclass AND contype <> 'n' ORDER BY 1`);
  const [first] = await sql(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'delivery'::regclass AND relname <> 'delivery_default' ORDER BY relname LIMIT 1",
  );
  const lines = (rows: Record<string, unknown>[]) =>
    rows.map(({ line }) => String(line).replace(/ INDEX \S+ /, ' INDEX '));
  expect(lines(await describe('delivery_2032_08')).sort()).toEqual(
    lines(await describe(String(first?.name))).sort(),
  );
});

test('a month that is over is dropped whole, and costs nobody a paper twice; one with a promise in it stays', async () => {
  const { db } = world;
  await world.list('2031-03-02', [expertPaper('old news')]);
  await sql(
    `UPDATE delivery SET state = 'accepted', lease_until = NULL, finished_at = created_at WHERE kind = 'digest'`,
  );
  await sql('UPDATE subscriber SET served_through = (SELECT max(seq) FROM paper)');
  const { servedThrough } = await world.find(ada);

  const first = await keep('2032-06-02T09:00:00Z');
  expect(first.spared).toEqual(['delivery_2031_03']);
  expect(first.dropped).toEqual(expect.arrayContaining(['bounce_2031_03', 'source_fetch_2031_03']));
  expect(await db.delivery.count()).toBe(2);

  await sql(
    `UPDATE delivery SET state = 'cancelled', reason_code = 'about_nothing', finished_at = created_at WHERE kind <> 'digest'`,
  );
  const { dropped, spared } = await keep('2032-06-02T09:00:00Z');
  expect(dropped).toEqual(['delivery_2031_03']);
  expect(spared).toEqual([]);
  expect(await db.delivery.count()).toBe(0);

  await sql("UPDATE subscriber SET next_digest_at = '2032-06-02T08:00:00Z'");
  expect(await planDigests({ db, now: new Date('2032-06-02T09:00:00Z') })).toBe(1);
  expect((await world.find(ada)).servedThrough).toBe(servedThrough);
});

test('what is old and has no month is deleted, but for what is not over', async () => {
  const { id } = await world.find(ada);
  const row = (edition: string, state: 'planned' | 'accepted') => ({
    subscriberId: id,
    kind: 'digest' as const,
    day: new Date(edition),
    edition: new Date(edition),
    throughSeq: 0,
    state,
    finishedAt: state === 'accepted' ? new Date(edition) : null,
  });
  await world.db.delivery.createMany({ data: [row('2029-01-01', 'accepted'), row('2029-01-02', 'planned')] });
  await keep('2032-06-02T09:00:00Z');
  expect(await placesOf("day < '2030-01-01'")).toEqual(['1 in delivery_default']);
});
