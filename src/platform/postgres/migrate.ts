// Brings a database to the schema of this version: applies what is new in prisma/migrations, and keeps Prisma's own table
// of it, `_prisma_migrations`, so that its tools know the database. Nothing here lives in a session: it works behind
// PgBouncer in transaction mode too.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ConfigError } from '../errors.ts';
import { compareHistory, type Migration, readHistory, readMigrations } from './migration-history.ts';
import { createPgClient, describeDatabase } from './pg.ts';

const migrationLock = 7_203_100;
/** As `server_version_num` has it. */
export const oldestVersion = 140_000;

type Waiting = {
  /** Another process migrates: how long until that is said, and until it is given up. */
  tellAfterMs: number;
  giveUpAfterMs: number;
};
const usualWaiting: Waiting = { tellAfterMs: 1000, giveUpAfterMs: 10 * 60_000 };
const askAgainMs = 200;

/**
 * Applies the migrations in `folder` (prisma/migrations) that the database has not seen, and names them, and those that a newer
 * version applied and this one can work beside. Each is applied wholly or not at all, and by one process however many start at
 * once; `say` hears when this one has to wait.
 * Throws ConfigError naming the migration, or the database when it cannot be used.
 */
export async function applyMigrations(input: {
  databaseUrl: string;
  folder: string;
  say?: (message: string) => void;
  waiting?: Waiting;
}): Promise<{ applied: string[]; ahead: string[] }> {
  const { databaseUrl, folder, say = () => {}, waiting = usualWaiting } = input;
  const migrations = await readMigrations(folder);
  const client = createPgClient(databaseUrl);
  try {
    await connect(client, databaseUrl);
    const applied: string[] = [];
    for (;;) {
      // Nearly every start finds nothing to do, and needs no lock to see it.
      const { pending, ahead } = compareHistory(await readHistory(client), migrations);
      if (pending.length === 0) return { applied, ahead };
      const name = await applyNext({ client, databaseUrl, migrations, say, waiting });
      if (name !== null) applied.push(name);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

/** By name, what `applyMigrations` would apply and what is ahead of it; changes nothing. Throws as it does. */
export async function checkMigrations(input: {
  databaseUrl: string;
  folder: string;
}): Promise<{ pending: string[]; ahead: string[] }> {
  const client = createPgClient(input.databaseUrl);
  try {
    await connect(client, input.databaseUrl);
    return await listMigrations(client, input.folder);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The same over a connection that is open. */
export async function listMigrations(
  client: pg.Client,
  folder: string,
): Promise<{ pending: string[]; ahead: string[] }> {
  const { pending, ahead } = compareHistory(await readHistory(client), await readMigrations(folder));
  return { pending: pending.map(({ name }) => name), ahead };
}

async function connect(client: pg.Client, databaseUrl: string): Promise<void> {
  await client.connect().catch((cause: Error) => {
    throw new ConfigError(
      `The database ${describeDatabase(databaseUrl)} cannot be used (${cause.message}): check DATABASE_URL, for ` +
        'example DATABASE_URL=postgresql://paperround:secret@localhost:5432/paperround',
      { cause },
    );
  });
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
       current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style`,
  );
  if (rows[0].version < oldestVersion) {
    throw new ConfigError(
      `The database ${describeDatabase(databaseUrl)} is PostgreSQL ${rows[0].name}: Paperround needs 14 or newer`,
    );
  }
  if (rows[0].zone !== 'UTC' || !rows[0].style.startsWith('ISO')) {
    throw new ConfigError(
      `The database ${describeDatabase(databaseUrl)} answers in the time zone ${rows[0].zone} and DateStyle ` +
        `${rows[0].style}, whatever it is asked for: let the pooler in front of it pass on TimeZone and DateStyle, or ` +
        'set DATABASE_URL to the server itself',
    );
  }
}

type Turn = {
  client: pg.Client;
  databaseUrl: string;
  migrations: Migration[];
  say: (message: string) => void;
  waiting: Waiting;
};

/** One migration is one transaction: a value that is added to an enum cannot be used before it is committed. */
async function applyNext(turn: Turn): Promise<string | null> {
  const { client, databaseUrl, migrations } = turn;
  let next: Migration | undefined;
  try {
    await beginAlone(turn);
    const history = await readHistory(client);
    [next] = compareHistory(history, migrations).pending;
    if (next !== undefined) {
      if (history === null) await createHistory(client, databaseUrl);
      await applyOne(client, next);
    }
    await client.query('COMMIT');
    return next?.name ?? null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (error instanceof ConfigError || next === undefined) throw error;
    throw new ConfigError(
      `Migration ${next.name} could not be applied, and nothing of it was: ${describeFailure(error)}`,
      { cause: error },
    );
  }
}

/**
 * Begins a transaction that is the only one of its kind. Its lock ends with it: one of the session would stay with a pooler's
 * connection for ever. Asked for again and again, not waited for: that keeps no connection of a pooler either.
 */
async function beginAlone({ client, databaseUrl, say, waiting }: Turn): Promise<void> {
  const startedAt = Date.now();
  let isTold = false;
  for (;;) {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1) AS ours', [migrationLock]);
    if (rows[0].ours === true) return;
    await client.query('ROLLBACK');
    const waitedMs = Date.now() - startedAt;
    if (waitedMs >= waiting.giveUpAfterMs) {
      throw new ConfigError(
        `Another process has been changing the database ${describeDatabase(databaseUrl)} for ` +
          `${Math.round(waitedMs / 1000)} s: wait until it is done, or end it, and start again (pg_locks names who holds ` +
          `the advisory lock ${migrationLock})`,
      );
    }
    if (!isTold && waitedMs >= waiting.tellAfterMs) {
      say('waiting for another process that brings the database up to date');
      isTold = true;
    }
    await sleep(askAgainMs);
  }
}

/** As Prisma's engine makes it. */
async function createHistory(client: pg.Client, databaseUrl: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1 LIMIT 1`,
  );
  if (rows.length > 0) {
    throw new ConfigError(
      `The database ${describeDatabase(databaseUrl)} is not empty (it has a table "${rows[0].name}") and nothing in it is ` +
        'ours: give Paperround a database of its own in DATABASE_URL',
    );
  }
  await client.query(
    `CREATE TABLE "_prisma_migrations" (
       "id" VARCHAR(36) PRIMARY KEY NOT NULL,
       "checksum" VARCHAR(64) NOT NULL,
       "finished_at" TIMESTAMPTZ,
       "migration_name" VARCHAR(255) NOT NULL,
       "logs" TEXT,
       "rolled_back_at" TIMESTAMPTZ,
       "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
       "applied_steps_count" INTEGER NOT NULL DEFAULT 0
     )`,
  );
}

async function applyOne(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  await client.query(sql);
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, $4, $5, 1)`,
    [randomUUID(), checksum, name, startedAt.toISOString(), new Date().toISOString()],
  );
}

function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const mayNotCreate = 'code' in error && error.code === '42501';
  return mayNotCreate
    ? `${error.message}. Let its role do so, for example with: GRANT CREATE ON SCHEMA public TO <role>`
    : error.message;
}
