// A server lease: this process uses the embedded server. Leases are shared advisory locks in the server itself, so a killed
// process loses its lease with its connection, and no pid has to be believed. The last one to leave stops the server.
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { ConfigError } from '../../platform/errors.ts';
import { type Cluster, roleName } from './cluster.ts';
import { findServer, type RunningServer } from './find.ts';
import { startServer, stopServer } from './server.ts';

/** `gone` settles when the lease is lost without having been ended: the server died or was stopped by someone. */
export type ServerLease = { port: number; gone: Promise<void>; end: () => Promise<void> };

const leaseLock = 7_203_001;
const createLock = 7_203_002;
const maxAttempts = 5;
const patienceMs = 120_000;

/** Joins the running server, after starting one when there is none. Throws ConfigError with the server's reason. */
export async function takeLease(input: {
  cluster: Cluster;
  log: (message: string) => void;
  /** For a server that has to be started; 0 is any free one. */
  port: number;
}): Promise<ServerLease> {
  const { cluster, log } = input;
  const deadline = Date.now() + patienceMs;
  const failures: string[] = [];
  while (failures.length < maxAttempts && Date.now() < deadline) {
    const found = await findServer(cluster);
    if (found.type === 'busy') {
      await setTimeout(100);
      continue;
    }
    // Failures are tried again whatever they were: the port went to someone else, another process was faster, or the
    // server's last user stopped it in this very moment.
    const outcome =
      found.type === 'running'
        ? await joinServer(cluster, found, log)
        : await startServer(cluster, input.port);
    if (outcome.type === 'joined') return outcome.lease;
    if (outcome.type === 'started') continue;
    failures.push(outcome.reason);
    await setTimeout(300);
  }
  const reason = failures.at(-1) ?? `it gave no answer for ${patienceMs / 1000} s`;
  throw new ConfigError(
    `The PostgreSQL in ${cluster.folder} did not start: ${reason}. More is in ${cluster.folder}/postgres.log; ` +
      'or set DATABASE_URL to a PostgreSQL of your own',
  );
}

async function joinServer(
  cluster: Cluster,
  server: RunningServer,
  log: (message: string) => void,
): Promise<{ type: 'joined'; lease: ServerLease } | { type: 'failed'; reason: string }> {
  const { client, port } = server;
  const gone = new Promise<void>((resolve) => client.once('end', resolve));
  try {
    // Waits while a last user is stopping the server; the stop then ends this connection.
    await client.query('SELECT pg_advisory_lock_shared($1)', [leaseLock]);
    await createDatabase(client);
    return { type: 'joined', lease: { port, gone, end: () => leave(cluster, client, log) } };
  } catch (error) {
    await client.end().catch(() => {});
    return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [createLock]);
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [roleName]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${roleName}`);
  await client.query('SELECT pg_advisory_unlock($1)', [createLock]);
}

async function leave(cluster: Cluster, client: pg.Client, log: (message: string) => void): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_unlock_shared($1)', [leaseLock]);
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS alone', [leaseLock]);
    // Held through the stop, so that nobody joins a server that is about to go.
    if (rows[0]?.alone !== true) return;
    const trouble = await stopServer(cluster);
    if (trouble !== null) log(`The PostgreSQL in ${cluster.folder} did not stop: ${trouble}`);
  } catch {
    // The connection is lost: the server is gone already, or others look after it.
  } finally {
    await client.end().catch(() => {});
  }
}
