// Brings a database to the schema of this version: applies what is new in prisma/migrations, and keeps Prisma's records of it.
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryDiagnostic, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { ConfigError } from './errors.ts';
import { NO_FILTERS, withSchemaEngine } from './schema-engine.ts';

const MIGRATION_LOCK = 7_203_100;
const OLDEST_VERSION = 140_000;

/**
 * Applies the migrations in `folder` (prisma/migrations) that the database has not seen, and names them. Each is applied
 * wholly or not at all, and by one process however many start at once. `schema` is the text of schema.prisma.
 * Throws ConfigError naming the migration, or the database when it cannot be used.
 */
export async function applyMigrations(input: {
  databaseUrl: string;
  folder: string;
  schema: string;
}): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(input.folder);
  const client = new pg.Client({ connectionString: input.databaseUrl });
  // A lost connection shows in the next query; without a listener it would end the process.
  client.on('error', () => {});
  const session: Session = { client, scriptError: null };
  try {
    await openSession(client, input.databaseUrl);
    // As nearly every start finds it: told apart from all else without Prisma's engine, which takes seconds to load.
    if (await isUpToDate(client, migrations)) return { applied: [] };
    const runScript = (sql: string) => runMigrationScript(session, sql);
    return await withSchemaEngine({ client, schema: input.schema, runScript }, async (engine) => {
      const pending = await findPending(engine, migrations);
      for (const name of pending) await applyOne({ engine, session, migrations, name });
      return { applied: pending };
    });
  } finally {
    await client.end().catch(() => {});
  }
}

type Session = { client: pg.Client; scriptError: Error | null };

/** Reads what is in prisma/migrations, oldest first, in the engine's own shape. */
async function readMigrations(folder: string): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(join(folder, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  };
}

async function openSession(client: pg.Client, databaseUrl: string): Promise<void> {
  await client.connect().catch((cause: Error) => {
    throw new ConfigError(
      `The database ${describeDatabase(databaseUrl)} cannot be used (${cause.message}): check DATABASE_URL, for ` +
        'example DATABASE_URL=postgresql://paperround:secret@localhost:5432/paperround',
      { cause },
    );
  });
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name",
  );
  if (rows[0].version < OLDEST_VERSION) {
    throw new ConfigError(
      `The database ${describeDatabase(databaseUrl)} is PostgreSQL ${rows[0].name}: Paperround needs 14 or newer`,
    );
  }
  // Waits for another process that migrates; ends with the connection.
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
}

// Never the whole URL: it holds the password.
function describeDatabase(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'in DATABASE_URL';
  const { pathname, host } = new URL(databaseUrl);
  return `"${pathname.slice(1)}" on ${host}`;
}

/** Whether the database has applied just these migrations, as they are; what else it may be is for the engine to tell. */
async function isUpToDate(client: pg.Client, { migrationDirectories }: MigrationList): Promise<boolean> {
  const { rows: tables } = await client.query(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exist",
  );
  if (!tables[0].exist) return false;
  const { rows: applied } = await client.query<{ name: string; checksum: string; isDone: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AND rolled_back_at IS NULL AS "isDone"
     FROM _prisma_migrations`,
  );
  const checksums = new Map(
    migrationDirectories.flatMap(({ path, migrationFile: { content } }) =>
      content.tag === 'ok' ? [[path, hash('sha256', content.value)]] : [],
    ),
  );
  return (
    applied.length === migrationDirectories.length &&
    applied.every(({ name, checksum, isDone }) => isDone && checksums.get(name) === checksum)
  );
}

/** The migrations still to be applied, oldest first. Throws ConfigError if the database's past is not this folder's. */
async function findPending(engine: SchemaEngine, migrations: MigrationList): Promise<string[]> {
  const seen = await engine.diagnoseMigrationHistory({
    migrationsList: migrations,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
  const [failed] = seen.failedMigrationNames;
  if (failed !== undefined) {
    throw new ConfigError(
      `Migration ${failed} was begun on this database by another tool and not finished: undo by hand what it did, ` +
        `delete its row from the table _prisma_migrations, and start again`,
    );
  }
  const [edited] = seen.editedMigrationNames;
  if (edited !== undefined) {
    throw new ConfigError(
      `Migration ${edited} was changed after this database had applied it: put back its migration.sql as it was, and ` +
        'write the change as a new migration (npx tsx prisma/diff.ts <name>)',
    );
  }
  return readPending(seen.history);
}

function readPending(history: HistoryDiagnostic | null): string[] {
  if (history === null) return [];
  if (history.diagnostic === 'databaseIsBehind') return history.unappliedMigrationNames;
  // A folder that is merely in another order (a migration merged late) has nothing unknown about it.
  const unknown = history.unpersistedMigrationNames;
  if (unknown.length === 0)
    return 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [];
  throw new ConfigError(
    `The database has applied ${unknown.join(', ')}, which this version of Paperround does not have: start the newer ` +
      'version that did so, or restore a backup from before',
  );
}

async function applyOne(input: {
  engine: SchemaEngine;
  session: Session;
  migrations: MigrationList;
  name: string;
}): Promise<void> {
  const { engine, session, migrations, name } = input;
  // The engine applies all of a list, and it is given the list up to this one: each has a transaction of its own, since
  // a value added to an enum cannot be used before it is committed.
  const upTo = migrations.migrationDirectories.filter((directory) => directory.path <= name);
  const migrationsList = { ...migrations, migrationDirectories: upTo };
  try {
    await session.client.query('BEGIN');
    await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
    await session.client.query('COMMIT');
  } catch (cause) {
    await session.client.query('ROLLBACK').catch(() => {});
    const reason = session.scriptError?.message ?? readEngineError(cause);
    throw new ConfigError(`Migration ${name} could not be applied, and nothing of it was: ${reason}`, {
      cause,
    });
  }
}

async function runMigrationScript(session: Session, sql: string): Promise<void> {
  try {
    await session.client.query(sql);
  } catch (error) {
    session.scriptError = error instanceof Error ? error : new Error(String(error));
    throw error;
  }
}

// The engine's messages end in a trace of its own source files.
function readEngineError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\n\s+0: /)[0]?.trim() ?? message;
}
