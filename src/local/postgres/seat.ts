// A seat: this process uses the embedded server. Seats are shared advisory locks in the server itself, so a killed
// process loses its seat with its connection, and no pid has to be believed. The last one to leave stops the server.
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { ConfigError } from '../../platform/errors.ts';
import { type Cluster, ROLE } from './cluster.ts';
import { findServer, type RunningServer } from './find.ts';
import { startServer, stopServer } from './server.ts';

/** `gone` settles when the seat is lost without having been left: the server died or was stopped by someone. */
export type Seat = { port: number; gone: Promise<void>; leave: () => Promise<void> };

const SEAT_LOCK = 7_203_001;
const CREATE_LOCK = 7_203_002;
const ATTEMPTS = 5;
const PATIENCE_MS = 120_000;

/** Sits down at the running server, after starting one when there is none. Throws ConfigError with the server's reason. */
export async function takeSeat(input: {
  cluster: Cluster;
  log: (message: string) => void;
  /** For a server that has to be started; 0 is any free one. */
  port: number;
}): Promise<Seat> {
  const { cluster, log } = input;
  const deadline = Date.now() + PATIENCE_MS;
  const failures: string[] = [];
  while (failures.length < ATTEMPTS && Date.now() < deadline) {
    const found = await findServer(cluster);
    if (found.type === 'busy') {
      await setTimeout(100);
      continue;
    }
    // Failures are tried again whatever they were: the port went to someone else, another process was faster, or the
    // server's last user stopped it in this very moment.
    const outcome =
      found.type === 'running' ? await sitDown(cluster, found, log) : await startServer(cluster, input.port);
    if (outcome.type === 'seated') return outcome.seat;
    if (outcome.type === 'started') continue;
    failures.push(outcome.reason);
    await setTimeout(300);
  }
  const reason = failures.at(-1) ?? `it gave no answer for ${PATIENCE_MS / 1000} s`;
  throw new ConfigError(
    `The PostgreSQL in ${cluster.folder} did not start: ${reason}. More is in ${cluster.folder}/postgres.log; ` +
      'or set DATABASE_URL to a PostgreSQL of your own',
  );
}

async function sitDown(
  cluster: Cluster,
  server: RunningServer,
  log: (message: string) => void,
): Promise<{ type: 'seated'; seat: Seat } | { type: 'failed'; reason: string }> {
  const { client, port } = server;
  const gone = new Promise<void>((resolve) => client.once('end', resolve));
  try {
    // Waits while a last user is stopping the server; the stop then ends this connection.
    await client.query('SELECT pg_advisory_lock_shared($1)', [SEAT_LOCK]);
    await createDatabase(client);
    return { type: 'seated', seat: { port, gone, leave: () => leave(cluster, client, log) } };
  } catch (error) {
    await client.end().catch(() => {});
    return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [CREATE_LOCK]);
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ROLE]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${ROLE}`);
  await client.query('SELECT pg_advisory_unlock($1)', [CREATE_LOCK]);
}

async function leave(cluster: Cluster, client: pg.Client, log: (message: string) => void): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_unlock_shared($1)', [SEAT_LOCK]);
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS alone', [SEAT_LOCK]);
    // Held through the stop, so that nobody sits down at a server that is about to go.
    if (rows[0]?.alone !== true) return;
    const trouble = await stopServer(cluster);
    if (trouble !== null) log(`The PostgreSQL in ${cluster.folder} did not stop: ${trouble}`);
  } catch {
    // The connection is lost: the server is gone already, or others look after it.
  } finally {
    await client.end().catch(() => {});
  }
}
