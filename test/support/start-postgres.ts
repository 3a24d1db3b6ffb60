// One PostgreSQL from npm for the whole test run, with a migrated template database that tests copy.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { prepareCluster } from './cluster.ts';
import { runSql, withDatabase } from './sql.ts';

const templateName = 'paperround_template';

export type PostgresServer = {
  /** Of a database for administration; tests never write to it. */
  adminUrl: string;
  templateName: string;
  stop: () => Promise<void>;
};

/** Starts the server in the system's temporary folder; it also ends with this process, kill -9 excepted. */
export async function startPostgres(): Promise<PostgresServer> {
  // Not below the project: when root runs the tests, the server runs as another user, who may not enter that.
  const folder = mkdtempSync(join(tmpdir(), 'paperround-postgres-'));
  chmodSync(folder, 0o755);
  const cluster = join(folder, 'cluster');
  await prepareCluster(cluster);
  const server = await startEmbeddedPostgres({ folder: cluster, log: () => {} });
  const dataFolder = join(cluster, 'data');
  await takeForeignTime(server.databaseUrl, process.env);
  const stopNow = () => {
    stopWithoutWaiting(dataFolder);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stopNow);
  const stop = async () => {
    process.off('exit', stopNow);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const migrated = new URL(server.databaseUrl).pathname.slice(1);
    await runSql(
      withDatabase(server.databaseUrl, 'postgres'),
      `CREATE DATABASE ${templateName} TEMPLATE ${migrated}`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl: server.databaseUrl, templateName, stop };
}

/**
 * `TEST_TIME_ZONE=America/New_York TEST_DATE_STYLE=German npm test`: all tests on a database as others have it. Set on the role: the
 * server itself is started in UTC.
 */
async function takeForeignTime(
  databaseUrl: string,
  { TEST_TIME_ZONE: zone = 'UTC', TEST_DATE_STYLE: style = 'ISO' }: NodeJS.ProcessEnv,
): Promise<void> {
  await runSql(
    databaseUrl,
    `ALTER ROLE CURRENT_USER SET timezone = ${pg.escapeLiteral(zone)}`,
    `ALTER ROLE CURRENT_USER SET datestyle = ${pg.escapeLiteral(style)}`,
  );
}

/** For the exit handler, which may not await: SIGQUIT is PostgreSQL's immediate shutdown, done in well under a second. */
function stopWithoutWaiting(dataFolder: string): void {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === null) return;
  process.kill(pid, 'SIGQUIT');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waits = 0; waits < 100 && readPid(pidFile) !== null; waits++) Atomics.wait(pause, 0, 0, 20);
}

function readPid(pidFile: string): number | null {
  try {
    return Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return null;
  }
}
