// One PostgreSQL for the whole test run, with a migrated template database that tests copy.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { applyMigrations } from '../../src/platform/postgres/migrate.ts';
import { prepareCluster, prismaFolder } from './cluster.ts';
import { describeHowToGet } from './external-tools.ts';
import { runSql, withDatabase } from './sql.ts';
import { startSystemPostgres } from './start-system-postgres.ts';

const templateName = 'paperround_template';

export type PostgresServer = {
  /** Of a database for administration; tests never write to it. */
  adminUrl: string;
  templateName: string;
  stop: () => Promise<void>;
};

/**
 * The one from npm, or with `TEST_POSTGRES=system` this machine's own, whose program's path is given. It also ends with this
 * process, kill -9 excepted.
 */
export async function startPostgres(systemProgram: string | null): Promise<PostgresServer> {
  const server = await (process.env.TEST_POSTGRES === 'system'
    ? startSystem(systemProgram)
    : startEmbedded());
  try {
    await takeForeignTime(server.adminUrl, process.env);
    const migrated = new URL(server.adminUrl).pathname.slice(1);
    await runSql(
      withDatabase(server.adminUrl, 'postgres'),
      `CREATE DATABASE ${templateName} TEMPLATE ${migrated}`,
    );
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...server, templateName };
}

type MigratedServer = Omit<PostgresServer, 'templateName'>;

/** In the system's temporary folder. */
async function startEmbedded(): Promise<MigratedServer> {
  // Not below the project: when root runs the tests, the server runs as another user, who may not enter that.
  const folder = mkdtempSync(join(tmpdir(), 'paperround-postgres-'));
  chmodSync(folder, 0o755);
  const cluster = join(folder, 'cluster');
  await prepareCluster(cluster);
  const server = await startEmbeddedPostgres({ folder: cluster, log: () => {} });
  const dataFolder = join(cluster, 'data');
  const stopNow = () => {
    stopWithoutWaiting(dataFolder);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stopNow);
  return {
    adminUrl: server.databaseUrl,
    async stop() {
      process.off('exit', stopNow);
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startSystem(program: string | null): Promise<MigratedServer> {
  if (program === null)
    throw new Error(`TEST_POSTGRES=system: there is none here. ${describeHowToGet('postgres')}`);
  const { adminUrl, port, stop } = await startSystemPostgres(program);
  try {
    const [role, password] = ['paperround', 'of-the-tests'];
    await runSql(
      adminUrl,
      `CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${password}'`,
      `CREATE DATABASE ${role} OWNER ${role}`,
    );
    const databaseUrl = `postgresql://${role}:${password}@127.0.0.1:${port}/${role}`;
    await applyMigrations({ databaseUrl, folder: join(prismaFolder, 'migrations') });
    return { adminUrl: databaseUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
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
