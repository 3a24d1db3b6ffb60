// Is PostgreSQL what the service needs: reachable, new enough, with the rights, the room and the tables.
import { join } from 'node:path';
import type pg from 'pg';
import { packageFolder } from '../../config/config.ts';
import { listMigrations, oldestVersion } from '../../platform/postgres/migrate.ts';
import { createPgClient, describeDatabase } from '../../platform/postgres/pg.ts';
import { describeError, fail, ok, type Told, warn } from './finding.ts';

type Input = {
  databaseUrl: string;
  /** The queue makes its own schema there. */
  hasQueue: boolean;
  patienceMs: number;
};

export async function examineDatabase({ databaseUrl, hasQueue, patienceMs }: Input): Promise<Told[]> {
  const name = describeDatabase(databaseUrl);
  const limits = { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs };
  const clients = [createPgClient(databaseUrl, limits), createPgClient(databaseUrl, limits)] as const;
  const [client, other] = clients;
  try {
    try {
      await client.connect();
    } catch (error) {
      return [fail(`the database ${name} cannot be used: ${describeError(error)}`, remedyOf(error))];
    }
    const looks = [
      lookAtServer,
      (one: pg.Client) => lookAtRights(one, { hasQueue }),
      lookAtTables,
      lookAtRoom,
      lookAtMigrations,
      (one: pg.Client) => lookForPooler(one, other),
    ];
    const told: Told[] = [];
    for (const look of looks) told.push(...(await look(client).catch(tellFailure)));
    return told;
  } finally {
    await Promise.all(clients.map((each) => each.end().catch(() => {})));
  }
}

const tellFailure = (error: unknown): Told[] => [
  fail(
    `the database did not answer a question: ${describeError(error)}`,
    'Look at its log; a statement that never ends, or a lock, may be in the way',
  ),
];

function remedyOf(error: unknown): string {
  return (
    findRemedyOf(error) ?? 'Check DATABASE_URL, and that PostgreSQL runs and is reached from this machine'
  );
}

/** Null where the cause is not known. */
export function findRemedyOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return remediesByCode.get(code) ?? null;
}

/** SQLSTATE (PostgreSQL, appendix A), or what the operating system says. */
const remediesByCode: ReadonlyMap<string, string> = new Map([
  ['28P01', 'The password in DATABASE_URL is not that of its role: correct it, or ALTER ROLE … PASSWORD …'],
  ['28000', 'Let the role in from this machine: LOGIN for the role, and a line in pg_hba.conf'],
  ['3D000', 'Make the database: CREATE DATABASE … OWNER …'],
  [
    '53300',
    'It has no connection free: raise max_connections, start fewer processes, or put PgBouncer in front',
  ],
  ['57P03', 'It is starting or shutting down: try again in a moment'],
  ['ECONNREFUSED', 'Nothing listens there: start PostgreSQL, and check host and port in DATABASE_URL'],
  ['ENOTFOUND', 'There is no host of that name: check DATABASE_URL'],
]);

async function lookAtServer(client: pg.Client): Promise<Told[]> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style,
       pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS "isReadOnly",
       pg_size_pretty(pg_database_size(current_database())) AS size`,
  );
  const { number, version, zone, style, isReadOnly, size } = rows[0];
  return [
    number >= oldestVersion
      ? ok(`PostgreSQL ${version}, the database has ${size}`)
      : fail(`PostgreSQL ${version} is too old`, 'Paperround needs 14 or newer'),
    ...(isReadOnly
      ? [fail('it takes no writes: it is a standby, or set to read only', 'Set DATABASE_URL to the primary')]
      : []),
    zone === 'UTC' && String(style).startsWith('ISO')
      ? ok('it answers in UTC, as it is asked to')
      : fail(
          `it answers in the time zone ${zone} and DateStyle ${style}, whatever it is asked for`,
          'Let the pooler in front of it pass on TimeZone and DateStyle, or set DATABASE_URL to the server itself',
        ),
  ];
}

async function lookAtRights(client: pg.Client, { hasQueue }: Pick<Input, 'hasQueue'>): Promise<Told[]> {
  const { rows } = await client.query(
    `SELECT current_user AS role, current_database() AS database,
       has_schema_privilege('public', 'CREATE') AS "inPublic",
       has_database_privilege(current_database(), 'CREATE') OR to_regnamespace('bullmq') IS NOT NULL AS "inDatabase"`,
  );
  const { role, database, inPublic, inDatabase } = rows[0];
  return [
    inPublic
      ? ok(`the role “${role}” may make tables`)
      : fail(
          `the role “${role}” may make no tables: migrations cannot be applied`,
          `GRANT CREATE ON SCHEMA public TO "${role}"`,
        ),
    ...(hasQueue && !inDatabase
      ? [
          fail(
            `the role “${role}” may not make the schema of the queue`,
            `GRANT CREATE ON DATABASE "${database}" TO "${role}", or set REDIS_URL`,
          ),
        ]
      : []),
  ];
}

/** What another role has made, as a superuser who restored a backup, is read and written by its own rights only. */
async function lookAtTables(client: pg.Client): Promise<Told[]> {
  const { rows } = await client.query(
    `SELECT current_user AS role, count(*) FILTER (WHERE NOT pg_has_role(relowner, 'USAGE'))::int AS foreign,
       count(*) FILTER (WHERE relkind IN ('r', 'p') AND NOT (has_table_privilege(oid, 'SELECT') AND
         has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE') AND
         has_table_privilege(oid, 'DELETE')))::int AS closed
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')`,
  );
  const { role, foreign, closed } = rows[0];
  if (closed > 0)
    return [
      fail(
        `the role “${role}” may not read and write ${closed} of the tables`,
        `As their owner: GRANT ALL ON ALL TABLES IN SCHEMA public TO "${role}"; the same for SEQUENCES`,
      ),
    ];
  if (foreign > 0)
    return [
      warn(
        `${foreign} tables belong to another role than “${role}”: a later migration cannot change them`,
        `As their owner: REASSIGN OWNED BY … TO "${role}"`,
      ),
    ];
  return [];
}

/** A process has up to ten for its work and five for each queue in PostgreSQL. */
const fewConnections = 20;

async function lookAtRoom(client: pg.Client): Promise<Told[]> {
  const { rows } = await client.query(
    `SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS taken,
       (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int) AS most`,
  );
  const { taken, most } = rows[0];
  const says = `${taken} of ${most} connections are taken`;
  return [
    most - taken >= fewConnections
      ? ok(says)
      : warn(says, 'Raise max_connections, start fewer processes, or put PgBouncer in front'),
  ];
}

async function lookAtMigrations(client: pg.Client): Promise<Told[]> {
  try {
    const { pending, ahead } = await listMigrations(client, join(packageFolder, 'prisma/migrations'));
    if (ahead.length > 0)
      return [
        warn(
          `the database is newer than this program, which can work beside it: ${ahead.join(', ')}`,
          'Start the newer version here too',
        ),
      ];
    return [
      pending.length === 0
        ? ok('all migrations are applied')
        : warn(
            `${pending.length} migrations are not applied yet, the first is ${pending[0]}`,
            'paperround migrate applies them; so does the next start, unless MIGRATE=off',
          ),
    ];
  } catch (error) {
    return [fail(describeError(error), 'Do as it says before the next start')];
  }
}

/**
 * Two sessions of ours that one process of the server answers: a pooler lends it for a transaction at a time. It gives back what
 * was used last, so that one question each shows it.
 */
async function lookForPooler(client: pg.Client, other: pg.Client): Promise<Told[]> {
  await other.connect();
  const ask = async (one: pg.Client) =>
    (await one.query('SELECT pg_backend_pid() AS pid')).rows[0].pid as number;
  const [pid, otherPid] = [await ask(client), await ask(other)];
  return pid === otherPid
    ? [ok('a pooler in transaction mode stands before it: the queue needs a way around, see there')]
    : [];
}
