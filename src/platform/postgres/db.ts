// PostgreSQL through Prisma, and past it where a statement is asked all the time.
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { utcDay } from '../../text/days.ts';
import { BusyError } from '../errors.ts';
import { isNotKept, KeptStatements } from './kept-statements.ts';
import { WatchedClient } from './pg.ts';
import { createSharedPool, SharedPool } from './shared-pool.ts';

export type Db = PrismaClient;
/** What a store works on: the database, or one transaction of it. */
export type DbOrTransaction = Db | Prisma.TransactionClient;
export { Prisma };

/** On a busy machine a transaction waits and takes its time: late is better than an error page or a job that starts over. */
const transactionOptions = { maxWait: 30_000, timeout: 60_000 };

export function createDb(databaseUrl: string, maxConnections = 10, watch: { silenceMs?: number } = {}): Db {
  const settings = { connectionString: databaseUrl, max: maxConnections, Client: WatchedClient, ...watch };
  return openClient((onConnect) => new pg.Pool({ ...settings, onConnect }), transactionOptions);
}

type Connections = { pool: pg.Pool; kept: KeptStatements };
const connectionsOf = new WeakMap<Db, Connections>();

function openClient(
  openPool: (onConnect: (client: pg.ClientBase) => Promise<void>) => pg.Pool,
  options: typeof transactionOptions,
): Db {
  const kept = new KeptStatements();
  const pool = openPool((client) => kept.look(client));
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: true,
    statementNameGenerator: (statement) => kept.nameIfOften(statement),
  });
  const db = new PrismaClient({ adapter, transactionOptions: options });
  connectionsOf.set(db, { pool, kept });
  // Prisma listens only from its own first query on.
  pool.on('error', isToldByQuery);
  return db;
}

/** How busy its connections are. */
export function countConnections(db: Db): { total: number; idle: number; waiting: number } {
  const pool = connectionsOf.get(db)?.pool;
  return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
}

/** How long the first in line for a connection of a shared pool waits. */
export function readWaitMs(db: Db): number {
  const pool = connectionsOf.get(db)?.pool;
  return pool instanceof SharedPool ? pool.readWaitMs() : 0;
}

/** Throws where nothing can be written, as in a database that is another's standby. */
export async function checkWritable(db: Db): Promise<void> {
  const [row] = await db.$queryRaw<{ readOnly: string }[]>`
    SELECT current_setting('transaction_read_only') AS "readOnly"`;
  if (row?.readOnly !== 'off') throw new Error('the database can only be read: it may be another’s standby');
}

/** No statement of a visitor's page takes that long, unless the database is in trouble. */
const longestStatementMs = 10_000;
const connectMs = 5000;

/**
 * For what visitors ask: its own few connections, so that a crowd of them does not keep mails from leaving, nor these the
 * pages from being made. See `shared-pool.ts` for who gets one. `endsStatements`: see `takesTimeLimit`.
 */
export function createSharedDb(
  databaseUrl: string,
  { connections, endsStatements }: { connections: number; endsStatements: boolean },
): Db {
  const settings = {
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: connectMs,
    ...(endsStatements ? { statement_timeout: longestStatementMs } : {}),
  };
  return openClient((onConnect) => createSharedPool({ ...settings, onConnect }), {
    maxWait: 30_000,
    timeout: 2 * longestStatementMs,
  });
}

/**
 * PostgreSQL's settings hold for `work` alone, behind a pooler too. None of it is compiled (`jit`): what takes a few of very many
 * rows is reckoned to cost as much as all of them, and to compile it takes many times as long as to carry it out. Each statement
 * is planned for its values: few words are as rare as the next. One that takes longer than `statement_timeout` (in
 * milliseconds) ends with an error for which `isBusy`.
 */
export async function withSettings<Result>(
  db: DbOrTransaction,
  settings: Readonly<Record<string, string>>,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  const set = Object.entries({ jit: 'off', plan_cache_mode: 'force_custom_plan', ...settings }).map(
    ([name, value]) => Prisma.sql`set_config(${name}, ${value}, true)`,
  );
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT ${Prisma.join(set)}`;
    return work(tx);
  });
}

/**
 * For the few statements that are asked all the time: PostgreSQL reads each once per connection, and Prisma, which would take
 * as long over a hundred rows as PostgreSQL, is passed by. With `settings`, which hold for it alone, it is planned once, too, for
 * whatever values, and not compiled. Within a transaction of the caller's it is a statement like any other. Columns are to be
 * of types that Prisma and pg read alike: bigint and date are not among these.
 */
export async function queryPrepared<Row extends pg.QueryResultRow>(
  db: DbOrTransaction,
  statement: Prisma.Sql,
  settings?: Readonly<Record<string, string>>,
): Promise<Row[]> {
  const connections = connectionsOf.get(db as Db);
  if (connections === undefined)
    return settings === undefined
      ? db.$queryRaw<Row[]>(statement)
      : withSettings(db, settings, (tx) => tx.$queryRaw<Row[]>(statement));
  const { pool, kept } = connections;
  const { text, values } = statement;
  const ask = () => queryOn<Row>(pool, { name: kept.nameAtOnce(text), text, values }, settings);
  try {
    return await ask();
  } catch (error) {
    if (!isNotKept(error)) throw error;
    return ask();
  }
}

async function queryOn<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  query: pg.QueryConfig,
  settings: Readonly<Record<string, string>> | undefined,
): Promise<Row[]> {
  if (settings === undefined) return (await pool.query<Row>(query)).rows;
  const client = await pool.connect();
  client.on('error', isToldByQuery);
  try {
    const set = Object.entries({ jit: 'off', plan_cache_mode: 'force_generic_plan', ...settings }).map(
      ([name, value]) => `SET LOCAL ${name} = ${client.escapeLiteral(value)}`,
    );
    await client.query(['BEGIN', ...set].join('; '));
    const { rows } = await client.query<Row>(query);
    await client.query('COMMIT');
    client.off('error', isToldByQuery);
    client.release();
    return rows;
  } catch (error) {
    // What it is in the middle of is not known: it goes, and PostgreSQL undoes what was begun.
    client.release(true);
    throw error;
  }
}

/** The end of a connection. Without a listener it would end the process. */
const isToldByQuery = () => {};

/** PostgreSQL's for what it ended or had no room for: query_canceled, lock_not_available, too_many_connections. */
const busyCodes: ReadonlySet<unknown> = new Set(['57014', '55P03', '53300']);

/** Whether it failed for nothing but too much work, in the database or on the way to it. */
export function isBusy(error: unknown): boolean {
  if (error instanceof BusyError) return true;
  if (error instanceof pg.DatabaseError) return busyCodes.has(error.code);
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  // A transaction that did not get its turns in time.
  if (error.code === 'P2028') return true;
  return busyCodes.has(readCode(error.meta?.driverAdapterError));
}

function readCode(adapterError: unknown): unknown {
  const cause: unknown = adapterError instanceof Error ? adapterError.cause : null;
  return typeof cause === 'object' && cause !== null && 'originalCode' in cause ? cause.originalCode : null;
}

/** A calendar day as PostgreSQL's `date`, and back: YYYY-MM-DD without any time zone in between. */
export function toDateColumn(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function fromDateColumn(column: Date): string {
  return utcDay(column);
}

/**
 * Settings: of all that is due, a statement that takes the next few is to look at these only. Left to itself, PostgreSQL
 * sorts a hundred thousand for each batch.
 */
export const oneByOne = { enable_sort: 'off', enable_bitmapscan: 'off', enable_seqscan: 'off' };

/** With `oneByOne`. */
export async function walkIndex<Rows>(
  db: DbOrTransaction,
  work: (tx: Prisma.TransactionClient) => Promise<Rows>,
): Promise<Rows> {
  return withSettings(db, oneByOne, work);
}
