// Databases that are emptied and used again, with their client: to make one, to load Prisma's schema anew, and to have it plan
// every statement again is most of what a small test would cost.
import { countConnections, createDb, type Db } from '../../src/platform/postgres/db.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import { runSql } from './sql.ts';

export type KeptDatabase = {
  databaseUrl: string;
  db: Db;
  /** For the next one. What cannot be emptied, or is not what the migrations made of it any more, is dropped. */
  giveBack(): Promise<void>;
};

/** Of the client of each. */
export const keptConnections = 5;

type Emptied = { database: TestDatabase; db: Db };

/** Of this process. */
const emptied: Emptied[] = [];

/** With all migrations applied and no rows, as a new one is. */
export async function takeDatabase(): Promise<KeptDatabase> {
  const taken = emptied.pop() ?? (await makeDatabase());
  let isGivenBack = false;
  return {
    databaseUrl: taken.database.databaseUrl,
    db: taken.db,
    async giveBack() {
      // Two tests would have it next.
      if (isGivenBack) return;
      isGivenBack = true;
      if (await empty(taken)) emptied.push(taken);
      else {
        await taken.db.$disconnect().catch(() => {});
        await taken.database.drop();
      }
    },
  };
}

async function makeDatabase(): Promise<Emptied> {
  const database = await createTestDatabase();
  made ??= runSql(database.databaseUrl, shapeSql).then(([shape]) => shape as Shape);
  await made;
  // Known by its name from all that tests themselves connect with.
  const url = new URL(database.databaseUrl);
  url.searchParams.set('application_name', keptName);
  return { database, db: createDb(url.href, keptConnections) };
}

const keptName = 'kept';
/** One that has grown is slow to empty, and stays slow. */
const mostBytes = 60_000_000;

type Shape = {
  /** Of everything but the rows and the months. */
  shape: string;
  months: string[];
  tables: string[];
  bytes: number;
};

/** As the migrations make it: the first one of this process was looked at. */
let made: Promise<Shape> | null = null;

/** Returns whether it is as it was made. */
async function empty({ db }: Emptied): Promise<boolean> {
  try {
    if (made === null) return false;
    const { shape, months, tables } = await made;
    await db.$queryRawUnsafe(endOthersSql);
    // Prisma opens a client that a test has closed anew, with settings of its own.
    if (countConnections(db).total === 0) return false;
    const [found] = await db.$queryRawUnsafe<Shape[]>(shapeSql);
    if (found === undefined || found.shape !== shape) return false;
    if (found.bytes > mostBytes) return false;
    if (months.some((month) => !found.months.includes(month))) return false;
    const added = found.months.filter((month) => !months.includes(month));
    if (added.length > 0) await db.$executeRawUnsafe(`DROP TABLE ${added.join(', ')}`);
    const [{ filled } = { filled: [] }] = await db.$queryRawUnsafe<{ filled: string[] }[]>(
      `SELECT array_remove(ARRAY[${tables.map((table) => `CASE WHEN EXISTS (SELECT FROM ${table}) THEN '${table}' END`)}], NULL) AS filled`,
    );
    // Truncated, each would get new files for itself and its indexes.
    const deletes = filled.map((table) => `DELETE FROM ${table};`).join(' ');
    await db.$executeRawUnsafe(
      `DO $$ BEGIN PERFORM set_config('session_replication_role', 'replica', true); ${deletes} END $$`,
    );
    await db.$queryRawUnsafe(
      "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false)::text FROM pg_sequences WHERE last_value IS NOT NULL",
    );
    return true;
  } catch {
    return false;
  }
}

/** A test that left something running, or a lock, is none of the next one's business. */
const endOthersSql = `
  SELECT pg_terminate_backend(pid, 5000)::text FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (application_name <> '${keptName}' OR state <> 'idle'
      OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'))`;

const shapeSql = `
  WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
  relations AS (SELECT * FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours)),
  parts AS (
    SELECT concat(relname, relkind, relnatts, reloptions) AS part FROM relations WHERE NOT relispartition
    UNION ALL SELECT concat(conname, convalidated, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace IN (SELECT oid FROM ours) AND conrelid IN (SELECT oid FROM relations WHERE NOT relispartition)
    UNION ALL SELECT concat(tgname, tgenabled) FROM pg_trigger
      WHERE tgrelid IN (SELECT oid FROM relations WHERE NOT relispartition) AND NOT tgisinternal
    UNION ALL SELECT concat(proname, prosrc) FROM pg_proc WHERE pronamespace IN (SELECT oid FROM ours)
    UNION ALL SELECT nspname FROM pg_namespace WHERE oid IN (SELECT oid FROM ours)
    UNION ALL SELECT setconfig::text FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT concat(migration_name, finished_at) FROM _prisma_migrations
  )
  SELECT (SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM parts) AS shape,
    (SELECT coalesce(array_agg(relname::text ORDER BY relname), '{}') FROM relations WHERE relispartition AND relkind = 'r') AS months,
    (SELECT array_agg(quote_ident(relname) ORDER BY relname) FROM relations
      WHERE relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_prisma_migrations') AS tables,
    pg_database_size(current_database())::float8 AS bytes`;
