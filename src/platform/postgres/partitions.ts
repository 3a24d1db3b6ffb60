// Tables that grow with time are kept in a partition a month: the indexes that are written to stay small, and what is old is
// dropped whole. What has no month of its own (yet) goes to the default partition, so that a month that was never made loses
// nothing; it moves once the month is there. Everything that keeps a lock gives up soon: the next sweep comes in a minute.
import type { Db, DbOrTransaction, Prisma } from './db.ts';

export type MonthlyTable = {
  name: string;
  /** The column whose month it is: a day, or an instant (in UTC). */
  key: string;
  /** Whose rows it refers to: making and dropping a month locks it for a moment. */
  references: string | null;
  /** How full a page is made, in percent: the rest is for what its rows become. */
  fillfactor: number;
  /** SQL: rows that keep their month from being dropped. */
  keepWhile: string | null;
};

export type KeptTable = MonthlyTable & {
  /** What is older is dropped, once its whole month is. */
  days: number;
};

export type KeptMonths = {
  made: string[];
  dropped: string[];
  /** Old enough, and not dropped: something in there is not over. */
  spared: string[];
};

const lockTimeoutMs = 500;
const dayMs = 24 * 60 * 60 * 1000;
/** From the month before this one, of which an edition may still be, to the one after next. */
const monthsMade = [-1, 0, 1, 2];

/** Sees to it that the months around `now` are there, and that those past their days are not. Safe in any number of processes. */
export async function keepMonths(
  { db, now }: { db: Db; now: Date },
  tables: readonly KeptTable[],
): Promise<KeptMonths> {
  const made = await makeMonths({ db, now }, tables);
  const gone = await Promise.all(tables.map((table) => dropOld({ db, now }, table)));
  return {
    made,
    dropped: gone.flatMap(({ dropped }) => dropped),
    spared: gone.flatMap(({ spared }) => spared),
  };
}

/** Returns the names of those that were not there. */
export async function makeMonths(
  { db, now }: { db: Db; now: Date },
  tables: readonly MonthlyTable[],
): Promise<string[]> {
  const wanted = tables.flatMap((table) =>
    monthsMade.map((offset) => {
      const from = startOfMonth(now, offset);
      return { table, from, name: nameMonth(table, from) };
    }),
  );
  const missing = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM unnest(${wanted.map(({ name }) => name)}::text[]) AS name WHERE to_regclass(name) IS NULL`;
  const names = new Set(missing.map(({ name }) => name));
  for (const month of wanted.filter(({ name }) => names.has(name))) await makeMonth(db, month);
  return [...names];
}

type Month = { table: MonthlyTable; from: Date; name: string };

async function makeMonth(db: Db, { table, from, name }: Month): Promise<void> {
  const [start, end] = [from, startOfMonth(from, 1)].map((instant) => `'${instant.toISOString()}'`);
  const { key } = table;
  await db.$transaction(async (tx) => {
    await lockTable(tx, table);
    const [found] = await tx.$queryRaw<
      { isThere: boolean }[]
    >`SELECT to_regclass(${name}) IS NOT NULL AS "isThere"`;
    if (found?.isThere) return;
    const run = (sql: string) => tx.$executeRawUnsafe(sql);
    await run(
      `CREATE TABLE ${name} (LIKE ${table.name} INCLUDING ALL) WITH (fillfactor = ${table.fillfactor})`,
    );
    await run(
      `WITH moved AS (DELETE FROM ${table.name}_default WHERE ${key} >= ${start} AND ${key} < ${end} RETURNING *)
       INSERT INTO ${name} SELECT * FROM moved`,
    );
    await run(`ALTER TABLE ${table.name} ATTACH PARTITION ${name} FOR VALUES FROM (${start}) TO (${end})`);
  });
}

async function dropOld(
  { db, now }: { db: Db; now: Date },
  table: KeptTable,
): Promise<{ dropped: string[]; spared: string[] }> {
  const before = new Date(now.getTime() - table.days * dayMs);
  const { name: tableName, key, keepWhile } = table;
  const months = await db.$queryRaw<{ name: string }[]>`
    SELECT relname::text AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = to_regclass(${tableName}) ORDER BY 1`;
  const isOld = ({ name }: { name: string }) => {
    const from = startOf(name);
    return from !== null && startOfMonth(from, 1) <= before;
  };
  const dropped: string[] = [];
  const spared: string[] = [];
  for (const { name } of months.filter(isOld)) {
    const isDropped = await dropMonth(db, { table, name });
    (isDropped ? dropped : spared).push(name);
  }
  await db.$executeRawUnsafe(
    `DELETE FROM ${tableName}_default WHERE ${key} < '${before.toISOString()}'${keepWhile === null ? '' : ` AND NOT (${keepWhile})`}`,
  );
  return { dropped, spared };
}

/** False: there is something in it that is not over. */
async function dropMonth(db: Db, { table, name }: { table: MonthlyTable; name: string }): Promise<boolean> {
  const hasOpen = (of: Db | Prisma.TransactionClient) => hasRows(of, { name, where: table.keepWhile });
  // Looked at first without a lock: what is spared is looked at every time.
  if (await hasOpen(db)) return false;
  return db.$transaction(async (tx) => {
    await lockTable(tx, table);
    if (await hasOpen(tx)) return false;
    await tx.$executeRawUnsafe(`DROP TABLE IF EXISTS ${name}`);
    return true;
  });
}

async function hasRows(
  db: Db | Prisma.TransactionClient,
  { name, where }: { name: string; where: string | null },
): Promise<boolean> {
  if (where === null) return false;
  const [row] = await db.$queryRawUnsafe<{ found: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM ${name} WHERE ${where}) AS found`,
  );
  return row?.found ?? false;
}

/**
 * The one who makes or drops months, with the table to itself: who waits for it finds the partitions as they are then. What
 * the table refers to comes first, as whoever writes to both takes them. It gives up before PostgreSQL looks for deadlocks
 * (after a second), so that it is never somebody else's statement that is ended.
 */
async function lockTable(tx: Prisma.TransactionClient, { name, references }: MonthlyTable): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('paperround months'))`;
  await tx.$queryRaw`SELECT set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`;
  if (references !== null) await tx.$executeRawUnsafe(`LOCK TABLE ${references} IN ACCESS EXCLUSIVE MODE`);
  await tx.$executeRawUnsafe(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
}

/** What the partition of this instant's month, in UTC, is called; whether it is there is another question. */
function nameMonth({ name }: MonthlyTable, instant: Date): string {
  return `${name}_${instant.toISOString().slice(0, 7).replace('-', '_')}`;
}

/** Tells PostgreSQL how large the months of these instants have become, where there is one. */
export async function analyzeMonths(
  db: DbOrTransaction,
  { table, instants }: { table: MonthlyTable; instants: Date[] },
): Promise<void> {
  const names = [...new Set(instants.map((instant) => nameMonth(table, instant)))];
  const there = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM unnest(${[...names, `${table.name}_default`]}::text[]) AS name WHERE to_regclass(name) IS NOT NULL`;
  for (const { name } of there) await db.$executeRawUnsafe(`ANALYZE ${name}`);
}

function startOfMonth(instant: Date, offset: number): Date {
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth() + offset, 1));
}

/** Of the month that a partition is named for; null: it is none of a month. */
function startOf(name: string): Date | null {
  const [, year, month] = /_(\d{4})_(\d{2})$/.exec(name) ?? [];
  return year === undefined ? null : new Date(Date.UTC(Number(year), Number(month) - 1, 1));
}
